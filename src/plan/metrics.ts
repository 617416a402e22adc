import { inspect } from 'node:util';
import { SspError } from '../base/errors.js';
import { own } from '../base/own.js';
import { showType } from '../language/types/show-type.js';
import type { Type } from '../language/types.js';

/** Numbers of an evaluation by name; null where a metric that is declared with `?` has no value. */
export type Metrics = Readonly<Record<string, number | null>>;

/**
 * The metrics that `by` (a stage) gave, as they are declared. A Fraction without bounds is 0 to 1 here; Int,
 * Pixels and Bytes are whole. A metric with `?` may be null or left out.
 * @throws SspError `bad-metrics` for the first name too few or too many, or value that is none of its type.
 */
export function metricsAsDeclared(
  given: Readonly<Record<string, unknown>>,
  declared: Readonly<Record<string, Type>>,
  by: string,
): Metrics {
  const fault = faultIn(given, declared);
  if (fault) throw new SspError('bad-metrics', `${by} ${fault.message}`, fault);
  return Object.fromEntries(
    Object.keys(declared).map((name) => {
      const value = own(given, name);
      return [name, value === undefined || value === null ? null : Number(value)];
    }),
  );
}

/** Are metrics such as are declared? */
export function areAsDeclared(
  given: Readonly<Record<string, unknown>>,
  declared: Readonly<Record<string, Type>>,
): boolean {
  return faultIn(given, declared) === undefined;
}

interface Fault {
  readonly message: string;
  readonly help: string;
}

function faultIn(
  given: Readonly<Record<string, unknown>>,
  declared: Readonly<Record<string, Type>>,
): Fault | undefined {
  const list = Object.keys(declared)
    .map((name) => `\`${name}\``)
    .join(', ');
  const strange = Object.keys(given).find((name) => !Object.hasOwn(declared, name));
  if (strange !== undefined) {
    return {
      message: `gave the metric \`${strange}\`; declared are ${list}`,
      help: 'declare it in `Metrics{…}`, or leave it out',
    };
  }
  for (const [name, type] of Object.entries(declared)) {
    const value = own(given, name);
    const optional = type.kind === 'optional';
    if (optional && (value === undefined || value === null)) continue;
    if (value === undefined) {
      return {
        message: `gave no metric \`${name}\`; declared are ${list}`,
        help: `where it may have no value, declare \`${name}: ${showType(type)}?\``,
      };
    }
    const fault = faultOf(value, optional ? type.of : type, name);
    if (fault) return fault;
  }
  return undefined;
}

function faultOf(value: unknown, type: Type, name: string): Fault | undefined {
  const declared = showType(type);
  const none = `where there is no value, declare \`${name}: ${declared}?\` and give null`;
  const fault = (found: string, help: string): Fault => ({
    message: `gave ${found} as the metric \`${name}\`, which is declared as ${declared}`,
    help,
  });
  if (value === null) return fault('null', none);
  if (typeof value === 'string') {
    return fault(`the text ${short(value)}`, 'give a number, without quotes');
  }
  if (typeof value !== 'number') return fault(short(value), 'give one number');
  if (!Number.isFinite(value)) {
    return fault(String(value), `a diverged training is the usual reason; ${none}`);
  }
  if (type.kind !== 'number') return undefined;
  const { unit } = type;
  if (['Int', 'Pixels', 'Bytes'].includes(unit) && !Number.isSafeInteger(value)) {
    const whole = Number.isInteger(value) ? 'as an Int it is not exact' : `${unit} is whole`;
    return fault(String(value), `${whole}: give another number, or declare \`${name}: Float\``);
  }
  const share = unit === 'Fraction' && type.low === undefined && type.high === undefined;
  const { low, high } = share ? { low: 0, high: 1 } : type;
  if ((low === undefined || value >= low) && (high === undefined || value <= high)) {
    return undefined;
  }
  if (!share) return fault(String(value), 'it is outside the bounds that are declared');
  const part = Number((value / 100).toPrecision(12));
  return fault(
    String(value),
    value > 1 && value <= 100
      ? `a Fraction is 0 to 1: ${value} looks like percent, give ${part}`
      : `a Fraction is 0 to 1; for others write bounds, as in \`${name}: Fraction(-100%..100%)\`, or Float`,
  );
}

function short(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
