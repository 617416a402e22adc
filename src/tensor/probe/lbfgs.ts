import { searchLine } from './line-search.js';
import type { Objective } from './objective.js';

/** Where a minimisation ended. */
export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Length of the gradient. */
  readonly gradient: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** `converged`: the gradient is small; `stalled`: no step lowers the value any more; `limit`: out of iterations. */
  readonly end: 'converged' | 'stalled' | 'limit';
}

export interface MinimiseOptions {
  /** Stop when the gradient at a point is no longer than this there. */
  readonly tolerance?: number | ((x: Float64Array) => number);
  readonly iterations?: number;
  /** Pairs of steps and gradient changes that stand for the curvature. */
  readonly memory?: number;
  /** Differences of values below this, or below this share of them, are rounding. */
  readonly rounding?: number;
  /** Has stalled after so many iterations without a shorter gradient than before; never unless given. */
  readonly patience?: number;
  /**
   * Makes, where there is a step to take, a guess of the inverse curvature there, symmetric and positive,
   * times a vector. It is right but for a number, which the last step tells; without it there is that number alone.
   */
  readonly precondition?: (x: Float64Array) => (q: Float64Array) => Float64Array;
  /**
   * The guess is made anew where the gradient is less than a tenth of what it was where it was made, after
   * so many steps at least; never unless given.
   */
  readonly renewal?: number;
}

/** A guess of the inverse curvature, and where it was made. */
interface Guess {
  readonly inverse: (q: Float64Array) => Float64Array;
  readonly length: number;
  readonly iteration: number;
}

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step . change). */
  readonly rho: number;
}

/**
 * Minimises a smooth function by L-BFGS with a line search for the strong Wolfe conditions.
 * Deterministic: the same objective and start give the same bytes.
 *
 * Source: Nocedal, Wright 2006, Numerical Optimization, algorithms 7.4 and 7.5.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  {
    tolerance = 1e-5,
    iterations = 500,
    memory = 30,
    rounding = 1e-13,
    patience = Number.POSITIVE_INFINITY,
    precondition,
    renewal = Number.POSITIVE_INFINITY,
  }: MinimiseOptions = {},
): Minimum {
  let x: Float64Array = Float64Array.from(start);
  let here = objective(x);
  let evaluations = 1;
  let corrections: Correction[] = [];
  let guess: Guess | undefined;
  const result = (count: number, end: Minimum['end']): Minimum => ({
    x,
    value: here.value,
    gradient: norm(here.gradient),
    iterations: count,
    evaluations,
    end,
  });
  const isThere = (): boolean =>
    norm(here.gradient) <= (typeof tolerance === 'number' ? tolerance : tolerance(x));
  let shortest = { length: norm(here.gradient), iteration: 0 };
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (isThere()) return result(iteration, 'converged');
    const length = norm(here.gradient);
    if (length < shortest.length) shortest = { length, iteration };
    if (iteration - shortest.iteration > patience) return result(iteration, 'stalled');
    if (precondition && (guess === undefined || isOld(guess, { length, iteration }, renewal)))
      guess = { inverse: precondition(x), length, iteration };
    const direction = descent(here.gradient, corrections, guess?.inverse);
    // Without curvature the gradient's length says nothing about the step's: begin small.
    const blind = corrections.length === 0 && guess === undefined;
    const first = blind ? Math.min(1, 1 / norm(here.gradient)) : 1;
    const found = searchLine(objective, x, here, direction, { first, rounding });
    evaluations += found.evaluations;
    if (found.step === 0) {
      // Old curvature may mislead; steepest descent is tried once before giving up.
      if (corrections.length === 0) return result(iteration, 'stalled');
      corrections = [];
      continue;
    }
    const step = scale(direction, found.step);
    const change = minus(found.at.gradient, here.gradient);
    const curvature = dot(step, change);
    x = plus(x, step);
    here = found.at;
    if (curvature > 1e-12 * dot(change, change)) {
      corrections = [...corrections.slice(-(memory - 1)), { step, change, rho: 1 / curvature }];
    }
  }
  return result(iterations, isThere() ? 'converged' : 'limit');
}

/** May the curvature be another by now, and is it worth finding out? */
function isOld(guess: Guess, now: Omit<Guess, 'inverse'>, renewal: number): boolean {
  return now.length < 0.1 * guess.length && now.iteration - guess.iteration >= renewal;
}

/** Two-loop recursion: minus the inverse curvature times the gradient. */
function descent(
  gradient: Float64Array,
  corrections: readonly Correction[],
  guess: (q: Float64Array) => Float64Array = (vector) => vector,
): Float64Array {
  let q = scale(gradient, -1);
  const alphas: number[] = [];
  for (const { step, change, rho } of corrections.toReversed()) {
    const alpha = rho * dot(step, q);
    add(q, change, -alpha);
    alphas.push(alpha);
  }
  q = scale(guess(q), scaleOf(guess, corrections.at(-1)));
  for (const { step, change, rho } of corrections) {
    add(q, step, (alphas.pop() ?? 0) - rho * dot(change, q));
  }
  return q;
}

/** The number by which a guess becomes the inverse curvature along a step; 1 before there is one. */
function scaleOf(guess: (q: Float64Array) => Float64Array, last: Correction | undefined): number {
  return last ? 1 / (last.rho * dot(last.change, guess(last.change))) : 1;
}

/** Sum of products of two vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Length of a vector. */
export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

const scale = (a: Float64Array, factor: number): Float64Array => a.map((value) => value * factor);
const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v + (b[i] ?? 0));
const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - (b[i] ?? 0));

/** Adds a multiple of a vector to another. */
export function add(target: Float64Array, a: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (a[i] ?? 0);
}
