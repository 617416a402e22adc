import type { Point } from '../points.js';

const MAX_SERIES = 8;
const MAX_ROWS = 400;

/** The axis with the fewest labels, so that what is compared stands in one panel; the first of equals. */
export function colourAxis(points: readonly Point[], axes: readonly string[]): string | undefined {
  return axes
    .map((axis) => ({ axis, count: new Set(points.map((p) => p[axis])).size }))
    .filter(({ count }) => count <= MAX_SERIES)
    .sort((a, b) => a.count - b.count || (a.axis < b.axis ? -1 : 1))[0]?.axis;
}

/** At most as many rows as a panel has room for; the last is always among them. */
export function thin<Row>(rows: readonly Row[]): readonly Row[] {
  const stride = Math.ceil(rows.length / MAX_ROWS);
  return stride <= 1 ? rows : rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
}
