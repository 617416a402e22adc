import {
  type FloatOps,
  type Floats,
  type FloatTensor,
  inFloats,
  type Precision,
} from '../floats.js';
import { attr } from '../native.js';

/**
 * Solves `(matrix + penalty) z = q` for each of some symmetric matrices (count, size, size), by their
 * Cholesky factors; the last row of each is the bias', which has no penalty. Where rounding hides that a
 * matrix is positive, the penalty in all is raised.
 * @param matrices - what is left in them is nobody's
 * @returns a function of q (count, size, columns) that lives as long as `ops`
 */
export function penalisedSolver(
  ops: FloatOps,
  precision: Precision,
  matrices: Floats,
  { count, size }: { readonly count: number; readonly size: number },
  penalty: number,
): (q: Float64Array) => Float64Array {
  const factors = factored(ops.as(precision), matrices, { count, size }, penalty);
  const solve = (step: FloatOps, q: FloatTensor, adjoint: boolean): FloatTensor => {
    const attrs = { lower: attr.bool(true), adjoint: attr.bool(adjoint) };
    return step.run('MatrixTriangularSolve', [factors, q], attrs);
  };
  return (q) =>
    inFloats(precision, (step) => {
      const columns = step.of(q, count, size, q.length / (count * size));
      return step.read(solve(step, solve(step, columns, false), true));
    });
}

/** The factors with this penalty, or the least power of ten of it that does. */
function factored(
  ops: FloatOps,
  matrices: Floats,
  { count, size }: { readonly count: number; readonly size: number },
  penalty: number,
): FloatTensor {
  const at = (j: number): number => j * size + (j % size);
  const diagonal = Float64Array.from({ length: count * size }, (_, j) => matrices[at(j)] ?? 0);
  const largest = diagonal.reduce((most, value) => Math.max(most, value), 0);
  for (let added = penalty; ; added *= 10) {
    // The bias has no penalty, but for rounding.
    diagonal.forEach((value, j) => {
      matrices[at(j)] = value + ((j + 1) % size > 0 ? added : added - penalty);
    });
    try {
      return ops.run('Cholesky', [ops.of(matrices, count, size, size)]);
    } catch (error) {
      if (!(added < largest)) throw error;
    }
  }
}
