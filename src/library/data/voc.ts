import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { type BoxedImage, writeBoxes } from '../artifact/boxes.js';
import { factsOfReading } from '../artifact/facts.js';
import { noClass } from '../artifact/no-class.js';
import { implement } from '../implement.js';
import { badClassList, classesOfList } from './class-list.js';
import type { DecodedImage, DecodeOptions } from './decode/decoded.js';
import { place } from './decode/place.js';
import { damaged, malformed, type PublishedSet, requireFolder } from './published/published-set.js';
import type { Annotation } from './voc/annotation.js';
import { imageSetPath, readImageSet, readVocImage, type VocImage } from './voc/voc-folder.js';
import { isMoreThan, shareFor, writeDecoded } from './write-decoded.js';

const set: PublishedSet = {
  source: {
    name: 'PASCAL VOC',
    version: '2007 and 2012',
    license: 'LicenseRef-flickr-terms-of-use',
    author: 'Mark Everingham, Luc Van Gool, Christopher Williams, John Winn, Andrew Zisserman',
  },
  archive: 'VOCtrainval_06-Nov-2007.tar, VOCtest_06-Nov-2007.tar and VOCtrainval_11-May-2012.tar',
  folder: 'VOCdevkit',
  page: 'http://host.robots.ox.ac.uk/pascal/VOC/',
  files: [],
};

const published: readonly string[] = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'],
  ...['diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'],
  ...['train', 'tvmonitor'],
];

/** The lists of each year that have annotations, the split that they are here, and how many images are published. */
const lists = {
  '2007': [
    ['train', 'train', 2501],
    ['val', 'validation', 2510],
    ['test', 'test', 4952],
  ],
  '2012': [
    ['train', 'train', 5717],
    ['val', 'validation', 5823],
  ],
} as const;

/** An image of one of the lists. */
interface Listed extends VocImage {
  readonly split: string;
  readonly year: string;
}

/** `std.data.voc`: photographs with boxes around objects of 20 classes. */
export const run = implement('std.data.voc', async (context) => {
  const { root, year, size, fit, decode, classes: list, skip, check } = context.params;
  requireFolder(root, set);
  const classes = list === null ? published : namedIn(list);
  const numbers = new Map(classes.map((name, at) => [name, at]));
  const years = year === '2007+2012' ? (['2007', '2012'] as const) : [year];
  const images = years.flatMap((one) => {
    const folder = folderOf(root, one, years.length === 1);
    return imagesOf(folder, one, numbers, check === 'published');
  });
  refuseFaults(images, skip);
  const items = images.map(({ name, split, year, annotation }) => ({
    name: `${year}/${name}`,
    split,
    attributes: { class: mainClass(annotation), year },
  }));
  const known = new Set(items.map(({ attributes }) => attributes.class));
  const written = await writeDecoded(
    {
      size,
      items,
      values: {
        class: [...classes, noClass].filter((name) => known.has(name)),
        year: years,
      },
      sources: [set.source],
    },
    images.map(({ path }) => ({ path, start: 0, length: statSync(path).size })),
    { fit, decode, background: [255, 255, 255], skip },
    context,
    (index, image) => faultOf(images[index]?.annotation, image),
  );
  const left = new Set([...written.skipped.values()].flat());
  const boxed = images.flatMap(({ annotation }, index) =>
    left.has(index) || 'fault' in annotation
      ? []
      : [boxedImage(annotation, numbers, { size, fit })],
  );
  writeBoxes(join(context.out, 'boxes.json'), { classes, images: boxed });
  remarkEmpty(boxed, context.remark);
  return { facts: factsOfReading(written) };
});

/** The classes of a list; images without an object are of none, which is a name that no class can have. */
function namedIn(list: string): readonly string[] {
  const classes = classesOfList(list);
  if (!classes.includes(noClass)) return classes;
  throw badClassList(list, [
    `it names \`${noClass}\`, which images without an object are: call the class otherwise, also in Annotations`,
  ]);
}

/** The folder of a year; where there is one year, it may be the root itself. */
function folderOf(root: string, year: string, alone: boolean): string {
  const places = [join(root, 'VOCdevkit', `VOC${year}`), join(root, `VOC${year}`)];
  const found = [...places, ...(alone ? [root] : [])].find((at) =>
    existsSync(join(at, 'JPEGImages')),
  );
  if (found !== undefined) return found;
  throw missing(root, `neither VOCdevkit/VOC${year} nor VOC${year} with JPEGImages`);
}

