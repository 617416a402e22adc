/** Pixels beyond the border: `edge` repeats the last one, `reflect` mirrors about it, `symmetric` about its rim. */
export type Border = 'edge' | 'reflect' | 'symmetric';

/** The place of the pixel that stands for one that may be beyond the border. */
export function placeOf(at: number, size: number, border: Border): number {
  if (at >= 0 && at < size) return at;
  if (border === 'edge' || size === 1) return at < 0 ? 0 : size - 1;
  const period = border === 'symmetric' ? 2 * size : 2 * (size - 1);
  const within = ((at % period) + period) % period;
  if (within < size) return within;
  return border === 'symmetric' ? period - 1 - within : period - within;
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
  const down = placesIn(rows, size, border);
  const across = placesIn(columns, size, border);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const target = (row * size + column) * channels;
      for (let r = 0; r < rows; r++) {
        const from = (down[row * rows + r] ?? 0) * size;
        for (let c = 0; c < columns; c++) {
          const weight = weights[r * columns + c] ?? 0;
          if (weight === 0) continue;
          const source = (from + (across[column * columns + c] ?? 0)) * channels;
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

/** The places that a window around each place looks at. */
const placesIn = (window: number, size: number, border: Border): Int32Array =>
  Int32Array.from({ length: size * window }, (_, i) =>
    placeOf(Math.floor(i / window) + (i % window) - (window - 1) / 2, size, border),
  );

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
