import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';
import { unitRows } from './unit-rows.js';

/**
 * Directions that lie within this distance of their mean, by the mean of squares, have cosines so near 1 that float32 holds
 * few digits of what they fall short of it.
 */
const narrow = 0.03;

/** A bank (n, e), and what makes queries (m, e) of rows (m, d): their products order the bank as cosines do. */
export interface Compared {
  readonly bank: tf.Tensor2D;
  readonly queriesOf: (rows: tf.Tensor2D) => tf.Tensor2D;
  readonly dispose: () => void;
}

/** The rows of `bank` (n, d) to be compared by products that are the cosines. */
export function cosinesTo(bank: tf.Tensor2D): Compared {
  const units = unitRows(bank);
  return { bank: units, queriesOf: unitRows, dispose: () => units.dispose() };
}

/**
 * The rows of `bank` (n, d) to be compared by products that are the cosines, or differ from them by one number for each
 * query. Where all lie in a narrow cone, as features of encoders that have nearly collapsed do, their offsets from its middle are compared: with u and v of length 1,
 * u·v = 1 - |u - v|² / 2, and u - v is the same for offsets. A column more takes half the squared length of the bank's
 * offset away; that of the query is left out, as it is the same for all of the bank. One more is for rows of zeros, whose
 * cosine to all is 0.
 */
export function comparedTo(bank: tf.Tensor2D): Compared {
  const cosines = cosinesTo(bank);
  const { bank: units } = cosines;
  const middle = tf.tidy(() => {
    const some = tf.sum(lengthsOf(units));
    return asMatrix(tf.divNoNan(tf.sum(units, 0, true), some)); // (1, d)
  });
  const around = tf.tidy(() => {
    const some = lengthsOf(units);
    const squares = tf.mul(some, squaresOf(tf.sub(units, middle)));
    const [spread = 0] = tf.divNoNan(tf.sum(squares), tf.sum(some)).dataSync();
    return spread;
  });
  if (around > narrow ** 2) {
    middle.dispose();
    return cosines;
  }
  const offsets = tf.tidy(() => bankIn(middle, units));
  cosines.dispose();
  return {
    bank: offsets,
    queriesOf: (rows) => tf.tidy(() => queriesIn(middle, unitRows(rows))),
    dispose: () => tf.dispose([offsets, middle]),
  };
}

/** Rows of a bank (n, d + 2), of length 1 or zeros, by their offsets from the middle (1, d) of a cone. */
export function bankIn(middle: tf.Tensor2D, units: tf.Tensor2D): tf.Tensor2D {
  const some = lengthsOf(units);
  const offset = tf.sub(units, middle);
  const half = tf.mul(squaresOf(offset), -0.5);
  return asMatrix(tf.concat([tf.mul(tf.concat([offset, half], 1), some), tf.sub(1, some)], 1));
}

/** Queries (m, d + 2) of a bank, of length 1 or zeros before. */
export function queriesIn(middle: tf.Tensor2D, units: tf.Tensor2D): tf.Tensor2D {
  const some = lengthsOf(units);
  const ofNone = tf.neg(cosinesBeyond(middle, units));
  return asMatrix(tf.mul(tf.concat([tf.sub(units, middle), tf.onesLike(some), ofNone], 1), some));
}

/** What the cosines of queries (m, 1) have beyond their products with a bank. */
export function cosinesBeyond(middle: tf.Tensor2D, units: tf.Tensor2D): tf.Tensor2D {
  const half = tf.mul(squaresOf(tf.sub(units, middle)), 0.5);
  return asMatrix(tf.mul(lengthsOf(units), tf.sub(1, half)));
}

/** The middle (d) of the directions of features (n, d) where they lie in a narrow cone and none is of zeros. */
export function middleOf(features: Float32Array, d: number): Float32Array | undefined {
  const middle = new Float64Array(d);
  const n = features.length / d;
  for (let from = 0; from < features.length; from += d) {
    const row = features.subarray(from, from + d);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0)) || 1;
    row.forEach((value, j) => {
      middle[j] = (middle[j] ?? 0) + value / length / n;
    });
  }
  const square = middle.reduce((sum, value) => sum + value ** 2, 0);
  return 1 - square > narrow ** 2 ? undefined : Float32Array.from(middle);
}

/** Squared lengths (n, 1) of rows. */
const squaresOf = (rows: tf.Tensor): tf.Tensor2D => tf.sum(tf.square(rows), 1, true);

/** 1 for rows of length 1, 0 for those of zeros (n, 1). */
const lengthsOf = (units: tf.Tensor2D): tf.Tensor2D => tf.round(squaresOf(units));
