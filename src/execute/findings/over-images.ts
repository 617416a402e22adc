import { mcnemar } from '../../base/statistics/mcnemar.js';
import { bootstrapInterval, counted } from '../../base/statistics/paired-images.js';
import type { Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import type { OverImages } from '../record.js';
import type { Answers, ReadAnswers } from './answers.js';
import type { ImagePair, ImageSide, Predictions } from './predictions.js';
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
  { answers, once }: Predictions,
): OverImages {
  const axes = pairedOver({ left, right }, over);
  const pairs = [...pointsOver(axes, at, world)].flatMap((point): readonly ImagePair[] => {
    const first = sideAt(left, point, world);
    const second = first && sideAt(right, point, world);
    return second ? [{ point: pointText(axes, point), first, second }] : [];
  });
  return once(pairs, () => overPairs(pairs, answers));
}

/** Undefined where the side has no number. */
function sideAt(term: Term, at: Point, world: World): ImageSide | undefined {
  const { world: seen, read } = recording(world);
  const value = evaluate(term, at, seen);
  return typeof value === 'number' && Number.isFinite(value)
    ? { value, reads: [...read] }
    : undefined;
}

function overPairs(pairs: readonly ImagePair[], answers: ReadAnswers): OverImages {
  const tests: { point: string; first: number; second: number; exact: number; midP: number }[] = [];
  let sums: Float64Array | undefined;
  let asked: Answers['asked'] | undefined;
  for (const { point, ...sides } of pairs) {
    const first = answerOf(sides.first, answers);
    if (typeof first === 'string') return { none: first };
    const second = answerOf(sides.second, answers);
    if (typeof second === 'string') return { none: second };
    asked ??= first.asked;
    if (first.asked !== asked || second.asked !== asked) return { none: notTheSame };
    sums ??= new Float64Array(first.right.length);
    for (let i = 0; i < sums.length; i++) {
      sums[i] = (sums[i] ?? 0) + (first.right[i] ?? 0) - (second.right[i] ?? 0);
    }
    if (first.isOnce && second.isOnce) tests.push({ point, ...tested(first.right, second.right) });
  }
  if (sums === undefined) return { none: 'no predictions are kept' };
  // Sums of a few shares that are equal but for rounding are one value.
  const differences = [...sums].map((sum) => Math.round((sum / pairs.length) * 1e9) / 1e9);
  const interval = bootstrapInterval(counted(differences));
  if (interval === undefined) return { none: 'one image is none to draw from' };
  return { images: sums.length, interval, mcnemar: tests.length === pairs.length ? tests : [] };
}

const notTheSame = 'not all were asked the same of the same images';

/** What a side answered, the mean over the results that it reads. */
function answerOf({ value, reads }: ImageSide, answers: ReadAnswers): Answers | string {
  const results: Answers[] = [];
  for (const id of reads) {
    const found = answers(id);
    if (typeof found === 'string') return found;
    results.push(found);
  }
  const [one, ...others] = results;
  if (one === undefined) return 'no predictions are kept';
  if (others.some(({ asked }) => asked !== one.asked)) return notTheSame;
  const answer = others.length === 0 ? one : { ...one, right: meansOf(results), isOnce: false };
  return Math.abs(meanOf(answer.right) - value) > alike
    ? 'the kept predictions are not those that the number counts'
    : answer;
}

function tested(first: Float64Array, second: Float64Array) {
  let [only, other] = [0, 0];
  first.forEach((right, i) => {
    if (right > (second[i] ?? 0)) only += 1;
    else if (right < (second[i] ?? 0)) other += 1;
  });
  return mcnemar(only, other);
}

const meansOf = (results: readonly Answers[]): Float64Array =>
  (results[0]?.right ?? new Float64Array()).map((_, i) =>
    meanOf(results.map(({ right }) => right[i] ?? 0)),
  );

function meanOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