function imagesOf(
  folder: string,
  year: keyof typeof lists,
  classes: ReadonlyMap<string, number>,
  isPublished: boolean,
): readonly Listed[] {
  const lost = (file: string): Error => missing(folder, `no ${file}, which a list names`);
  const listed = new Map<string, string>();
  const images = lists[year].flatMap(([list, split, count]) => {
    const names = readImageSet(folder, list);
    if (names === undefined && isPublished) throw missing(folder, `no ImageSets/Main/${list}.txt`);
    if (names === undefined) return [];
    if (isPublished && names.length !== count) {
      const what = `names ${names.length} images; published are ${count}`;
      throw damaged(imageSetPath(folder, list), what, set);
    }
    for (const name of names) {
      const before = listed.get(name);
      if (before !== undefined)
        throw malformed(imageSetPath(folder, list), twice(name, before), set);
      listed.set(name, list);
    }
    return names.map((name) => ({
      ...readVocImage(folder, name, classes, lost),
      split,
      year,
    }));
  });
  if (images.length > 0) return images;
  throw missing(folder, 'no image in the lists of ImageSets/Main');
}

const twice = (name: string, list: string): string =>
  `names ${name}, which ${list}.txt names already: an image is in one split, once`;

/** Fails before anything is decoded where more annotations are wrong than may be left out. */
function refuseFaults(images: readonly Listed[], skip: number): void {
  const faults = images.flatMap(({ annotation }) =>
    'fault' in annotation ? [annotation.fault] : [],
  );
  if (!isMoreThan(faults.length, skip, images.length)) return;
  const lines = faults.slice(0, 10).map((fault) => `\n  ${fault}`);
  const more = faults.length > lines.length ? `\n  and ${faults.length - lines.length} more` : '';
  const count = faults.length === 1 ? '1 annotation' : `${faults.length} annotations`;
  throw new SspError(
    'bad-annotations',
    `${count} of ${images.length} cannot be taken:${lines.join('')}${more}`,
    {
      help: `mend them, take their images out of ImageSets/Main, or let some be left out: \`skip: ${shareFor(faults.length, images.length)}\``,
    },
  );
}

/** What is wrong with the annotation of an image that could be read. */
function faultOf(
  annotation: VocImage['annotation'] | undefined,
  { width, height }: DecodedImage,
): string | undefined {
  if (annotation === undefined) return undefined;
  if ('fault' in annotation) return `has an annotation that cannot be taken: ${annotation.fault}`;
  if (width === annotation.width && height === annotation.height) return undefined;
  return `is ${width} x ${height}; its annotation says ${annotation.width} x ${annotation.height}`;
}

function boxedImage(
  { width, height, objects }: Annotation,
  classes: ReadonlyMap<string, number>,
  square: Pick<DecodeOptions, 'size' | 'fit'>,
): BoxedImage {
  const { x, y } = place(width, height, square);
  return {
    width,
    height,
    place: [x.start, y.start, x.start + x.length, y.start + y.length],
    objects: objects.map(({ class: name, box, difficult, truncated }) => ({
      class: classes.get(name) ?? -1,
      box,
      difficult,
      truncated,
    })),
  };
}

function remarkEmpty(images: readonly BoxedImage[], remark: (text: string) => void): void {
  const none = images.filter(({ objects }) => objects.length === 0).length;
  if (none === 0) return;
  const are = none === 1 ? '1 image has' : `${none} images have`;
  remark(
    `${are} no object, so class \`${noClass}\`; a detector counts what it finds there as wrong`,
  );
}

/** The class of the largest object that is not difficult; of the largest, if all are. */
function mainClass(annotation: VocImage['annotation']): string {
  if ('fault' in annotation) return noClass;
  const { objects } = annotation;
  const easy = objects.filter(({ difficult }) => !difficult);
  const area = ({ box: [left, top, right, bottom] }: Annotation['objects'][number]): number =>
    (right - left) * (bottom - top);
  const [largest] = (easy.length > 0 ? easy : [...objects]).sort((a, b) => area(b) - area(a));
  return largest?.class ?? noClass;
}

const missing = (folder: string, what: string): SspError =>
  new SspError('data-missing', `${folder} has ${what}`, {
    help: `expected what ${set.archive} of ${set.page} unpack to: VOCdevkit/VOC2007 with JPEGImages, Annotations and ImageSets`,
  });
