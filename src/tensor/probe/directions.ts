import { type FloatOps, type FloatTensor, floatProduct, inFloats } from '../floats.js';
import { type CrossEntropy, type Part, sizesOf } from './cross-entropy.js';
import { add, dot, norm } from './lbfgs.js';

/** Of a direction that is this near to those before it, what is left is rounding: of float32. */
const apart = 1e-5;

/**
 * A growing set of m orthonormal directions in the space of features and bias, (size), and the rows of
 * a regression along them. The newest stand first; the last one is the bias alone. Lives as long as `ops`.
 */
export class Directions {
  readonly #ops: FloatOps;
  readonly data: CrossEntropy;
  readonly #size: number;
  readonly #k: number;
  /** (size, r) each. */
  #blocks: FloatTensor[] = [];
  /** Of each part: its rows along each block of directions, (m, r) each. */
  #along: readonly FloatTensor[][] = [];
  #count = 0;

  constructor(ops: FloatOps, data: CrossEntropy) {
    this.#ops = ops;
    this.data = data;
    ({ size: this.#size, k: this.#k } = sizesOf(data.parts));
    this.forget();
  }

  /** Begins anew, with the bias alone. */
  forget(): void {
    this.#ops.free([...this.#blocks, ...this.#along.flat()]);
    this.#blocks = [];
    this.#along = this.data.parts.map(() => []);
    this.#count = 0;
    this.#add(Float64Array.from({ length: this.#size }, (_, j) => (j + 1 < this.#size ? 0 : 1)));
  }

  /** Of each part: its rows along each block of directions, (m, r) each. */
  get along(): readonly (readonly FloatTensor[])[] {
    return this.#along;
  }

  /** How many there are, m. */
  get count(): number {
    return this.#count;
  }

  /** Takes what weights (size, k) have beyond these directions as more of them. */
  grow(weights: Float64Array): void {
    const beyond = inFloats(this.data.precision, (step) => {
      const basis = step.beside(this.#blocks);
      const rest = (columns: Float64Array): Float64Array => {
        const block = step.of(columns, this.#size, columns.length / this.#size);
        const inside = floatProduct(step, basis, block, { ofColumns: true });
        const left = step.run('Sub', [block, floatProduct(step, basis, inside)]);
        return orthonormal(step.read(left), columns, this.#size);
      };
      // Twice: of what is short, rounding leaves some of the directions in it.
      const found = rest(weights);
      return found.length === 0 ? found : rest(found);
    });
    if (beyond.length > 0) this.#add(beyond);
  }

  /** The rows with their m places along the directions in place of their features. */
  parts(ops: FloatOps): readonly Part[] {
    return this.data.parts.map(({ targets }, i) => ({
      rows: ops.beside(this.#along[i] ?? []),
      targets,
    }));
  }

  /** The places (m, k) of weights (size, k): of what is in their span. */
  placesOf(weights: Float64Array): Float64Array {
    return this.#product(weights, this.#size, true);
  }

  /** The weights (size, k) at places (m, k). */
  weightsAt(places: Float64Array): Float64Array {
    return this.#product(places, this.#count, false);
  }

  #product(values: Float64Array, length: number, ofColumns: boolean): Float64Array {
    return inFloats(this.data.precision, (step) => {
      const basis = step.beside(this.#blocks);
      return step.read(floatProduct(step, basis, step.of(values, length, this.#k), { ofColumns }));
    });
  }

  #add(columns: Float64Array): void {
    const r = columns.length / this.#size;
    const block = this.#ops.of(columns, this.#size, r);
    this.#blocks.unshift(block);
    this.data.parts.forEach(({ rows }, i) => {
      this.#along[i]?.unshift(floatProduct(this.#ops, rows, block));
    });
    this.#count += r;
  }
}

/**
 * The columns of a matrix (size, k) by Gram and Schmidt, as (size, r): without those of which nothing
 * is left beside the others. `whole` is the matrix before others were taken from it.
 */
function orthonormal(matrix: Float64Array, whole: Float64Array, size: number): Float64Array {
  const k = matrix.length / size;
  const found: Float64Array[] = [];
  for (let c = 0; c < k; c++) {
    const column = columnOf(matrix, c, k);
    // Twice, as rounding leaves some of what is long in what is short.
    for (const other of [...found, ...found]) add(column, other, -dot(column, other));
    const left = norm(column);
    if (left > apart * norm(columnOf(whole, c, k))) found.push(column.map((value) => value / left));
  }
  const columns = new Float64Array(size * found.length);
  found.forEach((column, c) => {
    for (let j = 0; j < size; j++) columns[j * found.length + c] = column[j] ?? 0;
  });
  return columns;
}

/** Column c of a matrix of k. */
function columnOf(matrix: Float64Array, c: number, k: number): Float64Array {
  const column = new Float64Array(matrix.length / k);
  for (let j = 0; j < column.length; j++) column[j] = matrix[j * k + c] ?? 0;
  return column;
}
