import type { Cell } from '../../execute/record.js';

/** How the numbers of one unit are written together: what they are divided by, and the name of the unit. */
export interface UnitScale {
  readonly divisor: number;
  /** `%`, `points`, `hours`; empty where numbers have none. */
  readonly name: string;
}

/** The scale of numbers that stand together; durations in the unit that suits the longest. */
export function unitScale(unit: Cell['unit'], values: readonly number[]): UnitScale {
  switch (unit) {
    case 'Fraction':
      return { divisor: 0.01, name: '%' };
    case 'FractionDifference':
      return { divisor: 0.01, name: 'points' };
    case 'Duration': {
      const most = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
      if (most >= 7200) return { divisor: 3600, name: 'hours' };
      return most >= 120 ? { divisor: 60, name: 'minutes' } : { divisor: 1, name: 'seconds' };
    }
    case 'Bytes':
      return { divisor: 1024 ** 2, name: 'MiB' };
    case 'Pixels':
      return { divisor: 1, name: 'px' };
    case 'Angle':
      return { divisor: 1, name: 'degrees' };
    default:
      return { divisor: 1, name: '' };
  }
}
