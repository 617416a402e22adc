import { canonical } from '../base/canonical.js';
import { Bug, SspError } from '../base/errors.js';
import type { BinaryOperator } from '../language/ast.js';
import { isOfNumbers, ofNumbers } from '../language/operators.js';
import type { Reduction } from '../language/program.js';
import { mean, std } from '../language/statistics.js';
import { ci95 } from './statistics.js';
import { MISSING, plain, type Value } from './value.js';

export type Operator = BinaryOperator | Reduction | 'negate' | 'if';

/** The meaning of an operator; symbolic where an operand waits for a result. */
export function apply(operator: string, of: readonly Value[]): Value | typeof MISSING {
  const unset = new Set<string>();
  let symbolic = false;
  for (const value of of) {
    if (value === null || typeof value !== 'object') continue;
    // Of parts of records the checker knows the declared type alone.
    if (value.kind === 'secret' && operator !== 'if' && !of.includes(null))
      throw looked(value.name);
    if (value.kind === 'unset') for (const name of value.names) unset.add(name);
    if (value.kind === 'metric' || value.kind === 'compute') symbolic = true;
  }
  if (unset.size > 0) return { kind: 'unset', names: [...unset].sort() };
  if (symbolic && operator !== 'count') return { kind: 'compute', operator, of };
  return concrete(operator, of);
}

/** A secret that something looks at. */
export const looked = (name: string): SspError =>
  new SspError('secret-used', `\`secret.${name}\` is compared or calculated with`, {
    help: 'a secret is handed over to a stage as a String, and to nothing else',
  });

function concrete(operator: string, of: readonly Value[]): Value | typeof MISSING {
  const [a, b] = of;
  if (isOfNumbers(operator)) return ofNumbers[operator](number(a), number(b));
  switch (operator) {
    case 'negate':
      return -number(a);
    case 'not':
      return !a;
    case 'if':
      return (a ? b : of[2]) ?? null;
    case '==':
      return same(a, b);
    case '!=':
      // what is no number compares with nothing
      return !same(a, b) && !Number.isNaN(a) && !Number.isNaN(b);
    case 'and':
      return Boolean(a) && Boolean(b);
    case 'or':
      return Boolean(a) || Boolean(b);
    default: {
      // What has no value is left out, as a missing point is.
      const present = of.filter((value) => value !== null);
      if (operator === 'count') return present.length;
      return present.length === 0 ? MISSING : reduce(operator, present.map(number));
    }
  }
}

function reduce(operator: string, values: readonly number[]): Value | typeof MISSING {
  switch (operator) {
    case 'mean':
      return mean(values);
    case 'std':
      return std(values) ?? MISSING;
    case 'min':
      return values.reduce((a, b) => Math.min(a, b));
    case 'max':
      return values.reduce((a, b) => Math.max(a, b));
    case 'ci95': {
      const interval = ci95(values);
      if (interval === undefined) return MISSING;
      const field = (name: 'low' | 'high') => ({ name, value: interval[name], span: undefined });
      return { kind: 'record', fields: [field('low'), field('high')] };
    }
    default:
      throw new Bug(`\`${operator}\` is no operator`);
  }
}

function number(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  throw new Bug(`expected a number, found ${JSON.stringify(value)}`);
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonical(plain(a)) === canonical(plain(b));
}
