import { Bug, invariant, SspError } from '../base/errors.js';
import { placeOf } from '../base/source.js';
import { bySeed, isSeeds } from '../base/statistics/by-seed.js';
import { improvement } from '../base/statistics/improvement.js';
import { iqm, iqmInterval } from '../base/statistics/iqm.js';
import { mean } from '../base/statistics/moments.js';
import { type Pair, rankAmong, rankCorrelation } from '../base/statistics/rank-correlation.js';
import { leastSignFlip, signFlip } from '../base/statistics/sign-flip.js';
import { ci95, equivalence, needed } from '../base/statistics/student.js';
import { ofMany } from '../language/operators.js';
import type { Axis, Term } from '../language/program.js';
import { pointsOver } from '../language/terms/points-over.js';
import { unsetOf } from './apply.js';
import type { ImagesTell, OfImages } from './of-images.js';
import type { Point } from './plan.js';
import { type Absent, isAbsent, MISSING, PENDING, UNTOLD, type Value } from './value.js';

type Reduce = Extract<Term, { kind: 'reduce' }>;
type Read = (term: Term, point: Point) => Value | Absent;
type AskImages = (asked: OfImages) => ImagesTell | string | undefined;

/** What a reduction looks at beside values: axes, and whether it is asked after a run. */
interface Around {
  readonly axis: (name: string) => Axis;
  readonly result?: unknown;
}

/** A point with what is reduced there, and the second value; neither is absent. */
interface Met {
  readonly at: Point;
  readonly value: Value;
  readonly beside: Value;
}

/**
 * What a reduction makes of the values over its axes: MISSING where none is there, PENDING while one of
 * them is, UNTOLD where they are too few or too alike to give a number.
 */
export function reduce(
  term: Reduce,
  point: Point,
  world: Around,
  read: Read,
  images: AskImages,
): Value | Absent {
  const met: Met[] = [];
  let untold = false;
  for (const at of pointsOver(term.over, point, world)) {
    // what `pick` gives is looked at where it was picked
    const value = term.operator === 'pick' ? null : read(term.of, at);
    const beside = term.beside ? read(term.beside, at) : null;
    if (value === PENDING || beside === PENDING) return PENDING;
    if (value === UNTOLD || beside === UNTOLD) untold = true;
    if (isAbsent(value) || isAbsent(beside)) continue;
    met.push({ at, value, beside });
  }
  if (term.operator !== 'count') {
    // the largest of some would be said of all
    if (untold) return UNTOLD;
    if (met.length === 0) return MISSING;
  }
  const unset = unsetOf(met.flatMap(({ value, beside }) => [value, beside]));
  if (unset) return unset;
  const value = ofMet(term, point, met, read, images);
  if (value !== undefined) return value;
  // a table leaves such a cell empty; a stage would be left out without a word
  if (world.result === undefined) {
    refuseOne(term, numbersOf(met).length);
    return MISSING;
  }
  return UNTOLD;
}

/** What it makes of points that are there; undefined where they give nothing. */
function ofMet(
  term: Reduce,
  point: Point,
  met: readonly Met[],
  read: Read,
  images: AskImages,
): Value | Absent | undefined {
  switch (term.operator) {
    case 'pick': {
      const best = largest(met, ({ beside }) => beside);
      return best && read(term.of, best.at);
    }
    case 'argmax': {
      const best = largest(met, ({ value }) => value);
      return best && labelOf(best.at, term.over);
    }
    case 'mcnemar':
    case 'images_ci95':
      return ofImages(term, point, images);
    case 'ranking':
      return rankAt(read(term.of, point), met);
    case 'spearman':
      return correlation(met);
    default:
      return ofNumbers(term, met);
  }
}

/** The first point with the largest number; those without one are not looked at. */
function largest(met: readonly Met[], of: (met: Met) => Value): Met | undefined {
  let best: Met | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const each of met) {
    const number = numberIn(of(each));
    if (number === undefined || Number.isNaN(number)) continue;
    if (best !== undefined && number <= most) continue;
    best = each;
    most = number;
  }
  return best;
}

/** What `argmax` calls a point: `0.1`, over several axes `lr: 0.1, k: 20`. */
export function labelOf(at: Point, over: readonly string[]): string {
  const [only, ...more] = over;
  if (only !== undefined && more.length === 0) return at[only] ?? '';
  return over.map((axis) => `${axis}: ${at[axis] ?? ''}`).join(', ');
}

function ofNumbers(term: Reduce, met: readonly Met[]): Value | undefined {
  const numbers = numbersOf(met);
  // of what is no number nothing is known; comparisons with it would be false and look like an answer
  if ([...numbers, ...numbersOf(met, 'beside')].some(Number.isNaN) && term.operator !== 'count') {
    const none = Number.NaN;
    return term.type.kind === 'record' ? interval({ low: none, high: none }) : none;
  }
  const independent = (): readonly number[] => independentOf(term, met);
  switch (term.operator) {
    case 'pick':
    case 'argmax':
    case 'ranking':
    case 'spearman':
    case 'mcnemar':
    case 'images_ci95':
      throw new Bug(`\`${term.operator}\` gives no number`);
    case 'ci95':
      return interval(ci95(independent()));
    case 'iqm':
      return iqm(numbers);
    case 'iqm_ci95':
      return interval(iqmInterval(groupsOf(met, term.strata ?? [])));
    case 'p_value':
      return signFlip(independent());
    case 'least_p':
      return leastSignFlip(independent().length);
    case 'sample_size':
      return needed(independent());
    case 'equivalence':
      return equivalenceOf(term, met);
    case 'improvement':
      return improvementOf(term, met);
    default:
      return ofMany(term.operator, numbers);
  }
}

