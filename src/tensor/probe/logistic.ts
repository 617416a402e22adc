import { type Float64Ops, float64Product, inFloat64 } from '../float64.js';
import { type Minimum, minimise, norm } from './lbfgs.js';
import { sharedCurvature } from './shared-curvature.js';

/** A linear classifier: logits = features x weight + bias. */
export interface Logistic {
  /** (d, k), row by row. */
  readonly weight: Float64Array;
  /** (k). */
  readonly bias: Float64Array;
}

/** What is fitted. */
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

export interface LogisticOptions {
  /** Weight of half the squared norm of the weights (not the bias) beside the mean cross-entropy; above 0. */
  readonly penalty: number;
  /** Where to start; zeros unless given. */
  readonly start?: Logistic | undefined;
  /** How far the weights may be from the minimum's, as a share of their norm. */
  readonly tolerance?: number;
  readonly iterations?: number;
}

export interface LogisticFit {
  readonly model: Logistic;
  readonly minimum: Minimum;
}

/** Logits that are in memory at once: of more, rows are seen in turn. */
const logitsAtOnce = 2 ** 23;

/** For longer features the matrix of the curvature, (d, d), would be too large: they do without. */
const widest = 4096;

/**
 * Multinomial logistic regression on these data, to be fitted with one penalty after another: the
 * minimum of `mean cross-entropy + penalty / 2 * |weight|²`. It is scikit-learn's
 * `LogisticRegression` with `C = 1 / (n * penalty)`.
 *
 * Full-batch L-BFGS in float64. The objective is strongly convex in the weights, by `penalty`: where
 * its gradient is no longer than `tolerance * penalty * |weight|`, the weights are within
 * `tolerance * |weight|` of the minimum's, however small the penalty. There a fit has converged.
 */
export function logisticRegression(
  ops: Float64Ops,
  { x, d, labels, classes: k }: LogisticData,
  atOnce = logitsAtOnce,
): (options: LogisticOptions) => LogisticFit {
  const n = labels.length;
  const ones = withOnes(x, d);
  const rows = ops.of(ones, n, d + 1);
  const most = Math.max(1, Math.floor(atOnce / k));
  const blocks = Array.from({ length: Math.ceil(n / most) }, (_, number) => {
    const [from, to] = [number * most, Math.min(n, (number + 1) * most)];
    const seen = ones.subarray(from * (d + 1), to * (d + 1));
    return {
      rows: n <= most ? rows : ops.of(seen, to - from, d + 1),
      targets: ops.of(oneHot(labels.subarray(from, to), k), to - from, k),
    };
  });
  const parts = blocks.map((block) => block.rows);
  return ({ penalty, start, tolerance = 1e-3, iterations = 3000 }) => {
    const objective = (theta: Float64Array) => {
      const gradient = new Float64Array((d + 1) * k);
      let loss = 0;
      for (const block of blocks) {
        inFloat64((step) => {
          const logits = float64Product(step, block.rows, step.of(theta, d + 1, k));
          const given = [logits, block.targets] as const;
          const [losses, residuals] = step.runTwo('SoftmaxCrossEntropyWithLogits', given);
          const part = step.read(float64Product(step, block.rows, residuals, { ofColumns: true }));
          for (let i = 0; i < part.length; i++) gradient[i] = (gradient[i] ?? 0) + (part[i] ?? 0);
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
    return inFloat64((fit) => {
      const theta = start ? joined(start) : new Float64Array((d + 1) * k);
      const minimum = minimise(objective, theta, {
        // The floor is for weights that are zero: rounding leaves less of a gradient of size 1.
        tolerance: (at) => tolerance * penalty * norm(at.subarray(0, d * k)) + 1e-12,
        iterations,
        ...(d <= widest && { precondition: sharedCurvature(fit, rows, parts, theta, penalty) }),
      });
      const { x: end } = minimum;
      return { model: separated(end, k), minimum };
    });
  };
}

/** Predicted classes (n), and the probability (n) that each has. */
export interface Predicted {
  readonly labels: Int32Array;
  readonly confidences: Float64Array;
}

/** The class with the largest logit of each row of `x` (n, d); the first of equals. */
export function predictLogistic(model: Logistic, x: Float64Array, d: number): Predicted {
  const [n, k] = [x.length / d, model.bias.length];
  const logits = inFloat64((ops) => {
    const rows = ops.of(withOnes(x, d), n, d + 1);
    return ops.read(float64Product(ops, rows, ops.of(joined(model), d + 1, k)));
  });
  const labels = new Int32Array(n);
  const confidences = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * k, (i + 1) * k);
    const best = row.reduce((best, value, j) => (value > (row[best] ?? 0) ? j : best), 0);
    const largest = row[best] ?? 0;
    labels[i] = best;
    confidences[i] = 1 / row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  }
  return { labels, confidences };
}

/** Weights and bias as one matrix (d + 1, k). */
export function joined({ weight, bias }: Logistic): Float64Array {
  const theta = new Float64Array(weight.length + bias.length);
  theta.set(weight);
  theta.set(bias, weight.length);
  return theta;
}

/** {@link joined} undone: k classes. */
export function separated(theta: Float64Array, k: number): Logistic {
  const at = theta.length - k;
  return { weight: theta.slice(0, at), bias: theta.slice(at) };
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
