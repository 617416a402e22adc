import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import type { NamedTensors } from '../named-tensors.js';
import { firstBroken } from './step-norms.js';
import type { Stepped, Stepper } from './stepper.js';
import { disposeReplaced } from './train-step.js';
import type { Training } from './training.js';

/** What is not finite after a step. */
export interface Breakage {
  /** `the loss`, `the norm of weight encoder.conv1.weight`. */
  readonly what: string;
  readonly value: number;
}

/** What of the loss, the gradients and the weights broke in a step. */
export function breakageOf(stepper: Stepper, { watched, norms }: Stepped): Breakage | undefined {
  const loss = watched.get('loss') ?? Number.NaN;
  if (!Number.isFinite(loss)) return { what: 'the loss', value: loss };
  if (norms.every(Number.isFinite)) return undefined;
  const now = stepper.state();
  const { what, value, others } = firstBroken(norms, now.trained);
  disposeReplaced(now);
  const more = others === 0 ? '' : ` (and ${others} more)`;
  return { what: `the norm of ${what}${more}`, value };
}

/** What broke of statistics, teachers and the like: weights are watched in each step. */
export function breakageIn(state: NamedTensors): Breakage | undefined {
  for (const [name, tensor] of Object.entries(state)) {
    const value = tensor.dataSync<'float32'>().find((one) => !Number.isFinite(one));
    if (value !== undefined) return { what: name, value };
  }
  return undefined;
}

/** `the loss is NaN at step 7 (epoch 2 of 4, learning rate 0.1)`. */
export function breakageText(
  { what, value }: Breakage,
  { epochs, perEpoch, rate }: Pick<Training, 'epochs' | 'perEpoch' | 'rate'>,
  step: number,
): string {
  const epoch = Math.floor(step / perEpoch) + 1;
  const lr = Number(rate(step).toPrecision(3));
  return `${what} is ${value} at step ${step + 1} (epoch ${epoch} of ${epochs}, learning rate ${lr})`;
}

const name = 'broken.json';

/**
 * The error of a training that broke, whose step (from 0) is noted beside the checkpoint, so that it can
 * be repeated op by op.
 */
export function notFinite(
  folder: string,
  breakage: Breakage,
  training: Training,
  step: number,
): SspError {
  writeFileSync(join(folder, name), JSON.stringify({ step }));
  return new SspError('nan-loss', breakageText(breakage, training, step), {
    help: 'Lower the learning rate (`lr`) or warm up longer (`cosine(warmup: 10)`); for a method of `std.ssl`, `std.recipes` has what its authors train it with.',
  });
}

/** The step (from 0) at which a training with its checkpoint in that folder was seen to break. */
export function brokenStep(folder: string): number | undefined {
  try {
    const noted: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const step = typeof noted === 'object' && noted !== null && 'step' in noted ? noted.step : null;
    return Number.isSafeInteger(step) ? Number(step) : undefined;
  } catch {
    return undefined;
  }
}
