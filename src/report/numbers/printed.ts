import type { Cell } from '../../execute/record.js';
import { printCell, printedText, printPublished } from './format-number.js';

/** What of a cell is printed as a number of its own. */
export type PrintedPart = 'spread' | 'low' | 'high' | 'published' | undefined;

/** The cell, or one of its numbers, as a report prints it. */
type Shown = Pick<Cell, 'mean' | 'std' | 'interval' | 'unit'>;

/** A number of a cell as a report prints it: `44.8 %`, of `44.8 ± 2.0 %` the spread `2.0 %`. */
export function printedPart(shown: Shown, part: PrintedPart): string {
  if (part === 'published') return printedText(printPublished(shown.mean, shown.unit));
  const { mean, spread, unit } = printCell(shown);
  const [, low = mean, high = mean] = /^\[(.*), (.*)\]$/.exec(mean) ?? [];
  const number =
    part === 'spread' ? (spread ?? mean) : part === 'low' ? low : part === 'high' ? high : mean;
  return unit === '' ? number : `${number} ${unit}`;
}

/**
 * How a number that somebody read in a report stands for one of its numbers: `printed` where it is
 * printed so, `rounded` where it is that number with as many decimals. With `%` it is a share; without
 * any sign it may be percent or not.
 */
export function readsAs(
  text: string,
  value: number,
  printed: string,
  unit: Cell['unit'],
): 'printed' | 'rounded' | undefined {
  const sought = plainText(text);
  const share = unit === 'Fraction' || unit === 'FractionDifference';
  const percent = sought.endsWith('%');
  if (percent && !share) return undefined;
  // Only gains are printed with a sign.
  if (/^\s*\+/.test(text) && !printed.startsWith('+')) return undefined;
  const bare = withoutUnit(sought);
  if (bare === withoutUnit(plainText(printed))) return 'printed';
  const [plain, digits = '', decimals = '', exponent = '0'] =
    /^-?(\d+(?:\.(\d+))?)(?:e([+-]?\d+))?$/i.exec(bare) ?? [];
  const number = Number(plain);
  // Of one digit, too much would be a rounding.
  if (!Number.isFinite(number) || digits.replace('.', '').replace(/^0+/, '').length < 2) {
    return undefined;
  }
  const scaled = share ? (percent ? [value * 100] : [value * 100, value]) : [value];
  const near = 0.5 * 10 ** (Number(exponent) - decimals.length) * (1 + 1e-9);
  return scaled.some((one) => Math.abs(one - number) <= near) ? 'rounded' : undefined;
}

/** Without spaces, the sign of gains, thousands' commas, and what stands behind `±`. */
const plainText = (text: string): string =>
  text
    .replace(/±.*$/s, '')
    .replaceAll(/[\s,]+/g, '')
    .replaceAll('−', '-')
    .replace(/^\+/, '');

const withoutUnit = (text: string): string => text.replace(/(%|points?|px|°)$/, '');
