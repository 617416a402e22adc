import { canonical, type Json } from '../base/canonical.js';
import { mean, std } from '../base/statistics/moments.js';
import type { BinaryOperator } from './ast.js';
import type { Type } from './types.js';

/*
 * What the operators of the language make of values that are known. Who walks terms asks here and
 * nowhere else: `terms/evaluate.ts` by what the text tells, `plan/evaluate.ts` by what results tell.
 */

/** Arithmetic and comparisons. */
const ofNumbers = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;

/** `-a` and `not a`; nothing where the operand is of another kind. */
export function ofOne(operator: '-' | 'not', a: Json): number | boolean | undefined {
  if (operator === 'not') return typeof a === 'boolean' ? !a : undefined;
  return typeof a === 'number' ? -a : undefined;
}

/** Is the left side of `and` or `or` the value, whatever the right one is? */
export function decides(operator: BinaryOperator, left: unknown): boolean {
  return (operator === 'and' && left === false) || (operator === 'or' && left === true);
}

/** `a + b`, `a < b`, `a and b`; nothing where the operands are of another kind. */
export function ofTwo(operator: BinaryOperator, a: Json, b: Json): number | boolean | undefined {
  switch (operator) {
    case '==':
      return alike(a, b);
    case '!=':
      // what is no number compares with nothing
      return !alike(a, b) && !Number.isNaN(a) && !Number.isNaN(b);
    case 'and':
    case 'or':
      if (typeof a !== 'boolean' || typeof b !== 'boolean') return undefined;
      return operator === 'and' ? a && b : a || b;
    default:
      if (typeof a !== 'number' || typeof b !== 'number') return undefined;
      return ofNumbers[operator](a, b);
  }
}

/** Values with parts are the same where all their parts are. */
function alike(a: Json, b: Json): boolean {
  const [x, y] = [a, b].map((value) => value !== null && typeof value === 'object');
  return x && y ? canonical(a) === canonical(b) : a === b;
}

/** Reductions that need neither quantiles nor draws. */
export const plainReductions = ['mean', 'std', 'min', 'max', 'count'] as const;
export type PlainReduction = (typeof plainReductions)[number];

/** `mean`, `count` … of several numbers, those that are `none` left out; nothing where too few are left. */
export function ofMany(
  operator: PlainReduction,
  values: readonly (number | null)[],
): number | undefined {
  const numbers = values.filter((value) => value !== null);
  if (operator === 'count') return numbers.length;
  if (numbers.length === 0) return undefined;
  switch (operator) {
    case 'mean':
      return mean(numbers);
    case 'std':
      return std(numbers);
    case 'min':
      return numbers.reduce((a, b) => Math.min(a, b));
    case 'max':
      return numbers.reduce((a, b) => Math.max(a, b));
  }
}

/** Is a number of the type whole, so that it is exact up to 2^53 - 1 only? */
export function isWhole(type: Type): boolean {
  return (
    type.kind === 'number' &&
    (type.unit === 'Int' || type.unit === 'Pixels' || type.unit === 'Bytes')
  );
}

/** Can a number of the type not be this one: infinite, or a whole number that is not exact? */
export function isBeyond(value: number, type: Type): boolean {
  if (!Number.isFinite(value)) return true;
  return isWhole(type) && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
