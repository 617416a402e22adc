import { fitLogistic, type Logistic, predictLogistic } from './logistic.js';
import { scalingOf, standardise } from './standardise.js';
import { tf } from './tf.js';

/** Features (n, d), row by row, and the number of each one's class; -1 for a class that training does not know. */
export interface Labelled {
  readonly features: Float32Array;
  readonly labels: Int32Array;
}

export interface LinearProbe {
  readonly train: Labelled;
  /** None: every fifth of `train` takes its place, and the last fit is on all of `train`. */
  readonly validation: Labelled | undefined;
  readonly test: Labelled;
  /** Length d of the features. */
  readonly d: number;
  readonly classes: number;
  readonly penalties: readonly number[];
}

/** One penalty that was tried. */
export interface Trial {
  readonly penalty: number;
  readonly validation: number;
  readonly iterations: number;
  readonly end: 'converged' | 'stalled' | 'limit';
}

// scikit-learn's default.
const tolerance = 1e-4;

/**
 * Accuracy on `test` of logistic regression on `train`, with the penalty that is best on
 * `validation` (of equals the largest). Fits begin with the largest penalty, each where the last
 * one ended, and end where no entry of the gradient is above 0.0001.
 */
export function probeLinearly(
  { train, validation, test, d, classes, penalties }: LinearProbe,
  tried: (trial: Trial) => void = () => undefined,
): { readonly accuracy: number; readonly validation: number; readonly penalty: number } {
  const scaling = scalingOf(train.features, d);
  const tensorOf = ({ features }: Labelled) =>
    tf.tensor2d(standardise(features, scaling), [features.length / d, d]);
  const [fitted, chosenOn] = validation ? [train, validation] : holdOut(train, d);
  return tf.tidy(() => {
    const x = tensorOf(fitted);
    const held = tensorOf(chosenOn);
    let start: Logistic | undefined;
    let best: { model: Logistic; penalty: number; validation: number } | undefined;
    for (const penalty of penalties.toSorted((a, b) => b - a)) {
      const options = { classes, penalty, tolerance, ...(start && { start }) };
      const { model, minimum } = fitLogistic(x, fitted.labels, options);
      const score = accuracy(predictLogistic(model, held), chosenOn.labels);
      tried({ penalty, validation: score, iterations: minimum.iterations, end: minimum.end });
      if (best === undefined || score > best.validation)
        best = { model, penalty, validation: score };
      start = model;
    }
    if (best === undefined) throw new RangeError('no penalty to try');
    let { model } = best;
    const { penalty } = best;
    if (validation === undefined) {
      const options = { classes, penalty, tolerance, start: model };
      const all = fitLogistic(tensorOf(train), train.labels, options);
      model = all.model;
    }
    const score = accuracy(predictLogistic(model, tensorOf(test)), test.labels);
    return { accuracy: score, validation: best.validation, penalty };
  });
}

/** Share of the predictions that are the label. */
export function accuracy(predictions: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right += 1;
  return right / labels.length;
}

/** Four fifths to fit on and every fifth item to choose on. */
function holdOut({ features, labels }: Labelled, d: number): readonly [Labelled, Labelled] {
  const take = (keep: (index: number) => boolean): Labelled => {
    const indices = Array.from(labels.keys()).filter(keep);
    const taken = new Float32Array(indices.length * d);
    indices.forEach((index, at) => {
      taken.set(features.subarray(index * d, (index + 1) * d), at * d);
    });
    return { features: taken, labels: Int32Array.from(indices, (index) => labels[index] ?? -1) };
  };
  return [take((index) => index % 5 !== 4), take((index) => index % 5 === 4)];
}
