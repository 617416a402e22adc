import { isRecord } from '../../base/own.js';
import type { Cell } from '../record.js';

/** Has it what a cell is printed by: a number with its spread or its ends, and a unit? */
export const isShown = (value: unknown): boolean =>
  isRecord(value) &&
  Number.isFinite(value.mean) &&
  (value.std === undefined || Number.isFinite(value.std)) &&
  (value.interval === undefined || isInterval(value.interval)) &&
  isUnit(value.unit);

export const isUnit = (value: unknown): boolean => units.some((unit) => unit === value);

const isInterval = (value: unknown): boolean =>
  isRecord(value) && Number.isFinite(value.low) && Number.isFinite(value.high);

const units: readonly Cell['unit'][] = [
  'Fraction',
  'FractionDifference',
  'Duration',
  'Float',
  'Int',
  'Bytes',
  'Pixels',
  'Angle',
  'Text',
];
