import {
  type FloatOps,
  type FloatTensor,
  floatProduct,
  inFloats,
  type Precision,
} from '../floats.js';
import type { Evaluation, Objective } from './objective.js';
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

/** Rows (m, d + 1), the last column ones, whose logits are in memory at once, and their targets (m, k). */
export interface Part {
  readonly rows: FloatTensor;
  readonly targets: FloatTensor;
}

/** The data of a regression in one precision. */
export interface CrossEntropy {
  readonly precision: Precision;
  /** In the order of the images. */
  readonly parts: readonly Part[];
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
  const here = ops.as(precision);
  const parts = Array.from({ length: Math.ceil(n / most) }, (_, number) => {
    const [from, to] = [number * most, Math.min(n, (number + 1) * most)];
    return {
      rows: rowsOf(here, x.subarray(from * d, to * d), d),
      targets: here.of(oneHot(labels.subarray(from, to), k), to - from, k),
    };
  });
  return crossEntropy(precision, parts);
}

/** The same regression in another precision, as long as `ops` lives. */
export function inPrecision(
  ops: FloatOps,
  precision: Precision,
  { precision: given, parts }: CrossEntropy,
): CrossEntropy {
  const here = ops.as(precision);
  const turned = parts.map(({ rows, targets }) => ({
    rows: here.from(rows, given),
    targets: here.from(targets, given),
  }));
  return crossEntropy(precision, turned);
}

/** Features (m, d) where TensorFlow runs, each row with a one behind it: (m, d + 1). */
export function rowsOf(ops: FloatOps, x: Float64Array, d: number): FloatTensor {
  const m = x.length / d;
  const [features, ones] = [ops.of(x, m, d), ops.of(new Float64Array(m).fill(1), m, 1)];
  const rows = ops.beside([features, ones]);
  ops.free([features, ones]);
  return rows;
}

/** The same of parts that are there. */
export function crossEntropy(precision: Precision, parts: readonly Part[]): CrossEntropy {
  const withPenalty = (penalty: number) => (theta: Float64Array) =>
    penalised(meanLoss(precision, parts, theta), theta, penalty, sizesOf(parts).k);
  return { precision, parts, withPenalty };
}

/** Images n, features with the one behind them, classes k. */
export function sizesOf(parts: readonly Part[]): { n: number; size: number; k: number } {
  const [size = 0, k = 0] = [parts[0]?.rows.shape[1], parts[0]?.targets.shape[1]];
  return { n: parts.reduce((sum, { rows }) => sum + (rows.shape[0] ?? 0), 0), size, k };
}

/** The probability of each class (m, k) that `theta` (size, k) gives rows (m, size), row by row. */
export function probabilitiesOf(
  step: FloatOps,
  rows: FloatTensor,
  theta: Float64Array,
): Float64Array {
  const [, size = 0] = rows.shape;
  const logits = floatProduct(step, rows, step.of(theta, size, theta.length / size));
  return step.read(step.run('Softmax', [logits]));
}

/**
 * Mean cross-entropy where `theta` makes the logits of the rows of `seen`, and its gradient by weights of
 * the rows of `parts` (size, k): where these have other features of the same images, as if they had made the logits.
 */
export function meanLoss(
  precision: Precision,
  parts: readonly Part[],
  theta: Float64Array,
  seen: readonly Part[] = parts,
): Evaluation {
  const { n, size, k } = sizesOf(parts);
  const gradient = new Float64Array(size * k);
  let loss = 0;
  seen.forEach(({ rows, targets }, number) => {
    inFloats(precision, (step) => {
      const logits = floatProduct(step, rows, step.of(theta, theta.length / k, k));
      const [losses, residuals] = softmaxLosses(step, logits, targets, k);
      // (k, d + 1): to turn the few residuals and not the rows takes half the time.
      const through = parts[number]?.rows ?? rows;
      const part = step.read(floatProduct(step, residuals, through, { ofColumns: true }));
      addTurned(gradient, part, k);
      for (const value of step.read(losses)) loss += value;
    });
  });
  return { value: loss / n, gradient: gradient.map((sum) => sum / n) };
}

/** A loss and its gradient, and `penalty / 2 * |weight|²` with them. */
export function penalised(
  { value, gradient }: Evaluation,
  theta: Float64Array,
  penalty: number,
  k: number,
): Evaluation {
  let squares = 0;
  const sum = gradient.map((slope, i) => {
    const w = i < theta.length - k ? (theta[i] ?? 0) : 0;
    squares += w * w;
    return slope + penalty * w;
  });
  return { value: value + (penalty / 2) * squares, gradient: sum };
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
