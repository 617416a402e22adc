import { type FloatOps, floatProduct, inFloat64 } from '../floats.js';
import {
  type CrossEntropy,
  crossEntropyOf,
  inPrecision,
  type LogisticData,
  rowsOf,
} from './cross-entropy.js';
import { Directions } from './directions.js';
import { type MinimiseOptions, type Minimum, minimise, norm } from './lbfgs.js';
import { sharedCurvature } from './shared-curvature.js';
import { minimiseInSubspace } from './subspace.js';

/** A linear classifier: logits = features x weight + bias. */
export interface Logistic {
  /** (d, k), row by row. */
  readonly weight: Float64Array;
  /** (k). */
  readonly bias: Float64Array;
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
/** Where there are as many features a class, few directions are tried before all features. */
const manyFeatures = 64;
/**
 * What share of its own time the steps since a curvature have to take before it is taken anew. A step is
 * two products of (n, d) with (d, k), the curvature is one with (n, d): as long as d / 2k steps.
 */
const renewAfter = 1 / 4;
/** What share of the features the directions may become. */
const mostDirections = 1 / 4;

/** In float32 values of order 1, means over images, differ by this much by rounding. */
const roundingIn32 = 2e-7;
/** Iterations without a shorter gradient, after which float32 tells no more. */
const patience = 40;

/**
 * Multinomial logistic regression on these data, to be fitted with one penalty after another: the
 * minimum of `mean cross-entropy + penalty / 2 * |weight|²`. It is scikit-learn's
 * `LogisticRegression` with `C = 1 / (n * penalty)`.
 *
 * Full-batch L-BFGS: in float32 as far as that goes, at less than half the time a step, where there are
 * many features first in the span of few directions; then in float64, which decides. The objective is
 * strongly convex in the weights, by `penalty`: where its gradient is no longer than
 * `tolerance * penalty * |weight|`, the weights are within `tolerance * |weight|` of the minimum's,
 * however small the penalty. There a fit has converged.
 */
export function logisticRegression(
  ops: FloatOps,
  data: LogisticData,
  atOnce = logitsAtOnce,
): (options: LogisticOptions) => LogisticFit {
  const { d, classes: k } = data;
  const most = Math.max(1, Math.floor(atOnce / k));
  const in64 = crossEntropyOf(ops, 'float64', data, most);
  const in32 = inPrecision(ops, 'float32', in64);
  const directions = d < manyFeatures * k ? undefined : new Directions(ops.as('float32'), in32);
  return ({ penalty, start, tolerance = 1e-3, iterations = 3000 }) => {
    const near = (at: Float64Array): number =>
      tolerance * penalty * norm(at.subarray(0, at.length - k));
    /** Goes down from a point, by the curvature there and on the way. */
    const descend = (data: CrossEntropy, from: Float64Array, options: MinimiseOptions): Minimum =>
      inFloat64((fit) =>
        minimise(data.withPenalty(penalty), from, {
          ...options,
          ...(d <= widest && {
            precondition(at) {
              fit.freeAll();
              return sharedCurvature(fit, data, at, penalty);
            },
            renewal: renewAfter * (d / (2 * k)),
          }),
        }),
      );
    const as32 = { rounding: roundingIn32, patience };
    const from = start ? joined(start) : new Float64Array((d + 1) * k);
    // Each a little further than asked for, so that what the next finds there is near enough.
    const began = directions
      ? minimiseInSubspace(directions, penalty, from, {
          ...as32,
          tolerance: (at) => 0.6 * near(at),
          iterations,
          most: mostDirections * d,
        })
      : { x: from, iterations: 0 };
    const first = descend(in32, began.x, {
      ...as32,
      tolerance: (at) => 0.7 * near(at),
      iterations: iterations - began.iterations,
    });
    const done = began.iterations + first.iterations;
    const last = descend(in64, first.x, {
      // The floor is for weights that are zero: rounding leaves less of a gradient of size 1.
      tolerance: (at) => near(at) + 1e-12,
      iterations: iterations - done,
    });
    const minimum = { ...last, iterations: done + last.iterations };
    return { model: separated(minimum.x, k), minimum };
  };
}

/** Predicted classes (n), and the probability (n) that each has. */
export interface Predicted {
  readonly labels: Int32Array;
  readonly confidences: Float64Array;
}

/** The class with the largest logit of each row of `x` (n, d); the first of equals. */
export function predictLogistic(model: Logistic, x: Float64Array, d: number): Predicted {
  return inFloat64((ops) => predictorOf(ops, x, d)(model));
}

/** {@link predictLogistic} of one model after another, as long as `ops` lives. */
export function predictorOf(
  ops: FloatOps,
  x: Float64Array,
  d: number,
): (model: Logistic) => Predicted {
  const rows = rowsOf(ops, x, d);
  return (model) => {
    const k = model.bias.length;
    const logits = inFloat64((step) =>
      step.read(floatProduct(step, rows, step.of(joined(model), d + 1, k))),
    );
    return mostLikely(logits, k);
  };
}

/** Of each row of logits (n, k). */
function mostLikely(logits: Float64Array, k: number): Predicted {
  const n = logits.length / k;
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
