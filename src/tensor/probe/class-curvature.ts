import {
  type FloatOps,
  type Floats,
  type FloatTensor,
  floatProduct,
  inFloats,
  type Precision,
  zeros,
} from '../floats.js';
import { type CrossEntropy, probabilitiesOf, sizesOf } from './cross-entropy.js';
import { penalisedSolver } from './penalised-solver.js';

/** An image that is almost certain still counts this much: the matrices have to stay positive. */
const least = 1e-5;

/**
 * The curvature of a multinomial logistic regression at a point, of each class by itself: mean of
 * p (1 - p) x xᵀ, where p is the probability of the class. It is the Hessian without what links
 * classes. More features can come to it, in front of those that it knows, and count as much.
 */
export class ClassCurvature {
  /** Size of the features where its point is. */
  readonly since: number;
  readonly #k: number;
  /** Of each part and class: p (1 - p) / n, (m, 1). */
  readonly #weights: readonly FloatTensor[][];
  readonly #precision: Precision;
  /** (k, room, room), in which (size, size) are the last rows and columns. */
  #matrices: Floats = new Float32Array();
  #room = 0;
  #size = 0;
  #known = 0;

  /** At `theta` (size, k); the weights live as long as `ops`. */
  constructor(ops: FloatOps, { precision, parts }: CrossEntropy, theta: Float64Array) {
    const { n, size, k } = sizesOf(parts);
    this.since = size;
    this.#k = k;
    this.#precision = precision;
    this.#weights = parts.map(({ rows }) => {
      const p = inFloats(precision, (step) => probabilitiesOf(step, rows, theta));
      const m = p.length / k;
      return Array.from({ length: k }, (_, c) => {
        const weights = new Float64Array(m);
        for (let i = 0; i < m; i++) {
          const share = p[i * k + c] ?? 0;
          weights[i] = Math.max(share * (1 - share), least) / n;
        }
        return ops.as(precision).of(weights, m, 1);
      });
    });
  }

  /** Takes in the features of the rows that it does not know; `blocks` has those of each part, (m, r) each. */
  grow({ precision, parts }: CrossEntropy, blocks: readonly (readonly FloatTensor[])[]): void {
    const { size } = sizesOf(parts);
    const k = this.#k;
    this.#makeRoom(size);
    const [matrices, room] = [this.#matrices, this.#room];
    const [first = []] = blocks;
    const top = room - size;
    let from = top;
    for (let number = 0; number < first.length - this.#known; number++) {
      const r = first[number]?.shape[1] ?? 0;
      const border = new Float64Array(size * k * r);
      parts.forEach(({ rows }, i) => {
        const found = inFloats(precision, (step) => {
          const block = blocks[i]?.[number] ?? rows;
          const weights = this.#weights[i] ?? [];
          const weighted = weights.map((weight) => step.run('Mul', [block, weight]));
          return step.read(floatProduct(step, rows, step.beside(weighted), { ofColumns: true }));
        });
        found.forEach((value, at) => {
          border[at] = (border[at] ?? 0) + value;
        });
      });
      border.forEach((value, at) => {
        const [i, c, j] = [top + Math.floor(at / (k * r)), Math.floor(at / r) % k, from + (at % r)];
        matrices[(c * room + i) * room + j] = value;
        matrices[(c * room + j) * room + i] = value;
      });
      from += r;
    }
    this.#size = size;
    this.#known = first.length;
  }

  /**
   * A preconditioner with this penalty, as long as `ops` lives: of changes of weights (size, k), it gives
   * those that do not move all classes alike, which would change no probability.
   */
  inverse(ops: FloatOps, precision: Precision, penalty: number): (q: Float64Array) => Float64Array {
    const [size, k] = [this.#size, this.#k];
    const matrices = zeros(precision, k * size * size);
    this.#copyTo(matrices, size);
    const solve = penalisedSolver(ops, precision, matrices, { count: k, size }, penalty);
    return (q) => {
      const z = solve(turned(q, k));
      for (let j = 0; j < size; j++) {
        let mean = 0;
        for (let c = 0; c < k; c++) mean += (z[c * size + j] ?? 0) / k;
        for (let c = 0; c < k; c++) z[c * size + j] = (z[c * size + j] ?? 0) - mean;
      }
      return turned(z, size);
    };
  }

  /** Room for features in front, twice as much where it does not do. */
  #makeRoom(size: number): void {
    if (size <= this.#room) return;
    const room = Math.max(size, 2 * this.#room);
    const matrices = zeros(this.#precision, this.#k * room * room);
    this.#copyTo(matrices, room);
    this.#matrices = matrices;
    this.#room = room;
  }

  /** Copies the matrices into the last rows and columns of those with this room. */
  #copyTo(matrices: Floats, room: number): void {
    const [from, size] = [this.#room - this.#size, this.#size];
    for (let c = 0; c < this.#k; c++) {
      for (let i = 0; i < size; i++) {
        const at = (c * this.#room + from + i) * this.#room + from;
        const row = this.#matrices.subarray(at, at + size);
        matrices.set(row, (c * room + room - size + i) * room + room - size);
      }
    }
  }
}

/** A matrix of this many columns, transposed. */
function turned(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j] ?? 0;
  }
  return result;
}
