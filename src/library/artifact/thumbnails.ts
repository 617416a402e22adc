import type { Images } from './images.js';

/** Height and width of a thumbnail. */
export const side = 16;

/** Images that are read at once. */
const atOnce = 256;

/**
 * The grey of images in 16 x 16 fields, less its mean: float32 (n, 256), row by row. Two images
 * whose rows point the same way differ in brightness and contrast alone, and in what is smaller than a field.
 */
export function thumbnailsOf(images: Images, indices: Int32Array): Float32Array {
  const { size } = images;
  const rows = new Float32Array(indices.length * side * side);
  const edges = Array.from({ length: side + 1 }, (_, at) => Math.floor((at * size) / side));
  for (let from = 0; from < indices.length; from += atOnce) {
    const some = indices.subarray(from, from + atOnce);
    const pixels = images.pixels(some);
    some.forEach((_, place) => {
      const image = pixels.subarray(place * size * size * 3, (place + 1) * size * size * 3);
      const row = rows.subarray((from + place) * side * side, (from + place + 1) * side * side);
      fill(row, image, size, edges);
    });
  }
  return rows;
}

/** The least that a field of pixels of whole levels can differ from the mean is far more; rounding is far less. */
const leastDifference = 1e-7;

function fill(row: Float32Array, image: Uint8Array, size: number, edges: readonly number[]): void {
  const fields = new Float64Array(row.length);
  let sum = 0;
  for (let y = 0; y < side; y++) {
    const [top, bottom] = between(edges, y);
    for (let x = 0; x < side; x++) {
      const [left, right] = between(edges, x);
      let grey = 0;
      for (let v = top; v < bottom; v++) {
        for (let at = 3 * (v * size + left); at < 3 * (v * size + right); at++) {
          grey += image[at] ?? 0;
        }
      }
      const mean = grey / (3 * (bottom - top) * (right - left));
      fields[y * side + x] = mean;
      sum += mean;
    }
  }
  const mean = sum / row.length;
  for (let at = 0; at < row.length; at++) {
    const difference = (fields[at] ?? 0) - mean;
    row[at] = Math.abs(difference) < leastDifference ? 0 : difference;
  }
}

/** The pixels of a field: at least one, also where an image has fewer than 16. */
function between(edges: readonly number[], field: number): readonly [number, number] {
  const from = edges[field] ?? 0;
  return [from, Math.max(from + 1, edges[field + 1] ?? 0)];
}
