import { asMatrix } from '../as-rank.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';
import { l2Normalise } from './l2-normalise.js';
import { setDiagonal } from './set-diagonal.js';

/** What features of pairs of views say of a representation. */
export interface FeatureMeasures {
  /**
   * How many directions the features fill: exp of the entropy of their singular values, from 1 to the smaller of n and d.
   *
   * Source: Garrido et al. 2023, arXiv:2210.02885, equation 3.
   */
  readonly rankme: number;
  /** Mean squared distance of the two views of a pair, of length 1: from 0, all alike, to 4. */
  readonly alignment: number;
  /**
   * Log of the mean of exp(-2 squared distance) of different images, of length 1: from 0, all the same, down.
   *
   * Source: Wang, Isola 2020, arXiv:2005.10242, section 4.1, with t = 2; alignment there too, with alpha = 2.
   */
  readonly uniformity: number;
}

/** Added to each singular value's share, as there. */
const epsilon = 1e-7;

/** Measures features (n, d) of the two views of n pairs; rank and uniformity are those of the first view. */
export function featureMeasures(first: tf.Tensor2D, second: tf.Tensor2D): FeatureMeasures {
  const numbers = tf.tidy(() => {
    const [singular] = native(
      'Svd',
      [first],
      { T: attr.type('float32'), compute_uv: attr.bool(false), full_matrices: attr.bool(false) },
      3,
    );
    const share = tf.add(tf.div(singular, tf.sum(singular)), epsilon);
    const rankme = tf.exp(tf.neg(tf.sum(tf.mul(share, tf.log(share)))));
    const [x, y] = [l2Normalise(first), l2Normalise(second)];
    const alignment = tf.mean(tf.sum(tf.squaredDifference(x, y), 1));
    const n = x.shape[0];
    const cosines = asMatrix(tf.matMul(x, x, false, true));
    // exp(-2 (2 - 2 cos)), of no image with itself.
    const near = setDiagonal(asMatrix(tf.exp(tf.mul(tf.sub(cosines, 1), 4))), 0);
    const uniformity = tf.log(tf.div(tf.sum(near), n * (n - 1)));
    return tf.stack([rankme, alignment, uniformity]);
  });
  const [rankme = Number.NaN, alignment = Number.NaN, uniformity = Number.NaN] = numbers.dataSync();
  numbers.dispose();
  return { rankme, alignment, uniformity };
}
