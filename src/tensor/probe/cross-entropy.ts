import {
  type FloatOps,
  type FloatTensor,
  floatProduct,
  inFloats,
  type Precision,
} from '../floats.js';
import type { Objective } from './objective.js';
import { softmaxLosses } from './softmax-losses.js';

/** What a linear classifier is fitted to. */
export interface LogisticData {
  /** Features (n, d), row by row. */
  readonly x: Float64Array;
  /** Length d of the features. */
  readonly d: number;
  /** (n), 0 to k - 1. */
  readonly labels: Int32Array;
  /** Number of classes k. */
  readonly classes: number;
}

/** The data of a regression in one precision. */
export interface CrossEntropy {
  readonly precision: Precision;
  /** (n, d + 1), the last column ones. */
  readonly rows: FloatTensor;
  /** Parts of the rows in their order, whose logits are in memory one after another. */
  readonly parts: readonly FloatTensor[];
  /** `mean cross-entropy + penalty / 2 * |weight|²` of weights and bias (d + 1, k). */
  readonly withPenalty: (penalty: number) => Objective;
}

/** The data where TensorFlow runs, as long as `ops` lives; `most` rows are seen at once. */
export function crossEntropyOf(
  ops: FloatOps,
  precision: Precision,
  { x, d, labels, classes: k }: LogisticData,
  most: number,
): CrossEntropy {
  const n = labels.length;
  const ones = withOnes(x, d);
  const { of } = ops.as(precision);
  const rows = of(ones, n, d + 1);
  const blocks = Array.from({ length: Math.ceil(n / most) }, (_, number) => {
    const [from, to] = [number * most, Math.min(n, (number + 1) * most)];
    const seen = ones.subarray(from * (d + 1), to * (d + 1));
    return {
      rows: n <= most ? rows : of(seen, to - from, d + 1),
      targets: of(oneHot(labels.subarray(from, to), k), to - from, k),
    };
  });
  const withPenalty = (penalty: number) => (theta: Float64Array) => {
    const gradient = new Float64Array((d + 1) * k);
    let loss = 0;
    for (const block of blocks) {
      inFloats(precision, (step) => {
        const logits = floatProduct(step, block.rows, step.of(theta, d + 1, k));
        const [losses, residuals] = softmaxLosses(step, logits, block.targets, k);
        // (k, d + 1): to turn the few residuals and not the rows takes half the time.
        const part = step.read(floatProduct(step, residuals, block.rows, { ofColumns: true }));
        addTurned(gradient, part, k);
        for (const value of step.read(losses)) loss += value;
      });
    }
    let squares = 0;
    for (let i = 0; i < gradient.length; i++) {
      const w = i < d * k ? (theta[i] ?? 0) : 0;
      squares += w * w;
      gradient[i] = (gradient[i] ?? 0) / n + penalty * w;
    }
    return { value: loss / n + (penalty / 2) * squares, gradient };
  };
  return { precision, rows, parts: blocks.map((block) => block.rows), withPenalty };
}

/** Adds a matrix to one of k columns that is its transpose. */
function addTurned(sum: Float64Array, part: Float64Array, k: number): void {
  const size = part.length / k;
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < size; j++) {
      const at = j * k + c;
      sum[at] = (sum[at] ?? 0) + (part[c * size + j] ?? 0);
    }
  }
}

/** (n, d + 1): each row with a one behind it, so that the bias is a weight like the others. */
export function withOnes(x: Float64Array, d: number): Float64Array {
  const n = x.length / d;
  const rows = new Float64Array(n * (d + 1)).fill(1);
  for (let i = 0; i < n; i++) rows.set(x.subarray(i * d, (i + 1) * d), i * (d + 1));
  return rows;
}

/** (n, k): a row with a one at its label each. */
export function oneHot(labels: Int32Array, k: number): Float64Array {
  const rows = new Float64Array(labels.length * k);
  labels.forEach((label, i) => {
    rows[i * k + label] = 1;
  });
  return rows;
}
