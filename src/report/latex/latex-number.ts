import { decimalsOf, decimalsToShow } from '../numbers/decimals.js';
import type { Numbers } from '../numbers/format-number.js';
import type { UnitScale } from '../numbers/unit-scale.js';

/** A number as `siunitx` reads it, and the digits that it takes on either side of its marker. */
export interface LatexNumber {
  readonly text: string;
  readonly whole: number;
  readonly decimals: number;
  /** Digits of the uncertainty; 0 without one. */
  readonly uncertainty: number;
  readonly signed: boolean;
}

/** Decimals of a share without an uncertainty, as in tables everywhere. */
const lone = 1;
const mostAlone = 6;

/**
 * Mean and spread with two digits of the spread, and the mean to the same place: `51.0 \pm 1.0`. Undefined
 * where the cell is no such number: an interval, a text, a number that is not finite.
 */
export function latexNumber(
  { mean, std, interval, text, unit }: Numbers,
  { divisor }: UnitScale,
  sign: boolean,
): LatexNumber | undefined {
  if (interval || text !== undefined || !Number.isFinite(mean)) return undefined;
  const spread = std === undefined || !Number.isFinite(std) ? undefined : std / divisor;
  const value = mean / divisor;
  const decimals = decimalsBeside(value, spread, unit === 'Float' || unit === 'Int');
  const shown = value.toFixed(decimals);
  const uncertain = spread?.toFixed(decimals);
  // too small for digits behind a point
  if (isLost(value, shown) && (spread === undefined || isLost(spread, uncertain))) return undefined;
  const signless = shown.replace(/^-/, '');
  // nothing is negative that is shown as zero
  const negative = shown.startsWith('-') && /[1-9]/.test(shown);
  const mark = negative ? '-' : sign && /[1-9]/.test(shown) ? '+' : '';
  return {
    text: `${mark}${signless}${uncertain === undefined ? '' : ` \\pm ${uncertain}`}`,
    whole: signless.split('.')[0]?.length ?? 1,
    decimals,
    uncertainty: uncertain === undefined ? 0 : digitsOf(uncertain),
    signed: mark !== '',
  };
}

/** Is a number shown as 0 that is none, and no rounding of one? */
const isLost = (value: number, text = ''): boolean =>
  Math.abs(value) > 1e-300 && !/[1-9]/.test(text);

/** Decimals for two digits of the spread; without one, for a share one and for another number four digits. */
function decimalsBeside(value: number, spread: number | undefined, plain: boolean): number {
  if (spread !== undefined && spread > 0) return decimalsOf(spread);
  if (!plain) return decimalsToShow(value, lone);
  if (Number.isInteger(value)) return 0;
  return Math.min(mostAlone, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
}

/** As many digits as `siunitx` counts: all before the marker too. */
const digitsOf = (number: string): number =>
  number.replace('.', '').replace(/^0+(?=\d)/, '').length;
