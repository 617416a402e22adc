import { type Float64Ops, type Float64Tensor, float64Product, inFloat64 } from '../float64.js';
import { attr } from '../native.js';

/** An image that is almost certain still counts this much: the matrix has to stay positive. */
const least = 1e-4;

/**
 * A preconditioner of multinomial logistic regression at `theta` (d + 1, k), the last row the bias:
 * the solution of `(mean of w x xᵀ + penalty) z = q` for each class alike, where w is the mean of
 * p (1 - p) over the classes. It is the Hessian without what differs between classes.
 *
 * `rows` is (n, d + 1), the last column ones, which have no penalty; `blocks` are its parts in their
 * order, whose probabilities are in memory one after another.
 * @returns a function that lives as long as `ops`.
 */
export function sharedCurvature(
  ops: Float64Ops,
  rows: Float64Tensor,
  blocks: readonly Float64Tensor[],
  theta: Float64Array,
  penalty: number,
): (q: Float64Array) => Float64Array {
  const [n = 0, size = 0] = rows.shape;
  const k = theta.length / size;
  const factor = inFloat64((step) => {
    const weights = new Float64Array(n);
    let from = 0;
    for (const block of blocks) {
      const found = inFloat64((part) => {
        const logits = float64Product(part, block, part.of(theta, size, k));
        return uncertainty(part.read(part.run('Softmax', [logits])), k, n);
      });
      weights.set(found, from);
      from += found.length;
    }
    const weighted = step.run('Mul', [rows, step.of(weights, n, 1)]);
    const matrix = step.read(float64Product(step, rows, weighted, { ofColumns: true }));
    for (let j = 0; j + 1 < size; j++)
      matrix[j * (size + 1)] = (matrix[j * (size + 1)] ?? 0) + penalty;
    return ops.run('Cholesky', [step.of(matrix, size, size)]);
  });
  const solve = (step: Float64Ops, q: Float64Tensor, adjoint: boolean): Float64Tensor => {
    const attrs = { lower: attr.bool(true), adjoint: attr.bool(adjoint) };
    return step.run('MatrixTriangularSolve', [factor, q], attrs);
  };
  return (q) =>
    inFloat64((step) => step.read(solve(step, solve(step, step.of(q, size, k), false), true)));
}

/** Of each row of probabilities (m, k): the mean of p (1 - p), divided by n. */
function uncertainty(p: Float64Array, k: number, n: number): Float64Array {
  return Float64Array.from({ length: p.length / k }, (_, i) => {
    let sum = 0;
    for (const share of p.subarray(i * k, (i + 1) * k)) sum += share * (1 - share);
    return Math.max(sum / k, least) / n;
  });
}
