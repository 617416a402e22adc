import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';
import { unitRows } from './unit-rows.js';

/**
 * Directions that lie within this distance of their mean, by the mean of squares, have cosines so near 1 that float32 holds
 * few digits of what they fall short of it.
 */
export const narrow = 0.03;

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
 * query. Where all lie in a narrow cone, as the features of
 * encoders do that have nearly collapsed, their offsets from its middle are compared: with u and v of length 1,
 * u·v = 1 - |u - v|² / 2, and u - v is the same for offsets. A column more takes half the squared length of the bank's
 * offset away; that of the query is left out, as it is the same for all of the bank. One more is for rows of zeros, whose
 * cosine to all is 0.
 */
export function comparedTo(bank: tf.Tensor2D): Compared {
  const cosines = cosinesTo(bank);
  const { bank: units } = cosines;
  const middle = tf.tidy(() => {
    const some = tf.sum(lengthsOf(units));
    return tf.divNoNan(tf.sum(units, 0, true), some); // (1, d)
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
  const offsets = tf.tidy(() => {
    const some = lengthsOf(units);
    const offset = tf.sub(units, middle);
    const half = tf.mul(squaresOf(offset), -0.5);
    return asMatrix(tf.concat([tf.mul(tf.concat([offset, half], 1), some), tf.sub(1, some)], 1));
  });
  cosines.dispose();
  return {
    bank: offsets,
    queriesOf: (rows) =>
      tf.tidy(() => {
        const unit = unitRows(rows);
        const some = lengthsOf(unit);
        const offset = tf.sub(unit, middle);
        const ofNone = tf.sub(tf.mul(squaresOf(offset), 0.5), 1);
        return asMatrix(tf.mul(tf.concat([offset, tf.onesLike(some), ofNone], 1), some));
      }),
    dispose: () => tf.dispose([offsets, middle]),
  };
}

/** Squared lengths (n, 1) of rows. */
const squaresOf = (rows: tf.Tensor): tf.Tensor2D => tf.sum(tf.square(rows), 1, true);

/** 1 for rows of length 1, 0 for those of zeros (n, 1). */
const lengthsOf = (units: tf.Tensor2D): tf.Tensor2D => tf.round(squaresOf(units));
