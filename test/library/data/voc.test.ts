import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { inSquare, openBoxes } from '../../../src/library/artifact/boxes.js';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { AnnotationFault, readAnnotation } from '../../../src/library/data/voc/annotation.js';
import { artifactOf, contextOf, freshFolder } from '../synthetic.js';

// The processes that decode are started from the build.
let voc: typeof import('../../../src/library/data/voc.js')['run'];
beforeAll(async () => {
  const built = new URL('../../../dist/library/data/voc.js', import.meta.url);
  voc = (await import(built.href)).run;
});

const object = (name: string, [a, b, c, d]: readonly number[], difficult = 0, more = ''): string =>
  `<object><name>${name}</name><pose>Left</pose><truncated>1</truncated><difficult>${difficult}</difficult>
   <bndbox><xmin>${a}</xmin><ymin>${b}</ymin><xmax>${c}</xmax><ymax>${d}</ymax></bndbox>${more}</object>`;

const xml = (objects: readonly string[], width = 100, height = 50): string =>
  `<annotation><folder>VOC2007</folder><source><database>The VOC2007 Database</database></source>
   <size><width>${width}</width><height>${height}</height><depth>3</depth></size>${objects.join('')}</annotation>`;

const head =
  '<part><name>head</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></part>';

/** `3: has no width`, or `nothing`. */
function faultIn(text: string): string {
  try {
    readAnnotation(text);
    return 'nothing';
  } catch (error) {
    if (!(error instanceof AnnotationFault)) throw error;
    return `${error.line}: ${error.message}`;
  }
}

it('reads boxes of objects, and not those of their parts', () => {
  expect(readAnnotation(xml([object('person', [11, 1, 60, 50], 1, head)]))).toEqual({
    width: 100,
    height: 50,
    objects: [{ class: 'person', box: [10, 0, 60, 50], difficult: true, truncated: true, line: 2 }],
  });
});

it('says what is wrong with an annotation, and on which line', () => {
  const whole = xml([object('cat', [1, 1, 20, 20]), object('dog', [1, 1, 20, 20])]);
  expect(faultIn(whole)).toBe('nothing');
  expect(faultIn(whole.slice(0, 400))).toBe('3: is not well-formed: Unclosed root tag');
  expect(faultIn('<annotation></annotation>')).toBe('1: has no width');
  expect(faultIn(xml([], Number.NaN))).toBe('2: has "NaN" as width, no number');
  expect(faultIn(xml([object('cat', [1, 1, 2, 2]), object('cat', [11, 1, 10, 50])]))).toBe(
    '4: has a cat from 11, 1 to 10, 50 in an image of 100 x 50, which is nowhere wide or high',
  );
  expect(faultIn(xml([object('cat', [1, 1, 140, 50])]))).toBe(
    '3: has a cat from 1, 1 to 140, 50 in an image of 100 x 50',
  );
  expect(faultIn(xml(['<object><difficult>0</difficult></object>']))).toBe(
    '2: has an object without a name',
  );
});

it.each([
  ['', '1: has no <annotation>'],
  ['<html>not found</html>', '1: is a <html>, no <annotation>'],
  [`${xml([])}\n${xml([])}`, '3: has an <annotation> behind its end'],
  [xml([], 0), '2: has 0 as width, no whole number of pixels'],
  [xml([], -5), '2: has -5 as width, no whole number of pixels'],
  [xml([], 99.5), '2: has 99.5 as width, no whole number of pixels'],
  [xml(['<size><width>9</width></size>']), '2: has more than one width'],
  [
    xml([object('cat', [1, 1, 20, 20]).replace('>20<', '>0x14<')]),
    '3: has "0x14" as bndbox/xmax, no number',
  ],
  [xml([object('cat', [1, 1, 20, 20]).replace('>20<', '><')]), '2: has no bndbox/xmax'],
  [xml([object('cat', [1, 1, 20, 20], 0, '<name>dog</name>')]), '2: has more than one name'],
  [
    xml([object('cat', [1, 1, 20, 20], 0, '<bndbox><xmin>1</xmin></bndbox>')]),
    '3: has more than one bndbox/xmin',
  ],
  [
    xml([object('cat', [1, 1, 20, 20]).replace('<difficult>0', '<difficult>yes')]),
    '2: has "yes" as difficult, neither 0 nor 1',
  ],
  [
    xml([object('cat', [9, 1, 8, 20])]),
    '3: has a cat from 9, 1 to 8, 20 in an image of 100 x 50, which is nowhere wide or high',
  ],
])('takes nothing that is said twice, or in other words: %s', (text, expected) => {
  expect(faultIn(text)).toBe(expected);
});

