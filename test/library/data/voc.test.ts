import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { readAnnotation } from '../../../src/library/data/voc/annotation.js';
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

it('reads boxes of objects, and not those of their parts', () => {
  expect(readAnnotation(xml([object('person', [11, 1, 60, 50], 1, head)]))).toEqual({
    width: 100,
    height: 50,
    objects: [{ class: 'person', box: [10, 0, 60, 50], difficult: true, truncated: true }],
  });
});

it('says what is wrong with an annotation', () => {
  expect(() => readAnnotation('<annotation><size>')).toThrow('is not well-formed');
  expect(() => readAnnotation('<annotation></annotation>')).toThrow('has no width');
  expect(() => readAnnotation(xml([object('cat', [11, 1, 10, 50])]))).toThrow(
    'has the box 10, 0, 10, 50 of a cat in an image of 100 x 50',
  );
  expect(() => readAnnotation(xml([object('cat', [1, 1, 140, 50])]))).toThrow('has the box');
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
    check: 'layout',
    ...changed,
  };
  const context = contextOf(params);
  await voc(context);
  const boxes = JSON.parse(readFileSync(join(context.out, 'boxes.json'), 'utf8'));
  return { images: openImages(artifactOf(context.out, 'Images')), boxes };
}

it('reads the official lists, and puts boxes where the square image has them', async () => {
  const { root } = await makeVoc('2007', { train: ['000001'], val: ['000005'], test: ['000009'] });
  const { images, boxes } = await read(root);
  expect(images.items).toEqual(
    ['train', 'validation', 'test'].map((split, at) => ({
      name: `2007/00000${1 + 4 * at}`,
      split,
      attributes: { class: 'cat', year: '2007' },
    })),
  );
  expect(boxes).toMatchObject({ format: 'ssp-boxes', version: 1, size: 20 });
  expect(boxes.classes).toHaveLength(20);
  expect(boxes.boxes).toHaveLength(3);
  expect(boxes.boxes[0]).toEqual([
    { class: 11, box: [0, 0, 4, 8], difficult: false, truncated: true },
    { class: 6, box: [0, 0, 20, 20], difficult: true, truncated: true },
    { class: 7, box: [10, 10, 20, 20], difficult: false, truncated: true },
  ]);
  const barred = await read(root, { fit: 'contain' });
  expect(barred.boxes.boxes[0][2].box).toEqual([10, 10, 20, 15]);
  await expect(read(root, { check: 'published' })).rejects.toThrow(
    'train.txt names 1 images; published are 2501',
  );
});

it('names what is missing or does not fit', async () => {
  const { root, folder } = await makeVoc('2007', { train: ['000001'] });
  await expect(read(root, { year: '2007+2012' })).rejects.toThrow(
    'has neither VOCdevkit/VOC2012 nor VOC2012 with JPEGImages',
  );
  const annotation = join(folder, 'Annotations/000001.xml');
  writeFileSync(annotation, xml([object('cat', [1, 1, 20, 20])], 90));
  await expect(read(root)).rejects.toThrow('000001.jpg is 100 x 50; its annotation says 90 x 50');
  writeFileSync(annotation, xml([object('unicorn', [1, 1, 20, 20])]));
  await expect(read(root)).rejects.toThrow('000001.xml has a unicorn, none of the 20 classes');
  writeFileSync(annotation, xml([]));
  await expect(read(root)).rejects.toThrow('000001.xml has no object');
  rmSync(annotation);
  await expect(read(root)).rejects.toThrow('has no Annotations/000001.xml, which a list names');
});
