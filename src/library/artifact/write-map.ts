import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '../../base/files/npy.js';
import { averagedDown } from './averaged-down.js';
import type { Images } from './images.js';

/** Pixels that an image of a map is at most high and wide, and images that are read at once. */
const edge = 32;
const atOnce = 256;

/**
 * Writes what a map is drawn from: `map.npy`, float32 places (n, 2); `map.json`, names and labels of its images, and
 * `thumbnails.npy`, uint8 (n, h, w, 3), which are the same for every map of these images.
 */
export async function writeMap(
  folder: string,
  images: Images,
  indices: Int32Array,
  labels: {
    readonly label: string;
    readonly values: readonly string[];
    readonly numbers: Int32Array;
  },
  places: Float64Array,
): Promise<void> {
  const n = indices.length;
  writeNpy(join(folder, 'map.npy'), { shape: [n, 2], data: Float32Array.from(places) });
  const { label, values, numbers } = labels;
  const items = Array.from(indices, (index) => [images.item(index).name, numbers[index] ?? -1]);
  const lines = items.map((item) => JSON.stringify(item)).join(',\n');
  const head = `"label":${JSON.stringify(label)},"values":${JSON.stringify(values)}`;
  writeFileSync(join(folder, 'map.json'), `{${head},"images":[\n${lines}\n]}\n`);
  const { size } = images;
  const factor = Math.ceil(size / edge);
  const side = Math.floor(size / factor);
  const data = new Uint8Array(n * side * side * 3);
  for (let from = 0; from < n; from += atOnce) {
    const some = indices.subarray(from, from + atOnce);
    const pixels = await images.fetch(some);
    for (const place of some.keys()) {
      const image = pixels.subarray(place * size * size * 3, (place + 1) * size * size * 3);
      data.set(averagedDown(image, size, factor), (from + place) * side * side * 3);
    }
  }
  writeNpy(join(folder, 'thumbnails.npy'), { shape: [n, side, side, 3], data });
}
