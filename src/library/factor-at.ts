import { SspError } from '../base/errors.js';
import type { Schedule } from './stage.js';

/**
 * The factor of the base learning rate at a step, which depends on nothing else: a training that goes on from a
 * checkpoint asks again. @throws SspError `bad-schedule`.
 */
export function factorAt(
  schedule: Schedule,
  step: number,
  { steps, perEpoch }: { readonly steps: number; readonly perEpoch: number },
): number {
  const factor: unknown = schedule.scale(step, steps, perEpoch);
  if (typeof factor !== 'number' || !(factor >= 0 && Number.isFinite(factor))) {
    throw bad(`is ${String(factor)} at step ${step + 1}`, 'It is a finite number from 0.');
  }
  const again = schedule.scale(step, steps, perEpoch);
  if (again === factor) return factor;
  throw bad(
    `is ${factor} at step ${step + 1}, and asked again ${again}`,
    'It follows from the step, the number of steps and the steps of an epoch alone.',
  );
}

const bad = (found: string, help: string): SspError =>
  new SspError('bad-schedule', `\`scale\` of the schedule ${found}`, { help });
