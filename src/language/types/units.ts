import { units } from '../lex/literals.js';
import type { Unit } from '../types.js';

/**
 * The value of a number with a suffix in its type's normal measure: the double nearest to what is written,
 * so that `33.3%` is `0.333`. Rounding digits first and what comes of them again would be another at times.
 */
export function normalise(
  digits: string,
  suffix: string,
): { readonly value: number; readonly unit: Unit } | undefined {
  const found = Object.hasOwn(units, suffix) ? units[suffix] : undefined;
  if (!found) return undefined;
  const { factor, of: unit } = found;
  const [, whole = '', fraction = '', exponent = '0'] = decimalParts.exec(digits) ?? [];
  // of an exponent as large as this a double knows no more than of a larger one
  const shift = Math.max(-MUCH, Math.min(MUCH, Number(exponent)));
  const [times, power] = factor < 1 ? [1, Math.round(Math.log10(factor))] : [factor, 0];
  const scaled = BigInt(whole + fraction) * BigInt(times);
  return { value: Number(`${scaled}e${power + shift - fraction.length}`), unit };
}

const MUCH = 1e12;
const decimalParts = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The suffix of a unit that was written in other cases, as kB for KB. */
export const suffixLike = (suffix: string, unit: Unit): string | undefined =>
  Object.keys(units).find(
    (known) => known.toLowerCase() === suffix.toLowerCase() && units[known]?.of === unit,
  );

const durations = ['d', 'h', 'min', 's', 'ms'];
const sizes = ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'kB'];

/** A number as a person would write it: `10%`, `64px`, `12h`, `0.05`. */
export function showNumber(value: number, unit: Unit): string {
  if (unit === 'Fraction') return `${trim(value * 100)}%`;
  if (unit === 'Pixels') return `${trim(value)}px`;
  if (unit === 'Angle') return `${trim(value)}deg`;
  if (unit === 'Duration') return inShortest(value, durations, 's', 1);
  if (unit === 'Bytes') return inShortest(value, sizes, 'kB', 1e3);
  return String(value === 0 ? 0 : value);
}

function inShortest(
  value: number,
  names: readonly string[],
  fallback: string,
  factor: number,
): string {
  let shortest: { count: number; name: string } | undefined;
  for (const name of value === 0 ? [] : names) {
    const count = trimmed(value / (units[name]?.factor ?? 1));
    if (!Number.isInteger(count)) continue;
    if (!shortest || Math.abs(count) < Math.abs(shortest.count)) shortest = { count, name };
  }
  if (shortest) return `${shortest.count}${shortest.name}`;
  return `${trim(value / factor)}${fallback}`;
}

/** Without the noise of binary fractions: 7.000000000000001 is 7. */
function trimmed(value: number): number {
  return Number(value.toPrecision(14));
}

function trim(value: number): string {
  return String(trimmed(value) === 0 ? 0 : trimmed(value));
}
