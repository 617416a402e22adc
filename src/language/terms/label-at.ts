import type { Axis, AxisLabel } from '../program.js';

const indexes = new WeakMap<readonly AxisLabel[], ReadonlyMap<string, AxisLabel>>();

/** The label of an axis with a name; the labels are indexed once, as an axis may have thousands. */
export function labelAt(axis: Axis, label: string | undefined): AxisLabel | undefined {
  if (label === undefined) return undefined;
  const { labels } = axis;
  let index = indexes.get(labels);
  if (!index) {
    index = new Map(labels.map((entry) => [entry.label, entry]));
    indexes.set(labels, index);
  }
  return index.get(label);
}
