import { permutation } from '../permutation.js';
import { createRng } from '../rng.js';
import { tf } from '../tf.js';

/** Places (classes x shots) of labelled images, class by class. */
export type Drawn = Int32Array;

/**
 * Draws `shots` images of each class: one draw for each seed and number. The images of fewer shots
 * are among those of more.
 * @param labels - classes of the images to draw from; each class has `shots` images at least
 */
export function drawShots(
  labels: Int32Array,
  classes: number,
  { shots, seed, draw }: { readonly shots: number; readonly seed: number; readonly draw: number },
): Drawn {
  const members = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, place) => {
    members[label]?.push(place);
  });
  const drawn = members.flatMap((places, label) => {
    const order = permutation(createRng(seed, 'few-shot', draw, label), places.length);
    return Array.from(order.subarray(0, shots), (at) => places[at] ?? 0);
  });
  return Int32Array.from(drawn);
}

export interface FewShot {
  /** Features (n, d) of the images to draw from; all of them give the mean. */
  readonly bank: Float32Array;
  /** Features (m, d) of the images to classify. */
  readonly queries: Float32Array;
  readonly d: number;
  readonly classes: number;
}

/**
 * Calls `visit` for each draw, in order, with the class of each query (m): that of which the mean
 * of the drawn images is nearest, by Euclidean distance; of equals the class that stands first.
 * Features are centred by the bank's mean and scaled to length 1 before.
 *
 * Source: “CL2N” of Wang et al. 2019, arXiv:1911.04623; scikit-learn's `NearestCentroid`.
 */
export function eachFewShot(
  { bank, queries, d, classes }: FewShot,
  draws: Iterable<Drawn>,
  visit: (predictions: Int32Array) => void,
): void {
  const mean = meanOf(bank, d);
  const units = centredUnits(bank, mean);
  const q = tf.tensor2d(centredUnits(queries, mean), [queries.length / d, d]);
  try {
    for (const drawn of draws) {
      const centres = centresOf(units, d, drawn, classes);
      const predictions = tf.tidy(() => {
        const c = tf.tensor2d(centres, [classes, d]);
        // The query's own length is the same for all classes: |q - c|² / 2 without it.
        const half = tf.mul(tf.sum(tf.square(c), 1), 0.5);
        return tf.argMax(tf.sub(tf.matMul(q, c, false, true), half), 1).dataSync();
      });
      visit(Int32Array.from(predictions));
    }
  } finally {
    q.dispose();
  }
}

/** Mean, and half the width of its 95 % interval over draws: 1.96 standard errors. */
export function meanOverDraws(values: readonly number[]): {
  readonly mean: number;
  readonly halfWidth: number;
} {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, halfWidth: 1.96 * Math.sqrt(squares / (n - 1) / n) };
}

function meanOf(features: Float32Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  features.forEach((value, i) => {
    mean[i % d] = (mean[i % d] ?? 0) + value;
  });
  return mean.map((sum) => (sum * d) / features.length);
}

/** Rows minus the mean, each of length 1; a row at the mean is one of zeros. */
function centredUnits(features: Float32Array, mean: Float64Array): Float32Array {
  const d = mean.length;
  const units = new Float32Array(features.length);
  for (let from = 0; from < features.length; from += d) {
    const row = mean.map((centre, j) => (features[from + j] ?? 0) - centre);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0)
      units.set(
        row.map((value) => value / length),
        from,
      );
  }
  return units;
}

/** Means (classes, d) of the drawn rows of each class. */
function centresOf(units: Float32Array, d: number, drawn: Drawn, classes: number): Float32Array {
  const shots = drawn.length / classes;
  const centres = new Float64Array(classes * d);
  drawn.forEach((place, at) => {
    const to = Math.floor(at / shots) * d;
    for (let j = 0; j < d; j++) {
      centres[to + j] = (centres[to + j] ?? 0) + (units[place * d + j] ?? 0) / shots;
    }
  });
  return Float32Array.from(centres);
}