/** What images tell of two shares; it is open where nobody knows what was answered. */
function ofImages(
  { operator, of, beside, over }: Reduce,
  at: Point,
  ask: AskImages,
): Value | Absent {
  invariant(beside, 'what images tell is of two');
  const told = ask({ operator, first: of, second: beside, over, at });
  if (told === undefined || typeof told === 'string') return PENDING;
  if (operator === 'images_ci95') return record({ ...told.interval });
  const [test] = told.mcnemar;
  if (test === undefined) return PENDING;
  const { first, second, exact, midP } = test;
  return record({ first, second, exact, mid_p: midP });
}

/** The rank of a value among those along the axes; what is not there has none. */
function rankAt(value: Value | Absent, met: readonly Met[]): Value | Absent {
  const number = isAbsent(value) ? undefined : numberIn(value);
  if (number === undefined) return value;
  const numbers = numbersOf(met);
  // one that is no number stands nowhere, so that no place among all is known
  return numbers.some(Number.isNaN) ? Number.NaN : rankAmong(number, numbers);
}

/** Of the points at which both values are numbers; no number where one is NaN or they tell nothing. */
function correlation(met: readonly Met[]): Value | undefined {
  const pairs = met.flatMap(({ value, beside }): readonly Pair[] => {
    const [x, y] = [numberIn(value), numberIn(beside)];
    return x === undefined || y === undefined ? [] : [[x, y]];
  });
  if (pairs.length === 0) return undefined;
  const found = pairs.flat().some(Number.isNaN) ? undefined : rankCorrelation(pairs);
  return record({
    rho: found?.rho ?? Number.NaN,
    ci95: record({ low: found?.ci95?.low ?? null, high: found?.ci95?.high ?? null }),
    n: pairs.length,
  });
}

/** What tests and intervals take for independent: over seeds and more, the mean at each seed. */
function independentOf({ over }: Reduce, met: readonly Met[]): readonly number[] {
  const numbers = met.flatMap(({ at, value }) => {
    const number = numberIn(value);
    return number === undefined ? [] : [{ number, labels: over.map((axis) => at[axis] ?? '') }];
  });
  const [values, labels] = [numbers.map((one) => one.number), numbers.map((one) => one.labels)];
  return bySeed({ axes: over, labels, values }).values;
}

/** Over seeds and more pairs are of seeds alone, and what they give is the mean over the other axes. */
function improvementOf({ over }: Reduce, met: readonly Met[]): number | undefined {
  const others = over.some(isSeeds) ? over.filter((axis) => !isSeeds(axis)) : [];
  const each = grouped(met, others).flatMap(
    (group) => improvement(numbersOf(group), numbersOf(group, 'beside')) ?? [],
  );
  return each.length === 0 ? undefined : mean(each);
}

/** One margin holds for all: the smallest that is said. */
function equivalenceOf(term: Reduce, met: readonly Met[]): number | undefined {
  const margins = numbersOf(met, 'beside');
  const margin = ofMany('min', margins);
  if (margin === 0) {
    const { file, line } = placeOf(term.span);
    throw new SspError('not-a-number', `\`equivalence\` at ${file}:${line} has a margin of 0`, {
      help: 'nothing is less than 0 from 0: say from which difference on it matters',
    });
  }
  return margin === undefined ? undefined : equivalence(independentOf(term, met), margin);
}

/** The points in groups of equal labels along some axes. */
function grouped(met: readonly Met[], axes: readonly string[]): readonly (readonly Met[])[] {
  const groups = new Map<string, Met[]>();
  for (const each of met) {
    const name = JSON.stringify(axes.map((axis) => each.at[axis]));
    const group = groups.get(name);
    if (group) group.push(each);
    else groups.set(name, [each]);
  }
  return [...groups.values()];
}

/** The numbers in groups of equal labels along some axes. */
const groupsOf = (met: readonly Met[], strata: readonly string[]): readonly (readonly number[])[] =>
  grouped(met, strata)
    .map((group) => numbersOf(group))
    .filter(({ length }) => length > 0);

const numbersOf = (met: readonly Met[], side: 'value' | 'beside' = 'value'): readonly number[] =>
  met.flatMap((each) => numberIn(each[side]) ?? []);

/** Nothing for `none`. */
function numberIn(value: Value): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return value;
  throw new Bug(`expected a number, found ${JSON.stringify(value)}`);
}

function interval(found: { low: number; high: number } | undefined): Value | undefined {
  if (found === undefined) return undefined;
  return record({ low: found.low, high: found.high });
}

const record = (fields: Readonly<Record<string, Value>>): Value => ({
  kind: 'record',
  fields: Object.entries(fields).map(([name, value]) => ({ name, value, span: undefined })),
});

/** Says that what is asked of several values has one alone. */
function refuseOne({ operator, span }: Reduce, count: number): void {
  if (count !== 1) return;
  const { file, line } = placeOf(span);
  throw new SspError(
    'not-a-number',
    `\`${operator}\` at ${file}:${line} is asked of one value, and needs two to give a number`,
    { help: 'reduce over an axis with more labels, or slice fewer of them out' },
  );
}