it('reads texts whole, with comments and CDATA in them', () => {
  const odd = object('cat', [1, 1, 20, 20])
    .replace('>cat<', '><![CDATA[cat]]><')
    .replace('>20<', '>2<!-- and -->0<');
  expect(readAnnotation(xml([odd])).objects).toMatchObject([{ class: 'cat', box: [0, 0, 20, 20] }]);
});

async function makeVoc(year: string, lists: Readonly<Record<string, readonly string[]>>) {
  const root = freshFolder();
  const folder = join(root, 'VOCdevkit', `VOC${year}`);
  for (const name of ['JPEGImages', 'Annotations', 'ImageSets/Main']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const [list, names] of Object.entries(lists)) {
    writeFileSync(join(folder, 'ImageSets/Main', `${list}.txt`), names.join('\n'));
    for (const name of names) {
      const create = { width: 100, height: 50, channels: 3, background: '#4080c0' } as const;
      writeFileSync(
        join(folder, 'JPEGImages', `${name}.jpg`),
        await sharp({ create }).jpeg().toBuffer(),
      );
      writeFileSync(
        join(folder, 'Annotations', `${name}.xml`),
        xml([
          object('dog', [1, 1, 20, 20]),
          object('car', [1, 1, 100, 50], 1),
          object('cat', [51, 26, 100, 50]),
        ]),
      );
    }
  }
  return { root, folder };
}

async function read(root: string, changed: Partial<Parameters<typeof voc>[0]['params']> = {}) {
  const params: Parameters<typeof voc>[0]['params'] = {
    root,
    year: '2007',
    size: 20,
    fit: 'stretch',
    decode: 'exact',
    classes: null,
    skip: 0,
    check: 'layout',
    ...changed,
  };
  const context = contextOf(params);
  await voc(context);
  await checkResult('Images', context.out, 1);
  const artifact = artifactOf(context.out, 'Images');
  const images = openImages(artifact);
  return { images, boxes: openBoxes(artifact, images), remarked: context.remarked };
}

it('reads the official lists, with the boxes of the files and where the square has them', async () => {
  const { root } = await makeVoc('2007', { train: ['000001'], val: ['000005'], test: ['000009'] });
  const { images, boxes } = await read(root);
  expect(images.items).toEqual(
    ['train', 'validation', 'test'].map((split, at) => ({
      name: `2007/00000${1 + 4 * at}`,
      split,
      attributes: { class: 'cat', year: '2007' },
    })),
  );
  expect(boxes.classes).toHaveLength(20);
  expect(boxes.images).toHaveLength(3);
  const objects = [
    { class: 11, box: [0, 0, 20, 20], difficult: false, truncated: true },
    { class: 6, box: [0, 0, 100, 50], difficult: true, truncated: true },
    { class: 7, box: [50, 25, 100, 50], difficult: false, truncated: true },
  ];
  const [stretched] = boxes.images;
  expect(stretched).toEqual({ width: 100, height: 50, place: [0, 0, 20, 20], objects });
  expect(stretched && inSquare(stretched, [50, 25, 100, 50])).toEqual([10, 10, 20, 20]);
  const [barred] = (await read(root, { fit: 'contain' })).boxes.images;
  expect(barred).toEqual({ width: 100, height: 50, place: [0, 5, 20, 15], objects });
  expect(barred && inSquare(barred, [50, 25, 100, 50])).toEqual([10, 10, 20, 15]);
  await expect(read(root, { check: 'published' })).rejects.toThrow(
    'train.txt names 1 images; published are 2501',
  );
});

it('lays images that are whole at the top left, and enlarges none', async () => {
  const { root } = await makeVoc('2007', { train: ['000001'] });
  const small = await read(root, { fit: 'inside' });
  expect(small.boxes.images[0]?.place).toEqual([0, 0, 20, 10]);
  const large = await read(root, { fit: 'inside', size: 120 });
  expect(large.boxes.images[0]?.place).toEqual([0, 0, 100, 50]);
  const pixels = large.images.image(0);
  const at = (x: number, y: number) => [
    ...pixels.subarray(3 * (120 * y + x), 3 * (120 * y + x) + 3),
  ];
  expect(at(99, 49)).toEqual(at(0, 0));
  expect(at(0, 0)).not.toEqual([255, 255, 255]);
  expect([at(100, 49), at(99, 50)]).toEqual([
    [255, 255, 255],
    [255, 255, 255],
  ]);
});

