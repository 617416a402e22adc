import { type FloatOps, floatProduct, inFloats } from '../floats.js';
import { type CrossEntropy, probabilitiesOf, sizesOf } from './cross-entropy.js';
import { penalisedSolver } from './penalised-solver.js';

/** An image that is almost certain still counts this much: the matrix has to stay positive. */
const least = 1e-4;

/**
 * A preconditioner of multinomial logistic regression at `theta` (d + 1, k), the last row the bias:
 * the solution of `(mean of w x xᵀ + penalty) z = q` for each class alike, where w is the mean of
 * p (1 - p) over the classes. It is the Hessian without what differs between classes.
 * @returns a function that lives as long as `ops`.
 */
export function sharedCurvature(
  ops: FloatOps,
  { precision, parts }: CrossEntropy,
  theta: Float64Array,
  penalty: number,
): (q: Float64Array) => Float64Array {
  const { n, size, k } = sizesOf(parts);
  const matrix = new Float64Array(size * size);
  for (const { rows } of parts) {
    const found = inFloats(precision, (step) => {
      const weights = uncertainty(probabilitiesOf(step, rows, theta), k, n);
      const weighted = step.run('Mul', [rows, step.of(weights, weights.length, 1)]);
      return step.read(floatProduct(step, rows, weighted, { ofColumns: true }));
    });
    found.forEach((value, i) => {
      matrix[i] = (matrix[i] ?? 0) + value;
    });
  }
  return penalisedSolver(ops, precision, matrix, { count: 1, size }, penalty);
}

/** Of each row of probabilities (m, k): the mean of p (1 - p), divided by n. */
function uncertainty(p: Float64Array, k: number, n: number): Float64Array {
  return Float64Array.from({ length: p.length / k }, (_, i) => {
    let sum = 0;
    for (const share of p.subarray(i * k, (i + 1) * k)) sum += share * (1 - share);
    return Math.max(sum / k, least) / n;
  });
}
