import { expect } from 'vitest';
import { methodRules } from '../../../src/library/method-rules.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { withPaces } from '../../../src/library/paces.js';
import type { Method } from '../../../src/library/stage.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { type NamedTensors, pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { momentOf } from '../../../src/tensor/train/moment.js';
import { trainStep } from '../../../src/tensor/train/train-step.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { referenceEncoder } from './reference-encoder.js';

/**
 * Does the steps that a make_*.py script of a method recorded, by the rules of a training, and compares
 * losses, gradients, weights and state; a method that divides by a low temperature may differ by `sharpness`
 * times as much. Returns the loss with its gradients at the last weights, for further views.
 */
export function replaySteps(
  name: string,
  method: Method,
  { sharpness = 1 }: { readonly sharpness?: number } = {},
): (views: NamedTensors) => { loss: tf.Tensor; gradients: NamedTensors } {
  const reference = tensorsOf(name);
  const optimizer = withPaces(
    sgd({ lr: 0.2, momentum: 0.9, nesterov: false, decay: 0, exclude: false }),
    method.paces,
  );
  let gradients: NamedTensors = {};
  const given = methodRules(method, referenceEncoder, optimizer);
  const rules: typeof given = {
    ...given,
    update(found, ...rest) {
      gradients = Object.fromEntries(Object.entries(found).map(([k, t]) => [k, tf.keep(t)]));
      return given.update(found, ...rest);
    },
  };
  const first = under(reference, 'first');
  const trained = under(first, 'trained');
  let now = { trained, state: under(first, 'state'), slots: optimizer.init(trained) };
  const number = (tensor: tf.Tensor | undefined): number => tensor?.dataSync()[0] ?? Number.NaN;
  const scale = number(reference.scale);
  const steps = Object.keys(reference).filter((key) => /^step\d+\.loss$/.test(key)).length;
  // Records made before epochs mattered to any method are of one.
  const perEpoch = reference.per_epoch ? number(reference.per_epoch) : steps;
  const training = { seed: 0, epochs: steps / perEpoch, perEpoch, scale };
  for (let step = 0; step < steps; step++) {
    const recorded = under(reference, `step${step}`);
    const at = momentOf(step, training);
    const { next, loss } = trainStep(rules, now, { inputs: inputsOf(recorded), at });
    now = next;
    expectClose(`${name} loss: step ${step}`, loss, pick(recorded, 'loss'), 2e-6 * sharpness);
    if (step === 0)
      compare(`${name} gradient`, gradients, under(reference, 'gradient'), 2e-6 * sharpness);
  }
  const last = under(reference, 'last');
  compare(`${name} weight`, now.trained, under(last, 'trained'), 5e-6 * sharpness);
  compare(`${name} state`, now.state, under(last, 'state'), 5e-6 * sharpness);
  const at = momentOf(steps, training);
  return (views) =>
    differentiate(now.trained, (weights) => {
      const { loss, state } = rules.loss(weights, now.state, inputsOf(views), at);
      return { loss, others: state };
    });
}

/** What a loss sees of recorded views, square (n, 12) or larger, `view0` and on, and of their labels, `labels0` and on. */
function inputsOf(recorded: NamedTensors): NamedTensors {
  const views = Object.entries(recorded).filter(([name]) => name.startsWith('view'));
  const images = views.map(([name, view]) => {
    const side = Math.sqrt((view.shape[1] ?? 0) / 3);
    return [name.slice(4), view.reshape([-1, side, side, 3])];
  });
  const items = tf.range(0, views[0]?.[1].shape[0] ?? 0, 1, 'int32');
  const labels = Object.entries(recorded)
    .filter(([name]) => name.startsWith('labels'))
    .map(([name, numbers]) => [name.slice(6), numbers.toInt()]);
  return {
    ...prefixed(Object.fromEntries(images), 'view'),
    ...prefixed(Object.fromEntries(labels), 'labels'),
    items,
  };
}

/** Compares by name, and that there is no other; a bias before a batch norm has a gradient of rounding alone. */
export function compare(
  label: string,
  found: NamedTensors,
  reference: NamedTensors,
  tolerance: number,
): void {
  expect(Object.keys(found).sort(), label).toEqual(Object.keys(reference).sort());
  for (const [name, expected] of Object.entries(reference)) {
    const size = tf.max(tf.abs(expected)).dataSync()[0] ?? 0;
    if (size > 1e-12) expectClose(`${label}: ${name}`, pick(found, name), expected, tolerance);
    else expect(tf.max(tf.abs(pick(found, name))).dataSync()[0], name).toBeLessThan(1e-6);
  }
}
