import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { factsOfReading } from '../artifact/facts.js';
import { implement } from '../implement.js';
import { damaged, malformed, type PublishedSet } from './published/published-set.js';
import { type Annotation, readAnnotation } from './voc/annotation.js';
import { writeBoxes } from './voc/boxes-file.js';
import { writeDecoded } from './write-decoded.js';

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

const classes: readonly string[] = [
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

interface VocImage {
  readonly name: string;
  readonly split: string;
  readonly year: string;
  readonly path: string;
  readonly annotation: Annotation;
}

/** `std.data.voc`: photographs with boxes around objects of 20 classes. */
export const run = implement('std.data.voc', async (context) => {
  const { root, year, size, fit, decode, check } = context.params;
  const years = year === '2007+2012' ? (['2007', '2012'] as const) : [year];
  const images = years.flatMap((one) => {
    const folder = folderOf(root, one, years.length === 1);
    return imagesOf(folder, one, check === 'published');
  });
  const items = images.map(({ name, split, year, annotation }) => ({
    name,
    split,
    attributes: { class: mainClass(annotation), year },
  }));
  const known = new Set(items.map(({ attributes }) => attributes.class));
  const written = await writeDecoded(
    {
      size,
      items,
      values: { class: classes.filter((name) => known.has(name)), year: years },
      sources: [set.source],
    },
    images.map(({ path }) => ({ path, start: 0, length: statSync(path).size })),
    { fit, decode, background: [255, 255, 255], skip: 0 },
    context,
    (index, { width, height }) => {
      const { path, annotation } = images[index] ?? {};
      if (width === annotation?.width && height === annotation.height) return;
      const said = `${annotation?.width} x ${annotation?.height}`;
      throw malformed(path ?? '', `is ${width} x ${height}; its annotation says ${said}`, set);
    },
  );
  const annotations = images.map(({ annotation }) => annotation);
  writeBoxes(join(context.out, 'boxes.json'), classes, annotations, { size, fit });
  return { facts: factsOfReading(written) };
});

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
  published: boolean,
): readonly VocImage[] {
  const images = lists[year].flatMap(([list, split, count]) => {
    const path = join(folder, 'ImageSets/Main', `${list}.txt`);
    if (!existsSync(path)) {
      if (published) throw missing(folder, `no ImageSets/Main/${list}.txt`);
      return [];
    }
    const names = readFileSync(path, 'utf8').split(/\s+/).filter(Boolean);
    if (published && names.length !== count) {
      throw damaged(path, `names ${names.length} images; published are ${count}`, set);
    }
    return names.map((name) => imageOf(folder, year, split, name));
  });
  if (images.length > 0) return images;
  throw missing(folder, 'no image in the lists of ImageSets/Main');
}

function imageOf(folder: string, year: string, split: string, name: string): VocImage {
  const path = join(folder, 'JPEGImages', `${name}.jpg`);
  const xml = join(folder, 'Annotations', `${name}.xml`);
  for (const file of [path, xml]) {
    if (!existsSync(file))
      throw missing(folder, `no ${file.slice(folder.length + 1)}, which a list names`);
  }
  let annotation: Annotation;
  try {
    annotation = readAnnotation(readFileSync(xml, 'utf8'));
  } catch (error) {
    throw malformed(xml, error instanceof Error ? error.message : String(error), set);
  }
  const other = annotation.objects.find((object) => !classes.includes(object.class));
  if (other !== undefined)
    throw malformed(xml, `has a ${other.class}, none of the 20 classes`, set);
  if (annotation.objects.length === 0) throw malformed(xml, 'has no object', set);
  return { name: `${year}/${name}`, split, year, path, annotation };
}

/** The class of the largest object that is not difficult; of the largest, if all are. */
function mainClass({ objects }: Annotation): string {
  const easy = objects.filter(({ difficult }) => !difficult);
  const area = ({ box: [left, top, right, bottom] }: Annotation['objects'][number]): number =>
    (right - left) * (bottom - top);
  const [largest] = (easy.length > 0 ? easy : [...objects]).sort((a, b) => area(b) - area(a));
  return largest?.class ?? '';
}

const missing = (folder: string, what: string): SspError =>
  new SspError('data-missing', `${folder} has ${what}`, {
    help: `expected what ${set.archive} of ${set.page} unpack to: VOCdevkit/VOC2007 with JPEGImages, Annotations and ImageSets`,
  });
