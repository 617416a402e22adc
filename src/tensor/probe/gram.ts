import { type FloatOps, type FloatTensor, floatProduct } from '../floats.js';

/** Numbers of features (rows x d) that are in float64 at once: 128 MiB. */
const atOnce = 2 ** 24;

/** Means (d) of the columns of features (n, d). */
export function columnMeans(features: Float32Array | Float64Array, d: number): Float64Array {
  const sums = new Float64Array(d);
  for (let i = 0; i < features.length; i++) sums[i % d] = (sums[i % d] ?? 0) + (features[i] ?? 0);
  return sums.map((sum) => (sum * d) / features.length);
}

/** Features (n, d), each column minus a number of `from` (d), as float64. */
export function minus(features: Float32Array | Float64Array, from: Float64Array): Float64Array {
  const d = from.length;
  return Float64Array.from(features, (value, i) => value - (from[i % d] ?? 0));
}

/** One of two matrices of as many rows (n, d), row by row, and what is taken from each of its columns (d). */
export interface Columns {
  readonly features: Float32Array;
  readonly from: Float64Array;
}

/** `xᵀ y` (d, e) in float64, of rows in blocks: beside the features memory does not grow with n. */
export function gram(ops: FloatOps, x: Columns, y: Columns): FloatTensor {
  const [d, e] = [x.from.length, y.from.length];
  const n = x.features.length / d;
  const rows = Math.max(1, Math.floor(atOnce / Math.max(d, e)));
  let sum: FloatTensor | undefined;
  for (let start = 0; start < n; start += rows) {
    const end = Math.min(n, start + rows);
    const part = ({ features, from }: Columns) => {
      const width = from.length;
      return ops.of(minus(features.subarray(start * width, end * width), from), end - start, width);
    };
    const left = part(x);
    const product = floatProduct(ops, left, x === y ? left : part(y), { ofColumns: true });
    sum = sum ? ops.run('AddV2', [sum, product]) : product;
  }
  return sum ?? ops.of(new Float64Array(d * e), d, e);
}
