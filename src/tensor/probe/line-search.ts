import type { Evaluation, Objective } from './objective.js';

/** A step along a direction; `step` is 0 when none lowers the value. */
export interface LineStep {
  readonly step: number;
  readonly at: Evaluation;
  readonly evaluations: number;
}

/** One tried step: the value there and the slope along the direction. */
interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
  readonly at: Evaluation;
}

const decrease = 1e-4;
const flatness = 0.9;
const mostTrials = 25;

/**
 * Finds a step along a descent direction that fulfils the strong Wolfe conditions (c1 = 1e-4,
 * c2 = 0.9), or else the tried step of the lowest value. Where values differ by rounding alone, the
 * slope decides: by less than `rounding`, or that share of them. `first` is tried first.
 *
 * Source: Nocedal, Wright 2006, algorithms 3.5 and 3.6, with cubic interpolation (equation 3.59);
 * for the slope Hager, Zhang 2005, A new conjugate gradient method, section 4.
 */
export function searchLine(
  objective: Objective,
  x: Float64Array,
  here: Evaluation,
  direction: Float64Array,
  { first, rounding }: { readonly first: number; readonly rounding: number },
): LineStep {
  let evaluations = 0;
  const slopeOf = (gradient: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < gradient.length; i++) sum += (gradient[i] ?? 0) * (direction[i] ?? 0);
    return sum;
  };
  const start: Trial = { step: 0, value: here.value, slope: slopeOf(here.gradient), at: here };
  let best = start;
  const attempt = (step: number): Trial => {
    evaluations += 1;
    const at = objective(x.map((value, i) => value + step * (direction[i] ?? 0)));
    const trial = { step, value: at.value, slope: slopeOf(at.gradient), at };
    if (trial.value < best.value) best = trial;
    return trial;
  };
  const end = (trial: Trial): LineStep => ({ step: trial.step, at: trial.at, evaluations });
  // Not finite counts as too far, so that an overflow shortens the step.
  const tooHigh = (trial: Trial): boolean =>
    !(trial.value <= start.value + decrease * trial.step * start.slope);
  const flat = (trial: Trial): boolean => Math.abs(trial.slope) <= -flatness * start.slope;
  const level = (trial: Trial): boolean =>
    Math.abs(trial.value - start.value) <= rounding * Math.max(1, Math.abs(start.value));

  if (!(start.slope < 0)) return end(start);
  let previous = start;
  let low: Trial | undefined;
  let high: Trial | undefined;
  for (let step = first; evaluations < mostTrials && low === undefined; step *= 2) {
    const trial = attempt(step);
    if (level(trial) && flat(trial)) return end(trial);
    if (tooHigh(trial) || (previous !== start && trial.value >= previous.value)) {
      low = previous;
      high = trial;
    } else if (flat(trial)) {
      return end(trial);
    } else if (trial.slope >= 0) {
      low = trial;
      high = previous;
    }
    previous = trial;
  }
  while (low !== undefined && high !== undefined && evaluations < mostTrials) {
    if (Math.abs(high.step - low.step) <= 1e-12 * Math.max(1, Math.abs(low.step))) break;
    const trial = attempt(between(low, high));
    if (level(trial) && flat(trial)) return end(trial);
    if (tooHigh(trial) || trial.value >= low.value) {
      high = trial;
    } else {
      if (flat(trial)) return end(trial);
      if (trial.slope * (high.step - low.step) >= 0) high = low;
      low = trial;
    }
  }
  return end(best);
}

/** Minimum of the cubic through two trials, kept away from both ends; their middle when it has none. */
function between(a: Trial, b: Trial): number {
  const middle = (a.step + b.step) / 2;
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const root = d1 * d1 - a.slope * b.slope;
  if (!(root >= 0)) return middle;
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(root);
  const step = b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const margin = 0.1 * Math.abs(b.step - a.step);
  const near = Math.min(a.step, b.step) + margin;
  const far = Math.max(a.step, b.step) - margin;
  return Number.isFinite(step) ? Math.min(Math.max(step, near), far) : middle;
}
