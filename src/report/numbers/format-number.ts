import { unreachable } from '../../base/errors.js';
import type { Cell } from '../../execute/record.js';
import { decimalsOf, decimalsToShow, shareDecimals } from './decimals.js';

/** How a number is meant; decides how it is printed. */
export type Unit = Cell['unit'];

/** A cell in parts, so that each medium can set them in its own way: `44.8`, `2.0`, `%`. */
export interface Printed {
  readonly mean: string;
  /** Standard deviation; none for one value. */
  readonly spread: string | undefined;
  /** Empty where the numbers carry their unit (durations, bytes). */
  readonly unit: string;
}

type Ends = NonNullable<Cell['interval']>;

/** What of a cell is printed. */
export type Numbers = Pick<Cell, 'mean' | 'unit'> &
  Partial<Pick<Cell, 'std' | 'interval' | 'text'>> & {
    /** As many decimals, whatever its spread warrants. */
    readonly decimals?: number | undefined;
  };

/** Prints mean and spread, or both ends of an interval, with the digits that the spread warrants; `sign` writes `+` before gains. */
export function printCell(cell: Numbers, sign = false): Printed {
  const { mean, std, unit, interval, text } = cell;
  if (text !== undefined) return { mean: text, spread: undefined, unit: '' };
  const signed = sign || unit === 'FractionDifference';
  if (interval) {
    const digits = decimalsOfEnds(interval, unit);
    const end = (value: number) => printSigned(value, unit, digits, signed);
    const both = `[${end(interval.low)}, ${end(interval.high)}]`;
    return { mean: both, spread: undefined, unit: suffixOf(unit) };
  }
  const decimals = cell.decimals ?? decimalsBeside(mean, std, unit);
  const spread = std === undefined ? undefined : printBare(std, unit, decimals);
  const digits = std === undefined ? shown(mean, unit, decimals) : decimals;
  return { mean: printSigned(mean, unit, digits, signed), spread, unit: suffixOf(unit) };
}

/** Decimals of both ends of an interval: two digits of its width. */
export function decimalsOfEnds({ low, high }: Ends, unit: Unit): number | undefined {
  const width = Math.abs(high - low);
  const digits = width > 0 ? decimalsBeside((low + high) / 2, width, unit) : undefined;
  const needed = [low, high].map((end) => shown(end, unit, digits) ?? 0);
  return isShare(unit) ? Math.max(...needed) : digits;
}

/** Decimals of a share of which no spread says how far it is known: enough to tell it from 0. */
function shown(value: number, unit: Unit, decimals: number | undefined): number | undefined {
  return isShare(unit) ? decimalsToShow(value * 100, decimals ?? 1) : decimals;
}

/** One line for a cell: `44.8 ± 2.0 %`, `[42.8, 46.8] %`, `3 min 12 s`. */
export function cellText(cell: Numbers, sign = false): string {
  return printedText(printCell(cell, sign));
}

/** The parts of a cell in one line. */
export function printedText({ mean, spread, unit }: Printed): string {
  const numbers = spread === undefined ? mean : `${mean} ± ${spread}`;
  return unit === '' ? numbers : `${numbers} ${unit}`;
}

/** A number as somebody published it, with all of its digits: `59.58`, `%`; a share with a decimal, as all are. */
export function printPublished(value: number, unit: Unit): Printed {
  const share = isShare(unit);
  if (!share && unit !== 'Float' && unit !== 'Int') return printCell({ mean: value, unit });
  // no noise of the multiplication by 100
  const number = Number((share ? value * 100 : value).toPrecision(12));
  const digits = share && Number.isInteger(number) ? number.toFixed(1) : String(number);
  const sign = unit === 'FractionDifference' && value > 0 ? '+' : '';
  return { mean: `${sign}${digits}`, spread: undefined, unit: suffixOf(unit) };
}

/** One number with its unit: `44.8 %`, `0.0123`. */
export function numberText(value: number, unit: Unit, sign = false): string {
  return cellText({ mean: value, std: undefined, unit }, sign);
}

/** Seconds as people say them: `250 ms`, `4.1 s`, `3 min 12 s`, `4 h 30 min`, `2 d 05 h`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return special(seconds);
  if (seconds < 0) return `-${durationText(-seconds)}`;
  if (seconds === 0) return '0 s';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Bytes in powers of 1024: `512 B`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  if (!Number.isFinite(bytes)) return special(bytes);
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let amount = Math.abs(bytes);
  let step = 0;
  while (amount >= 1023.95 && step < names.length - 1) {
    amount /= 1024;
    step++;
  }
  const number = step === 0 ? String(Math.round(amount)) : amount.toFixed(1);
  return `${bytes < 0 ? '-' : ''}${number} ${names[step]}`;
}

const isShare = (unit: Unit): boolean => unit === 'Fraction' || unit === 'FractionDifference';

/** Decimals of a mean and its spread; none without a spread to go by. */
function decimalsBeside(mean: number, std: number | undefined, unit: Unit): number | undefined {
  if (std === undefined || !Number.isFinite(std)) return undefined;
  if (isShare(unit)) return shareDecimals(std * 100);
  if (std === 0) return Number.isInteger(mean) ? 0 : undefined;
  return decimalsOf(std);
}

function printSigned(value: number, unit: Unit, decimals: number | undefined, sign: boolean) {
  const text = printBare(value, unit, decimals);
  if (!/[1-9∞N]/.test(text)) return text.replace(/^-/, '');
  return sign && value > 0 ? `+${text}` : text;
}

function printBare(value: number, unit: Unit, decimals: number | undefined): string {
  if (!Number.isFinite(value)) return special(value);
  switch (unit) {
    case 'Fraction':
    case 'FractionDifference':
      return (value * 100).toFixed(decimals ?? 1);
    case 'Duration':
      return durationText(value);
    case 'Bytes':
      return bytesText(value);
    case 'Float':
    case 'Int':
    case 'Pixels':
    case 'Angle':
    case 'Text':
      return plain(value, decimals);
    default:
      return unreachable(unit);
  }
}

/** Four digits of a lone number; very large and very small ones in powers of ten. */
function plain(value: number, decimals: number | undefined): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(2);
  if (decimals !== undefined) return value.toFixed(decimals);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function suffixOf(unit: Unit): string {
  if (unit === 'Fraction') return '%';
  if (unit === 'FractionDifference') return 'points';
  if (unit === 'Pixels') return 'px';
  return unit === 'Angle' ? '°' : '';
}

function special(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '-∞';
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
