import { writeFileSync } from 'node:fs';
import type { DecodeOptions } from '../decode/decoded.js';
import { place } from '../decode/place.js';
import type { Annotation } from './annotation.js';

/**
 * Writes `boxes.json` beside images: for each, in their order, its objects with the number of the
 * class and a box in pixels of the square image, `[left, top, right, bottom]`, the last not included.
 */
export function writeBoxes(
  path: string,
  classes: readonly string[],
  annotations: readonly Annotation[],
  square: Pick<DecodeOptions, 'size' | 'fit'>,
): void {
  const number = new Map(classes.map((name, at) => [name, at]));
  const lines = annotations.map(({ width, height, objects }) => {
    const { x, y } = place(width, height, square);
    return JSON.stringify(
      objects.map(({ class: name, box: [left, top, right, bottom], difficult, truncated }) => ({
        class: number.get(name) ?? -1,
        box: [at(left, x, width), at(top, y, height), at(right, x, width), at(bottom, y, height)],
        difficult,
        truncated,
      })),
    );
  });
  const head = JSON.stringify({ format: 'ssp-boxes', version: 1, size: square.size, classes });
  writeFileSync(path, `${head.slice(0, -1)},"boxes":[\n${lines.join(',\n')}\n]}\n`);
}

/** Where a coordinate comes to lie; a thousandth of a pixel is more than the annotations know. */
const at = (
  value: number,
  axis: { readonly length: number; readonly start: number },
  length: number,
) => Number(((value * axis.length) / length + axis.start).toFixed(3));
