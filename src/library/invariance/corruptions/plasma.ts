import type { Rng } from '../../../tensor/rng.js';

/**
 * Clouds (size, size) from 0 to 1 by the diamond-square algorithm, as `plasma_fractal` of ImageNet-C has
 * it: on a square of the next power of two, its numbers drawn in the same order.
 */
export function plasma(size: number, decay: number, rng: Pick<Rng, 'uniform'>): Float64Array {
  const whole = 2 ** Math.ceil(Math.log2(Math.max(size, 2)));
  const map = new Float64Array(whole * whole);
  const at = (row: number, column: number): number =>
    map[((row + whole) % whole) * whole + ((column + whole) % whole)] ?? 0;
  let wibble = 100;
  /** Sets places a step apart, from an offset, to a mean of four and a random part. */
  const fill = (
    step: number,
    [top, left]: readonly [number, number],
    sum: (row: number, column: number) => number,
  ): void => {
    const sums: [index: number, value: number][] = [];
    for (let row = top; row < whole; row += step) {
      for (let column = left; column < whole; column += step) {
        const random = wibble * (2 * rng.uniform() - 1) * wibble;
        sums.push([row * whole + column, sum(row, column) / 4 + random]);
      }
    }
    for (const [index, value] of sums) map[index] = value;
  };
  for (let step = whole; step >= 2; step /= 2) {
    const half = step / 2;
    const corners = (row: number, column: number): number =>
      at(row - half, column - half) +
      at(row + half, column - half) +
      at(row - half, column + half) +
      at(row + half, column + half);
    const sides = (row: number, column: number): number =>
      at(row - half, column) +
      at(row + half, column) +
      at(row, column - half) +
      at(row, column + half);
    fill(step, [half, half], corners);
    fill(step, [0, half], sides);
    fill(step, [half, 0], sides);
    wibble /= decay;
  }
  const low = map.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = map.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return Float64Array.from({ length: size * size }, (_, index) => {
    const value = at(Math.floor(index / size), index % size);
    return (value - low) / (high - low);
  });
}
