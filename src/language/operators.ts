import type { Type } from './types.js';

/** The arithmetic and comparisons of the language, on numbers. */
export const ofNumbers = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;

export type NumberOperator = keyof typeof ofNumbers;

export function isOfNumbers(operator: string): operator is NumberOperator {
  return Object.hasOwn(ofNumbers, operator);
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
