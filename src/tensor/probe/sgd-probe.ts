import { accuracy, divided, type HoldOut, type Labelled } from './linear-probe.js';
import { predictLogistic } from './logistic.js';
import { type SgdFit, type SgdRecipe, trainBySgd } from './sgd.js';
import { standardise } from './standardise.js';

export interface SgdProbe {
  readonly train: Labelled;
  /**
   * What the rate is chosen on; or a part of each class of `train` in its place: then the last training is on
   * all of `train`. None: there is one rate.
   */
  readonly validation: Labelled | HoldOut | undefined;
  readonly test: Labelled;
  /** Length d of the features. */
  readonly d: number;
  readonly classes: number;
  readonly rates: readonly number[];
  /** How a layer is trained on that many images. */
  recipe(count: number): SgdRecipe;
}

/** A training with one rate. */
export interface SgdTrial {
  readonly rate: number;
  /** Accuracy on what the rate is chosen on, if there is such. */
  readonly validation: number | undefined;
  /** Mean loss of the last epoch; not finite where the training diverged. */
  readonly loss: number;
}

export interface SgdProbeResult {
  readonly predictions: Int32Array;
  /** Of the rate that was chosen. */
  readonly chosen: SgdTrial;
}

/**
 * Classes of `test` by a linear layer that is trained on `train`, with the rate that is best on
 * `validation` (of equals the smallest) of those that did not diverge. Undefined where all diverged, or the last
 * training did. `tried` is told of each training.
 */
export function probeBySgd(
  { train, validation, test, d, classes, rates, recipe }: SgdProbe,
  tried: (trial: SgdTrial) => void,
  epochDone: (epoch: number, losses: readonly number[]) => void,
): SgdProbeResult | undefined {
  const held = validation && 'share' in validation;
  const [fitted, chosenOn] = held ? divided(train, d, validation) : [train, validation];
  const trainOn = (data: Labelled, given: readonly number[]): readonly SgdFit[] =>
    trainBySgd({ ...data, d, classes }, recipe(data.labels.length), given, epochDone);
  const predict = ({ model, scaling }: SgdFit, { features }: Labelled): Int32Array =>
    predictLogistic(model, standardise(features, scaling), d).labels;
  let best: { readonly fit: SgdFit; readonly trial: SgdTrial } | undefined;
  for (const fit of trainOn(
    fitted,
    rates.toSorted((a, b) => a - b),
  )) {
    const { rate, loss } = fit;
    const stands = Number.isFinite(loss);
    const validation =
      chosenOn && stands ? accuracy(predict(fit, chosenOn), chosenOn.labels) : undefined;
    const trial = { rate, loss, validation };
    tried(trial);
    if (!stands) continue;
    if (best === undefined || (validation ?? 0) > (best.trial.validation ?? 0))
      best = { fit, trial };
  }
  if (best === undefined) return undefined;
  if (!held) return { predictions: predict(best.fit, test), chosen: best.trial };
  const [last] = trainOn(train, [best.fit.rate]);
  if (last === undefined || !Number.isFinite(last.loss)) return undefined;
  const chosen = { ...best.trial, loss: last.loss };
  return { predictions: predict(last, test), chosen };
}
