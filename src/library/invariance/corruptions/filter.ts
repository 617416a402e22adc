/** Pixels beyond the border: `edge` repeats the last one, `reflect` mirrors about it. */
export type Border = 'edge' | 'reflect';

function placeOf(at: number, size: number, border: Border): number {
  if (at >= 0 && at < size) return at;
  if (border === 'edge' || size === 1) return at < 0 ? 0 : size - 1;
  const period = 2 * (size - 1);
  const within = ((at % period) + period) % period;
  return within < size ? within : period - within;
}

/** A square of values (size, size, channels). */
export interface Square {
  readonly values: Float64Array;
  readonly size: number;
  readonly channels: number;
}

/** The sums of a window (reach to each side) over a square, weighted. */
export function correlated(
  { values, size, channels }: Square,
  kernel: { readonly weights: Float64Array; readonly rows: number; readonly columns: number },
  border: Border,
): Float64Array {
  const { weights, rows, columns } = kernel;
  const made = new Float64Array(values.length);
  const [above, before] = [(rows - 1) / 2, (columns - 1) / 2];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let r = 0; r < rows; r++) {
        const from = placeOf(row + r - above, size, border) * size;
        for (let c = 0; c < columns; c++) {
          const weight = weights[r * columns + c] ?? 0;
          if (weight === 0) continue;
          const source = (from + placeOf(column + c - before, size, border)) * channels;
          const target = (row * size + column) * channels;
          for (let channel = 0; channel < channels; channel++) {
            made[target + channel] =
              (made[target + channel] ?? 0) + weight * (values[source + channel] ?? 0);
          }
        }
      }
    }
  }
  return made;
}

/** Weights of a Gaussian that reaches so many pixels to each side; their sum is 1. */
export function gaussianWeights(sigma: number, reach: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Blurred by a Gaussian, down the columns and along the rows. */
export function gaussianFilter(
  square: Square,
  sigma: number,
  { reach, border }: { readonly reach: number; readonly border: Border },
): Float64Array {
  const weights = gaussianWeights(sigma, reach);
  const { length } = weights;
  const down = correlated(square, { weights, rows: length, columns: 1 }, border);
  return correlated({ ...square, values: down }, { weights, rows: 1, columns: length }, border);
}
