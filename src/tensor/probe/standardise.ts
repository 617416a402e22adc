/** Mean and deviation of each feature. */
export interface Scaling {
  readonly mean: Float64Array;
  /** Population standard deviation (divided by n); where features are scaled by it, 1 for one that is constant. */
  readonly deviation: Float64Array;
}

/** Mean and deviation of the columns of `x` (n, d), row by row: scikit-learn's `StandardScaler`. */
export function scalingOf(x: Float32Array, d: number): Scaling {
  const { mean, deviation } = momentsOf(x, d);
  for (let j = 0; j < d; j++) {
    const std = deviation[j] ?? 0;
    // A feature that differs by rounding alone is constant: dividing would blow the rounding up.
    deviation[j] = std > 1e-6 * Math.abs(mean[j] ?? 0) ? std : 1;
  }
  return { mean, deviation };
}

/** Mean and population standard deviation of the columns of `x` (n, d), row by row. */
export function momentsOf(x: Float32Array, d: number): Scaling {
  const n = x.length / d;
  const mean = new Float64Array(d);
  const deviation = new Float64Array(d);
  for (let row = 0; row < x.length; row += d) {
    for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (x[row + j] ?? 0) / n;
  }
  for (let row = 0; row < x.length; row += d) {
    for (let j = 0; j < d; j++) {
      const offset = (x[row + j] ?? 0) - (mean[j] ?? 0);
      deviation[j] = (deviation[j] ?? 0) + (offset * offset) / n;
    }
  }
  return { mean, deviation: deviation.map(Math.sqrt) };
}

/** The features, each minus its mean and divided by its deviation. */
export function standardise(x: Float32Array, { mean, deviation }: Scaling): Float64Array {
  const d = mean.length;
  const z = new Float64Array(x.length);
  for (let row = 0; row < z.length; row += d) {
    for (let j = 0; j < d; j++) {
      z[row + j] = ((x[row + j] ?? 0) - (mean[j] ?? 0)) / (deviation[j] ?? 1);
    }
  }
  return z;
}
