import { mcnemar } from '../../base/statistics/mcnemar.js';
import { bootstrapInterval, counted } from '../../base/statistics/paired-images.js';
import type { Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import type { OverImages } from '../record.js';
import type { Answers, ReadAnswers } from './answers.js';
import { recording } from './recording.js';

export type Difference = Pick<Extract<Term, { kind: 'binary' }>, 'left' | 'right'>;

/** The axes over which the sides of a difference are paired: those of `over` that either varies along. */
export const pairedOver = (
  { left, right }: Difference,
  over: readonly string[],
): readonly string[] =>
  over.filter((axis) => left.dims.includes(axis) || right.dims.includes(axis));

/** Shares are of thousands of images: what differs by less is rounding. */
const alike = 1e-6;

/** What one side of a difference answered at a point, the mean over the results that it reads. */
interface Side {
  readonly value: number;
  readonly results: readonly Answers[];
  readonly right: Float64Array;
}

/**
 * What the images say of a difference of two shares, the seeds being these: each image's own difference,
 * mean over the points of `over`, drawn from again. Only where the kept predictions give the very numbers
 * of the table; else why not.
 */
export function overImages(
  { left, right }: Difference,
  at: Point,
  over: readonly string[],
  world: World,
  answers: ReadAnswers,
): OverImages {
  const axes = pairedOver({ left, right }, over);
  const tests: { point: string; first: number; second: number; exact: number; midP: number }[] = [];
  let sums: Float64Array | undefined;
  let asked: Answers | undefined;
  let pairs = 0;
  for (const point of pointsOver(axes, at, world)) {
    const first = sideAt(left, point, world, answers);
    const second = sideAt(right, point, world, answers);
    if (first === undefined || second === undefined) continue;
    if (typeof first === 'string') return { none: first };
    if (typeof second === 'string') return { none: second };
    const [one] = first.results;
    if (one === undefined) continue;
    asked ??= one;
    const same = asked;
    if (![...first.results, ...second.results].every((other) => isSame(other, same))) {
      return { none: 'not all were asked the same of the same images' };
    }
    sums ??= new Float64Array(first.right.length);
    for (let i = 0; i < sums.length; i++) {
      sums[i] = (sums[i] ?? 0) + (first.right[i] ?? 0) - (second.right[i] ?? 0);
    }
    pairs += 1;
    if (isOne(first) && isOne(second)) {
      tests.push({ point: pointText(axes, point), ...tested(first.right, second.right) });
    }
  }
  if (sums === undefined) return { none: 'no predictions are kept' };
  // Sums of a few shares that are equal but for rounding are one value.
  const differences = [...sums].map((sum) => Math.round((sum / pairs) * 1e9) / 1e9);
  const interval = bootstrapInterval(counted(differences));
  if (interval === undefined) return { none: 'one image is none to draw from' };
  return { images: sums.length, interval, mcnemar: tests.length === pairs ? tests : [] };
}

/** Undefined where the side has no number. */
function sideAt(
  term: Term,
  at: Point,
  world: World,
  answers: ReadAnswers,
): Side | string | undefined {
  const { world: seen, read } = recording(world);
  const value = evaluate(term, at, seen);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const results: Answers[] = [];
  for (const id of read) {
    const found = answers(id);
    if (typeof found === 'string') return found;
    results.push(found);
  }
  const [one, ...others] = results;
  if (one === undefined) return 'no predictions are kept';
  if (others.some((other) => !isSame(other, one))) {
    return 'not all were asked the same of the same images';
  }
  const right = one.right.map((_, i) => meanOf(results.map((result) => result.right[i] ?? 0)));
  return Math.abs(meanOf(right) - value) > alike
    ? 'the kept predictions are not those that the number counts'
    : { value, results, right };
}

const isOne = ({ results, right }: Side): boolean =>
  results.length === 1 && right.every((share) => share === 0 || share === 1);

function tested(first: Float64Array, second: Float64Array) {
  let [only, other] = [0, 0];
  first.forEach((right, i) => {
    if (right > (second[i] ?? 0)) only += 1;
    else if (right < (second[i] ?? 0)) other += 1;
  });
  return mcnemar(only, other);
}

/** Were two asked the same, row by row? */
const isSame = (a: Answers, b: Answers): boolean =>
  a === b ||
  (a.question === b.question &&
    a.asked.length === b.asked.length &&
    a.asked.every((number, i) => number === b.asked[i]));

function meanOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
