import { tf } from '../tf.js';
import { bankIn, cosinesBeyond, middleOf, queriesIn } from './narrow-cone.js';
import { unitRows } from './unit-rows.js';

/** Rows that ask and rows that are asked at once: bounds memory, whatever n is. */
const asking = 1024;
const asked = 8192;

/** Below every cosine: for rows that are no neighbours. */
const never = -2;

export interface NeighboursOf {
  /** Features (n, d), row by row. */
  readonly features: Float32Array;
  readonly d: number;
  /** Neighbours of each row. */
  readonly k: number;
  /** Numbers (n) of groups: rows that share one in any of these are no neighbours. Without any, a row is its own. */
  readonly apart: readonly Int32Array[];
  /** Rows more similar than this are no neighbours. */
  readonly atMost?: number | undefined;
  /** Called with how many rows are done. */
  readonly progress?: (done: number) => void;
}

/** A neighbour of a row, and their cosine similarity. */
export type TakeNeighbour = (row: number, other: number, similarity: number) => void;

/**
 * Finds the nearest rows of each row by cosine similarity: row by row, nearest first, of equals the one that
 * stands first; fewer of a row that has not as many. Every similarity is computed, in blocks of 1,024 x
 * 8,192, of which only the nearest are kept: beside the features, and what is taken of the neighbours, memory grows
 * neither with n nor with k beyond the largest block.
 */
export function findNeighbours(given: NeighboursOf, take: TakeNeighbour): void {
  const { features, d, k, progress } = given;
  const n = features.length / d;
  const columns = Math.min(k, n);
  const middle = middleOf(features, d);
  const atOnce = Math.max(1, Math.min(asking, Math.floor((asking * asked) / columns)));
  for (let from = 0; from < n; from += atOnce) {
    const rows = Math.min(atOnce, n - from);
    const best = tf.tidy(() => nearestOf(given, middle, from, rows));
    const places = best.indices.dataSync();
    const beyond = best.beyond.dataSync<'float32'>();
    best.likenesses.dataSync<'float32'>().forEach((likeness, at) => {
      if (likeness <= never) return;
      const row = Math.floor(at / columns);
      take(from + row, places[at] ?? -1, Math.fround(likeness + (beyond[row] ?? 0)));
    });
    tf.dispose([best.indices, best.likenesses, best.beyond]);
    progress?.(from + rows);
  }
}

interface Best extends tf.NamedTensorMap {
  readonly indices: tf.Tensor2D;
  /** By which they are ordered: cosines, or what these have less `beyond` in a narrow cone. */
  readonly likenesses: tf.Tensor2D;
}

function nearestOf(
  { features, d, k, apart, atMost }: NeighboursOf,
  middleOfAll: Float32Array | undefined,
  from: number,
  rows: number,
): Best & { readonly beyond: tf.Tensor2D } {
  const n = features.length / d;
  const middle = middleOfAll && tf.tensor2d(middleOfAll, [1, d]);
  const own = unitRows(rowsOf(features, d, from, rows));
  const q = middle ? queriesIn(middle, own) : own;
  const beyond = middle ? cosinesBeyond(middle, own) : tf.zeros<tf.Rank.R2>([rows, 1]);
  let best: Best | undefined;
  for (let start = 0; start < n; start += asked) {
    const before = best;
    const count = Math.min(asked, n - start);
    best = tf.tidy(() => {
      const units = unitRows(rowsOf(features, d, start, count));
      const bank = middle ? bankIn(middle, units) : units;
      let values: tf.Tensor2D = tf.matMul(q, bank, false, true); // (rows, count)
      for (const groups of apart) {
        const own = tf.tensor2d(groups.subarray(from, from + rows), [rows, 1], 'int32');
        const others = tf.tensor2d(groups.subarray(start, start + count), [1, count], 'int32');
        values = without(values, tf.equal(own, others));
      }
      if (atMost !== undefined)
        values = without(values, tf.greater(tf.add(values, beyond), atMost));
      const top = tf.topk(values, Math.min(k, count));
      return merged(before, { indices: tf.add(top.indices, start), likenesses: top.values }, k);
    });
    if (before) tf.dispose([before.indices, before.likenesses]);
  }
  const none = {
    indices: tf.zeros<tf.Rank.R2>([rows, 0], 'int32'),
    likenesses: tf.zeros<tf.Rank.R2>([rows, 0]),
  };
  return { ...(best ?? none), beyond };
}

const rowsOf = (features: Float32Array, d: number, from: number, rows: number): tf.Tensor2D =>
  tf.tensor2d(features.subarray(from * d, (from + rows) * d), [rows, d]);

const without = (values: tf.Tensor2D, where: tf.Tensor): tf.Tensor2D =>
  tf.where(where, tf.fill([1, 1], never), values);

/** The best of both, of equals those of `before`, which stand first. */
function merged(before: Best | undefined, found: Best, k: number): Best {
  if (!before) return found;
  const all = tf.concat([before.likenesses, found.likenesses], 1);
  const places = tf.concat([before.indices, found.indices], 1);
  const { values, indices } = tf.topk(all, Math.min(k, all.shape[1]));
  return { likenesses: values, indices: tf.gather(places, indices, 1, 1) };
}
