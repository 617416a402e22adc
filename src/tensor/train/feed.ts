import { setImmediate } from 'node:timers/promises';
import { tf } from '../tf.js';
import { momentOf } from './moment.js';
import type { Stepped, Stepper } from './stepper.js';
import type { Fed } from './train-step.js';
import type { Training } from './training.js';

/** Begins to read what a step needs, if there is such a step; a failure is told when it is awaited. */
export function fetchAhead(
  training: Training,
  step: number,
  steps: number,
): Promise<void> | undefined {
  const fetched = step < steps ? training.fetch?.(step) : undefined;
  fetched?.catch(() => {});
  return fetched;
}

/** One step from host to host, with what comes before an epoch. */
export function advance(training: Training, stepper: Stepper, step: number): Stepped {
  const fed = fedAt(training, step);
  if (step % training.perEpoch === 0) stepper.begin(fed);
  const stepped = stepper.step(fed);
  tf.dispose([fed.inputs, fed.at]);
  return stepped;
}

/** Shows the batches of the first epoch, to what observes them, before anything is learnt; false where it was asked to end. */
export async function observeAll(
  training: Training,
  stepper: Stepper,
  isAsked: () => boolean = () => false,
): Promise<boolean> {
  if (!training.rules().observe) return true;
  for (let step = 0; step < training.perEpoch; step++) {
    if (isAsked()) return false;
    const fed = fedAt(training, step);
    stepper.observe(fed);
    tf.dispose([fed.inputs, fed.at]);
    await setImmediate();
  }
  return true;
}

/** What a step is fed; the caller frees it. */
export function fedAt(training: Training, step: number): Fed {
  const scale = training.scale?.(step) ?? 1;
  return { inputs: training.inputs(step), at: momentOf(step, { ...training, scale }) };
}
