import { inFloat64 } from '../floats.js';
import { expectedCalibrationError } from './calibration.js';
import { holdOut } from './hold-out.js';
import type { Minimum } from './lbfgs.js';
import { type Logistic, logisticRegression, predictLogistic, predictorOf } from './logistic.js';
import { scalingOf, standardise } from './standardise.js';

/** Features (n, d), row by row, and the number of each one's class; -1 for a class that training does not know. */
export interface Labelled {
  readonly features: Float32Array;
  readonly labels: Int32Array;
}

/** What is held out of `train` where there is no validation split. */
export interface HoldOut {
  readonly share: number;
  readonly seed: number;
}

export interface LinearProbe {
  readonly train: Labelled;
  /** Or a part of each class of `train` in its place; then the last fit is on all of `train`. */
  readonly validation: Labelled | HoldOut;
  readonly test: Labelled;
  /** Length d of the features. */
  readonly d: number;
  readonly classes: number;
  /** Each above 0. */
  readonly penalties: readonly number[];
}

/** One fit. */
export interface Trial {
  readonly penalty: number;
  /** Accuracy on what the penalty is chosen on; none for the last fit on all of `train`. */
  readonly validation?: number;
  readonly iterations: number;
  readonly end: Minimum['end'];
}

export interface LinearProbeResult {
  readonly accuracy: number;
  readonly validation: number;
  readonly penalty: number;
  /** Expected calibration error on `test`. */
  readonly calibration: number;
  /** Class of each image of `test`. */
  readonly predictions: Int32Array;
}

/**
 * Accuracy on `test` of logistic regression on `train`, with the penalty that is best on
 * `validation` (of equals the largest). Fits begin with the largest penalty, each where the last
 * one ended.
 */
export function probeLinearly(
  { train, validation, test, d, classes, penalties }: LinearProbe,
  tried: (trial: Trial) => void = () => undefined,
): LinearProbeResult {
  const scaling = scalingOf(train.features, d);
  const scaled = ({ features, labels }: Labelled) => ({
    x: standardise(features, scaling),
    labels,
    d,
    classes,
  });
  const given = 'features' in validation;
  const [fitted, chosenOn] = given ? [train, validation] : divided(train, d, validation);
  const held = scaled(chosenOn);
  const best = inFloat64((ops) => {
    const predict = predictorOf(ops, held.x, d);
    const fitWith = logisticRegression(ops, scaled(fitted));
    let start: Logistic | undefined;
    let best: { model: Logistic; penalty: number; validation: number } | undefined;
    for (const penalty of penalties.toSorted((a, b) => b - a)) {
      const { model, minimum } = fitWith({ penalty, start });
      const score = accuracy(predict(model).labels, held.labels);
      tried({ penalty, validation: score, iterations: minimum.iterations, end: minimum.end });
      if (best === undefined || score > best.validation)
        best = { model, penalty, validation: score };
      start = model;
    }
    if (best === undefined) throw new RangeError('no penalty to try');
    return best;
  });
  const { penalty } = best;
  const last = (start: Logistic): Logistic =>
    inFloat64((ops) => {
      const { model, minimum } = logisticRegression(ops, scaled(train))({ penalty, start });
      tried({ penalty, iterations: minimum.iterations, end: minimum.end });
      return model;
    });
  const model = given ? best.model : last(best.model);
  const found = predictLogistic(model, standardise(test.features, scaling), d);
  const { labels: predictions, confidences } = found;
  return {
    accuracy: accuracy(predictions, test.labels),
    validation: best.validation,
    penalty,
    calibration: expectedCalibrationError(confidences, predictions, test.labels),
    predictions,
  };
}

/** Share of the predictions that are the label. */
export function accuracy(predictions: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right += 1;
  return right / labels.length;
}

/** The part to fit on and the part to choose on. */
export function divided(
  sample: Labelled,
  d: number,
  { share, seed }: HoldOut,
): readonly [Labelled, Labelled] {
  const { kept, held } = holdOut(sample.labels, share, seed);
  return [selected(sample, d, kept), selected(sample, d, held)];
}

/** Those at these places. */
export function selected({ features, labels }: Labelled, d: number, places: Int32Array): Labelled {
  const taken = new Float32Array(places.length * d);
  places.forEach((place, at) => {
    taken.set(features.subarray(place * d, (place + 1) * d), at * d);
  });
  return { features: taken, labels: Int32Array.from(places, (place) => labels[place] ?? -1) };
}