it('names what is missing or does not fit', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['000001'] });
  await expect(read(root, { year: '2007+2012' })).rejects.toThrow(
    'has neither VOCdevkit/VOC2012 nor VOC2012 with JPEGImages',
  );
  const annotation = join(folder, 'Annotations/000001.xml');
  writeFileSync(annotation, xml([object('cat', [1, 1, 20, 20])], 90));
  await expect(read(root)).rejects.toThrow('000001 is 100 x 50; its annotation says 90 x 50');
  writeFileSync(annotation, xml([object('unicorn', [1, 1, 20, 20])]));
  await expect(read(root)).rejects.toThrow(
    'Annotations/000001.xml:2 has a unicorn, none of the 20 classes',
  );
  rmSync(annotation);
  await expect(read(root)).rejects.toThrow('has no Annotations/000001.xml, which a list names');
});

it('leaves out what is wrong only up to the share that is said, and counts it', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['1', '2', '3', '4'], test: ['5'] });
  const annotation = (name: string): string => join(folder, `Annotations/${name}.xml`);
  writeFileSync(annotation('2'), readFileSync(annotation('2'), 'utf8').slice(0, 300));
  writeFileSync(annotation('3'), xml([object('cat', [60, 1, 20, 20])]));
  const none = read(root);
  await expect(none).rejects.toMatchObject({ code: 'bad-annotations' });
  await expect(none).rejects.toThrow(
    '2 annotations of 5 cannot be taken:\n  Annotations/2.xml:3 is not well-formed: Unclosed root tag\n  Annotations/3.xml:3 has a cat from 60, 1 to 20, 20',
  );
  const { images, boxes, remarked } = await read(root, { skip: 0.4 });
  expect(images.items.map(({ name }) => name)).toEqual(['2007/1', '2007/4', '2007/5']);
  expect(boxes.images).toHaveLength(3);
  expect(remarked.join()).toContain('2 of the 5 image files are left out');
});

it('keeps images without an object, and says how many they are', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['1', '2'] });
  writeFileSync(join(folder, 'Annotations/2.xml'), xml([]));
  const { images, boxes, remarked } = await read(root);
  expect(images.attribute('class')).toEqual(['cat', 'unlabelled']);
  expect(boxes.images[1]?.objects).toEqual([]);
  expect(remarked.join()).toContain('1 image has no object');
});

it('reads sets of the same form with classes of their own', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['1'] });
  const classes = join(root, 'classes.txt');
  writeFileSync(classes, 'unicorn\ncat\n');
  await expect(read(root, { classes })).rejects.toThrow('has a dog, none of the 2 classes');
  writeFileSync(join(folder, 'Annotations/1.xml'), xml([object('unicorn', [1, 1, 20, 20])]));
  expect((await read(root, { classes })).boxes).toMatchObject({
    classes: ['unicorn', 'cat'],
    images: [{ objects: [{ class: 0 }] }],
  });
  writeFileSync(classes, 'cat\n\ncat\n');
  await expect(read(root, { classes })).rejects.toThrow('line 3: cat stands on line 1 already');
  writeFileSync(classes, 'unicorn\nunlabelled\n');
  await expect(read(root, { classes })).rejects.toThrow(
    'it names `unlabelled`, which images without an object are',
  );
});

it('reads images that end otherwise or have blanks in their names, and takes a line for one name', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['a b', '2'], val: ['3'] });
  const images = join(folder, 'JPEGImages');
  renameSync(join(images, 'a b.jpg'), join(images, 'a b.JPG'));
  await sharp(join(images, '2.jpg')).png().toFile(join(images, '2.png'));
  rmSync(join(images, '2.jpg'));
  const read3 = await read(root);
  expect(read3.images.items.map(({ name }) => name)).toEqual(['2007/a b', '2007/2', '2007/3']);
  // As lists of one class have them.
  writeFileSync(join(folder, 'ImageSets/Main/val.txt'), '3  1\r\n');
  await expect(read(root)).rejects.toThrow('has no JPEGImages/3  1.jpg, which a list names');
});

it('takes no image twice', async () => {
  const { root } = await makeVoc('2007', { train: ['1', '2'], test: ['2'] });
  await expect(read(root)).rejects.toThrow(
    'test.txt names 2, which train.txt names already: an image is in one split, once',
  );
});
