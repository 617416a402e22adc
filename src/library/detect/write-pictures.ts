import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { writeNpy } from '../../base/files/npy.js';
import { averagedDown } from '../artifact/averaged-down.js';
import { type Box, type BoxedImage, inSquare } from '../artifact/boxes.js';
import { choosePictures } from './choose-pictures.js';
import type { JudgedImage } from './judge-images.js';
import { boxedAt, type Setting } from './setting.js';

/** Pixels that a picture is at most high and wide. */
const edge = 192;

/** The rows, and what their pictures are of. */
const rows = [
  ['best', 'found'],
  ['worst', 'found'],
  ['missed', 'objects'],
] as const;

/** Boxes with a lower score are drawn only where a picture is of them; so many at most. */
const least = 0.5;
const most = 8;

/**
 * Writes what people look at to judge a detector: `pictures.npy`, uint8 (k, h, w, 3), the stored squares of
 * some images, and `pictures.json`, what is in each, in three rows: the first of what was found in the best and
 * the worst, and the first of the objects in the missed, is what the picture is of. Images above 192 px
 * are averaged down by a whole number; boxes are in pixels of the picture.
 */
export function writePictures(
  out: string,
  setting: Setting,
  asked: Int32Array,
  judged: readonly JudgedImage[],
): void {
  const choices = choosePictures(judged);
  const { images, boxes } = setting;
  const factor = Math.ceil(images.size / edge);
  const size = Math.floor(images.size / factor);
  const all = rows.flatMap(([name]) => choices[name]);
  const data = new Uint8Array(all.length * size * size * 3);
  all.forEach(({ image }, at) => {
    const pixels = images.image(asked[image] ?? -1);
    data.set(averagedDown(pixels, images.size, factor), at * size * size * 3);
  });
  const lines = rows.map(([name, of]) => {
    const pictures = choices[name].map(({ image, at }) => {
      const index = asked[image] ?? -1;
      const { found, objects } = judged[image] ?? { found: [], objects: [] };
      const drawn =
        of === 'found'
          ? { found: firstOf(found, at), objects }
          : { found, objects: firstOf(objects, at) };
      const about = { name: images.item(index).name, boxed: boxedAt(boxes, index) };
      const kept = drawn.found.filter(
        ({ score }, place) => score >= least || (of === 'found' && place === 0),
      );
      const shown = { ...drawn, found: kept };
      return JSON.stringify(pictureOf(about, boxes.classes, { factor, size }, shown));
    });
    const row = JSON.stringify({ name, of });
    return `${row.slice(0, -1)},"pictures":[\n${pictures.join(',\n')}\n]}`;
  });
  writeNpy(join(out, 'pictures.npy'), { shape: [all.length, size, size, 3], data });
  const head = JSON.stringify({ format: 'ssp-detection-pictures', version: 1, least });
  writeFileSync(
    join(out, 'pictures.json'),
    `${head.slice(0, -1)},"rows":[\n${lines.join(',\n')}\n]}\n`,
  );
}

/** The one that a picture is of before the others. */
const firstOf = <T>(list: readonly T[], at: number): readonly T[] => [
  ...list.slice(at, at + 1),
  ...list.slice(0, at),
  ...list.slice(at + 1),
];

function pictureOf(
  { name, boxed }: { readonly name: string; readonly boxed: BoxedImage },
  classes: readonly string[],
  { factor, size }: { readonly factor: number; readonly size: number },
  { found, objects }: JudgedImage,
): Json {
  const inPicture = (box: Box) => rounded(inSquare(boxed, box), factor);
  return {
    image: name,
    place: placeOf(boxed, factor, size),
    found: found.slice(0, most).map(({ class: number, score, overlap, verdict, box }) => ({
      class: classes[number] ?? '',
      score: share(score),
      overlap: share(overlap),
      verdict,
      box: inPicture(box),
    })),
    objects: objects.map(({ class: number, difficult, found: isFound, overlap, box }) => ({
      class: classes[number] ?? '',
      difficult,
      found: isFound,
      overlap: share(overlap),
      box: inPicture(box),
    })),
    more: Math.max(0, found.length - most),
  };
}

const share = (value: number): number => Number(value.toFixed(4));

/** A box in pixels of the picture, with one decimal. */
const rounded = (box: Box, factor: number): readonly number[] =>
  box.map((side) => Number((side / factor).toFixed(1)));

/** The part of a picture that shows the file, in whole pixels, one at least. */
function placeOf({ place }: BoxedImage, factor: number, size: number): readonly number[] {
  const [left, top, right, bottom] = place;
  const [x, y] = [Math.floor(left / factor), Math.floor(top / factor)];
  const end = (side: number, from: number): number =>
    Math.min(size, Math.max(from + 1, Math.ceil(side / factor)));
  return [x, y, end(right, x), end(bottom, y)];
}
