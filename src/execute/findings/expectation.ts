import type { Expect, Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import { type Absent, MISSING, PENDING, UNTOLD, type Value } from '../../plan/value.js';
import type { Cell, Expectation } from '../record.js';
import { intervalOf } from './interval-of.js';
import { recording } from './recording.js';
import { unitOf } from './unit-of.js';

type Side = Expectation['sides'][number];
type Binary = Extract<Term, { kind: 'binary' }>;

const comparisons = new Set(['<', '<=', '>', '>=', '==', '!=']);

/**
 * Whether a claim holds: at every point of its remaining axes. A point where it does not is enough
 * to say no; a missing result leaves it open otherwise.
 */
export function expectationOf(expect: Expect, around: World): Expectation {
  const { condition } = expect;
  const { world, silent } = recording(around);
  const compared = comparisonIn(condition);
  const sides: Side[] = [];
  const failing: string[] = [];
  const unclear: string[] = [];
  let points = 0;
  let open = false;
  const untold: string[] = [];
  for (const point of pointsOver(condition.dims, {}, world)) {
    const value = evaluate(condition, point, world);
    if (value === MISSING) continue;
    points += 1;
    if (value === PENDING) {
      open = true;
      continue;
    }
    const at = pointText(condition.dims, point);
    if (value === UNTOLD) {
      open = true;
      untold.push(at);
      continue;
    }
    const fails = value !== true;
    const side = compared ? sidesAt(compared, at, point, world) : undefined;
    if (side) sides.push(fails ? { ...side, fails } : side);
    if (compared && isUnclear(compared, point, world)) unclear.push(at);
    if (fails) failing.push(side ? withSides(at, side, compared) : at);
  }
  const holds = failing.length > 0 ? false : open || points === 0 ? undefined : true;
  const unit: Cell['unit'] | undefined = compared && unitOf(measuredSide(compared).type);
  const operator = compared?.operator;
  const { text, doc } = expect;
  const said = silent.size > 0 ? { silent: [...silent] } : {};
  const noted = unclear.length > 0 ? { unclear } : {};
  const without = untold.length > 0 ? { untold } : {};
  return {
    text,
    doc,
    holds,
    points,
    failing,
    sides,
    unit,
    operator,
    ...noted,
    ...without,
    ...said,
  };
}

const orders = new Set(['<', '<=', '>', '>=']);

/** Does the interval of a side that is a mean of several hold the other, a plain number? */
function isUnclear(term: Binary, point: Point, world: World): boolean {
  if (!orders.has(term.operator)) return false;
  return [[term.left, term.right] as const, [term.right, term.left] as const].some(
    ([mean, other]) => {
      if (other.dims.length > 0 || other.kind === 'reduce') return false;
      const interval = intervalOf(reducedAs('ci95', mean, point, world));
      const value = evaluate(other, point, world);
      if (interval === undefined || typeof value !== 'number') return false;
      return interval.low < value && value < interval.high;
    },
  );
}

/** The side that says how both are printed: a number that stands there has the other's unit. */
const measuredSide = ({ left, right }: Binary): Term => (left.kind === 'literal' ? right : left);

/** The comparison that a condition is. */
function comparisonIn(term: Term): Binary | undefined {
  return term.kind === 'binary' && comparisons.has(term.operator) ? term : undefined;
}

function sidesAt(term: Binary, at: string, point: Point, world: World): Side | undefined {
  const left = evaluate(term.left, point, world);
  const right = evaluate(term.right, point, world);
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  return {
    point: at,
    left,
    right,
    leftStd: spreadOf(term.left, point, world),
    rightStd: spreadOf(term.right, point, world),
  };
}

/** The sample standard deviation of what a term is the mean of. */
function spreadOf(term: Term, point: Point, world: World): number | undefined {
  const spread = reducedAs('std', term, point, world);
  return typeof spread === 'number' ? spread : undefined;
}

/** Another reduction of what a term is the mean of; null where it is no mean. */
function reducedAs(
  operator: 'std' | 'ci95',
  term: Term,
  point: Point,
  world: World,
): Value | Absent {
  if (term.kind === 'slice' && !term.set) {
    const label = term.labels[0] ?? '';
    return reducedAs(operator, term.of, { ...point, [term.axis]: label }, world);
  }
  if (term.kind !== 'reduce' || term.operator !== 'mean') return null;
  return evaluate({ ...term, operator }, point, world);
}

/** `method=simclr (0.41 > 0.43)`, numbers with four digits. */
function withSides(at: string, side: Side, term: Binary | undefined): string {
  const text = (value: number): string => String(Number(value.toPrecision(4)));
  const sides = `(${text(side.left)} ${term?.operator ?? ''} ${text(side.right)})`;
  return at === '' ? sides : `${at} ${sides}`;
}
