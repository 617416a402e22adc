import { type FloatOps, type FloatTensor, floatProduct, inFloats } from '../floats.js';
import { attr } from '../native.js';
import type { CrossEntropy } from './cross-entropy.js';

/** An image that is almost certain still counts this much: the matrix has to stay positive. */
const least = 1e-4;

/**
 * A preconditioner of multinomial logistic regression at `theta` (d + 1, k), the last row the bias:
 * the solution of `(mean of w x xᵀ + penalty) z = q` for each class alike, where w is the mean of
 * p (1 - p) over the classes. It is the Hessian without what differs between classes. Where rounding
 * hides that the matrix is positive, the penalty in it is raised.
 * @returns a function that lives as long as `ops`.
 */
export function sharedCurvature(
  ops: FloatOps,
  { precision, rows, parts }: CrossEntropy,
  theta: Float64Array,
  penalty: number,
): (q: Float64Array) => Float64Array {
  const [n = 0, size = 0] = rows.shape;
  const k = theta.length / size;
  const factor = inFloats(precision, (step) => {
    const weights = new Float64Array(n);
    let from = 0;
    for (const part of parts) {
      const found = inFloats(precision, (seen) => {
        const logits = floatProduct(seen, part, seen.of(theta, size, k));
        return uncertainty(seen.read(seen.run('Softmax', [logits])), k, n);
      });
      weights.set(found, from);
      from += found.length;
    }
    const weighted = step.run('Mul', [rows, step.of(weights, n, 1)]);
    const matrix = step.read(floatProduct(step, rows, weighted, { ofColumns: true }));
    return factored(ops.as(precision), matrix, size, penalty);
  });
  const solve = (step: FloatOps, q: FloatTensor, adjoint: boolean): FloatTensor => {
    const attrs = { lower: attr.bool(true), adjoint: attr.bool(adjoint) };
    return step.run('MatrixTriangularSolve', [factor, q], attrs);
  };
  return (q) =>
    inFloats(precision, (step) =>
      step.read(solve(step, solve(step, step.of(q, size, k), false), true)),
    );
}

/** The Cholesky factor of a matrix (size, size) with this penalty, or the least power of ten of it that does. */
function factored(ops: FloatOps, matrix: Float64Array, size: number, penalty: number): FloatTensor {
  const diagonal = Float64Array.from({ length: size }, (_, j) => matrix[j * (size + 1)] ?? 0);
  const largest = diagonal.reduce((most, value) => Math.max(most, value), 0);
  for (let added = penalty; ; added *= 10) {
    // The bias has no penalty, but for rounding.
    diagonal.forEach((value, j) => {
      matrix[j * (size + 1)] = value + (j + 1 < size ? added : added - penalty);
    });
    try {
      return ops.run('Cholesky', [ops.of(matrix, size, size)]);
    } catch (error) {
      if (!(added < largest)) throw error;
    }
  }
}

/** Of each row of probabilities (m, k): the mean of p (1 - p), divided by n. */
function uncertainty(p: Float64Array, k: number, n: number): Float64Array {
  return Float64Array.from({ length: p.length / k }, (_, i) => {
    let sum = 0;
    for (const share of p.subarray(i * k, (i + 1) * k)) sum += share * (1 - share);
    return Math.max(sum / k, least) / n;
  });
}
