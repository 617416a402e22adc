import { draw } from '../../../base/statistics/draw.js';

/** What one value of a search is drawn from. */
export type Space =
  | {
      readonly kind: 'numbers';
      readonly low: number;
      readonly high: number;
      readonly whole: boolean;
      /** Equal ratios are equally likely, not equal differences. */
      readonly log: boolean;
    }
  | { readonly kind: 'choices'; readonly count: number };

/** A place in a space: its number, or which of the choices. */
export type Drawn = number;

/** How many different places a space has. */
export function sizeOf(space: Space): number {
  if (space.kind === 'choices') return space.count;
  const { low, high, whole } = space;
  if (low === high) return 1;
  return whole ? high - low + 1 : Number.POSITIVE_INFINITY;
}

/**
 * The first `count` different points that a seed draws from spaces by name; fewer where so many are
 * not found. What a point is depends on none behind it, nor a value on the other spaces.
 */
export function drawPoints(
  spaces: Readonly<Record<string, Space>>,
  count: number,
  seed: number,
): readonly Readonly<Record<string, Drawn>>[] {
  const named = Object.entries(spaces);
  const points = new Map<string, Readonly<Record<string, Drawn>>>();
  const most = 1000 * count + 100_000;
  for (let index = 0; points.size < count && index < most; index++) {
    const values = named.map(([name, space]) => [name, placeIn(space, draw(seed, name, index))]);
    const text = JSON.stringify(values);
    if (!points.has(text)) points.set(text, Object.fromEntries(values) as Record<string, Drawn>);
  }
  return [...points.values()];
}

/** The place in a space at a share of it between 0 and 1. */
export function placeIn(space: Space, share: number): Drawn {
  if (space.kind === 'choices') return Math.floor(share * space.count);
  const { low, high, log } = space;
  if (low === high) return low;
  if (space.whole) {
    const whole = log
      ? Math.round(between(low - 0.5, high + 0.5, share, true))
      : low + Math.floor(share * (high - low + 1));
    return Math.min(high, Math.max(low, whole));
  }
  const value = between(low, high, share, log);
  const short = log ? significant(value, high / low) : decimal(value, high - low);
  return Math.min(high, Math.max(low, short));
}

function between(low: number, high: number, share: number, log: boolean): number {
  return log ? low * Math.exp(share * Math.log(high / low)) : low + share * (high - low);
}

/**
 * Values are short: they are their labels to the bit, and the last bits of `exp`, in which machines
 * may differ, are gone. A range has ten thousand steps or more.
 */
function decimal(value: number, width: number): number {
  const digits = 4 - exponentOf(width);
  if (digits >= 0) return Number(value.toFixed(Math.min(100, digits)));
  const step = 10 ** -digits;
  return Math.round(value / step) * step;
}

/** Four digits, more where the ends of a range are near each other. */
function significant(value: number, ratio: number): number {
  const digits = 4 + Math.max(0, -exponentOf(Math.log(ratio)));
  return Number(value.toPrecision(Math.min(15, digits)));
}

/** The power of ten that a number begins with, read from its digits: exact. */
const exponentOf = (value: number): number => Number(value.toExponential().split('e')[1]);
