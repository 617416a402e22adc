import type { Json } from '../../base/canonical.js';
import type { BinaryOperator } from '../ast.js';
import { decides, ofMany, ofOne, ofTwo, plainReductions } from '../operators.js';
import type { Reduction, Term } from '../program.js';
import { labelAt } from './label-at.js';
import { type At, type Axes, fewPointsOver } from './points-over.js';
import { meet, meetShared, type Remembered, remembered } from './shared-terms.js';

/**
 * The value of a term at a point, as far as the text alone tells: undefined where it depends on a
 * result, on the environment or on a file, where it is a description, or where a set slice dropped
 * the point. A division by zero gives a number that is not finite.
 */
export function evaluate(term: Term, at: At, axes: Axes): Json | undefined {
  meet(term);
  let memory = memories.get(axes);
  if (!memory) {
    memory = remembered();
    memories.set(axes, memory);
  }
  return valueAt(term, at, axes, memory);
}

const memories = new WeakMap<Axes, Remembered<Json | undefined>>();

function valueAt(
  term: Term,
  at: At,
  axes: Axes,
  memory: Remembered<Json | undefined>,
): Json | undefined {
  return memory.recall(term, at, () => find(term, at, axes, memory));
}

function find(
  term: Term,
  at: At,
  axes: Axes,
  memory: Remembered<Json | undefined>,
): Json | undefined {
  const go = (inner: Term) => valueAt(inner, at, axes, memory);
  switch (term.kind) {
    case 'literal':
      return term.value;
    case 'file':
    case 'env':
    case 'stage':
    case 'describe':
      return undefined;
    case 'axis': {
      const axis = axes.get(term.axis);
      const value = axis && labelAt(axis, at[term.axis])?.value;
      if (value) meetShared(value);
      return value && go(value);
    }
    case 'reduce': {
      const points = fewPointsOver(term.over, axes, mostReduced);
      const values = points.map((point) => valueAt(term.of, { ...at, ...point }, axes, memory));
      return reduce(term.operator, values);
    }
    case 'list': {
      const items = term.items.map(go);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'record': {
      const record: [string, Json][] = [];
      for (const field of term.fields) {
        const value = go(field.value);
        if (value === undefined) return undefined;
        record.push([field.name, value]);
      }
      return Object.fromEntries(record);
    }
    case 'range': {
      const [low, high] = [go(term.low), go(term.high)];
      return low === undefined || high === undefined ? undefined : { low, high };
    }
    case 'member': {
      const field = memberTerm(term.of, term.name, at, axes);
      if (field) return go(field);
      const of = go(term.of);
      return of !== null && typeof of === 'object' && !Array.isArray(of)
        ? (of as Readonly<Record<string, Json>>)[term.name]
        : undefined;
    }
    case 'unary': {
      const of = go(term.of);
      return of === undefined ? undefined : ofOne(term.operator, of);
    }
    case 'binary':
      return binary(term.operator, go(term.left), () => go(term.right));
    case 'if': {
      const condition = go(term.condition);
      if (typeof condition !== 'boolean') return undefined;
      return go(condition ? term.then : term.else);
    }
    case 'is': {
      const label = 'axis' in term.of ? at[term.of.axis] : go(term.of.value);
      return typeof label === 'string' ? term.labels.includes(label) !== term.negated : undefined;
    }
    case 'match': {
      const label = 'axis' in term.of ? at[term.of.axis] : go(term.of.value);
      if (typeof label !== 'string') return undefined;
      const value = term.arms.find((arm) => arm.labels.includes(label))?.value ?? term.else;
      return value && go(value);
    }
    case 'slice': {
      const [first] = term.labels;
      if (term.set) {
        const label = at[term.axis];
        return label !== undefined && term.labels.includes(label) ? go(term.of) : undefined;
      }
      return first === undefined
        ? undefined
        : valueAt(term.of, { ...at, [term.axis]: first }, axes, memory);
    }
  }
}

/** The field of a record whose other fields may be unknown. */
function memberTerm(of: Term, name: string, at: At, axes: Axes): Term | undefined {
  if (of.kind === 'record') return of.fields.find((field) => field.name === name)?.value;
  if (of.kind !== 'axis') return undefined;
  const axis = axes.get(of.axis);
  const value = axis && labelAt(axis, at[of.axis])?.value;
  if (value) meetShared(value);
  return value && memberTerm(value, name, at, axes);
}

function binary(
  operator: BinaryOperator,
  left: Json | undefined,
  right: () => Json | undefined,
): Json | undefined {
  if (left === undefined || decides(operator, left)) return left;
  const other = right();
  return other === undefined ? undefined : ofTwo(operator, left, other);
}

/** Of more values than this a reduction is left to the planner. */
const mostReduced = 10_000;

/** A plain reduction of values that are all known; the others are left to the planner. */
function reduce(operator: Reduction, values: readonly (Json | undefined)[]): Json | undefined {
  const plain = plainReductions.find((name) => name === operator);
  if (values.length === 0 || !plain) return undefined;
  const numbers = values.filter((value) => value === null || typeof value === 'number');
  return numbers.length < values.length ? undefined : ofMany(plain, numbers);
}
