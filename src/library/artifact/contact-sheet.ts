import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '../../base/files/npy.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import { averagedDown } from './averaged-down.js';
import type { Images } from './images.js';

/** Pairs in a row, and pixels that an image is at most high and wide. */
const most = 8;
const edge = 64;

/** Some pairs that belong together, by their numbers. */
interface Row {
  readonly name: string;
  readonly pairs: readonly number[];
}

/**
 * Writes what people look at to judge pairs: `sheet.npy`, uint8 (k, 2, h, w, 3), and `sheet.json`, which
 * names its rows. Random pairs; where `similarities` (m) are known, before them the most and the least
 * similar. Images above 64 px are averaged down by a whole number.
 */
export function writeContactSheet(
  folder: string,
  images: Images,
  pairs: Int32Array,
  similarities?: Float32Array,
): void {
  const rows = rowsOf(pairs.length / 2, similarities);
  const factor = Math.ceil(images.size / edge);
  const size = Math.floor(images.size / factor);
  const shown = rows.flatMap((row) => row.pairs);
  const data = new Uint8Array(shown.length * 2 * size * size * 3);
  shown.forEach((pair, at) => {
    for (const side of [0, 1]) {
      const pixels = images.image(pairs[2 * pair + side] ?? -1);
      data.set(averagedDown(pixels, images.size, factor), (2 * at + side) * size * size * 3);
    }
  });
  writeNpy(join(folder, 'sheet.npy'), { shape: [shown.length, 2, size, size, 3], data });
  const described = rows.map(({ name, pairs: numbers }) => ({
    name,
    pairs: numbers,
    ...(similarities && {
      similarities: numbers.map((pair) => Number((similarities[pair] ?? 0).toFixed(4))),
    }),
  }));
  const lines = described.map((row) => JSON.stringify(row)).join(',\n');
  writeFileSync(join(folder, 'sheet.json'), `{"rows":[\n${lines}\n]}\n`);
}

function rowsOf(count: number, similarities: Float32Array | undefined): readonly Row[] {
  const drawn = permutation(createRng(0, 'sheet'), count).subarray(0, most);
  const random = { name: 'random', pairs: [...drawn].sort((a, b) => a - b) };
  if (!similarities) return [random];
  const order = Int32Array.from(similarities.keys()).sort(
    (a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0) || a - b,
  );
  const best = { name: 'most similar', pairs: [...order.subarray(0, most)] };
  const worst = { name: 'least similar', pairs: [...order.subarray(-most)].reverse() };
  return [best, worst, random];
}
