import type { Point } from '../../plan/plan.js';

/** Points as a product: all combinations of these labels. */
type Product = ReadonlyMap<string, readonly string[]>;

/** So many products say more than a few of the points would. */
const PRODUCTS = 3;
/** So many labels of an axis are written out. */
const LABELS = 6;

/**
 * Which of all points of a declaration some are, as they can be written behind its name: `[k: {5, 20}]`.
 * An axis of which they have all labels is left out. Undefined where a few products do not say it.
 */
export function whichPoints(
  some: readonly Point[],
  all: readonly Point[],
): readonly string[] | undefined {
  const axes = Object.keys(all[0] ?? {});
  const products = productsOf(some, axes, PRODUCTS);
  const labels = new Map(axes.map((axis) => [axis, labelsOf(all, axis)]));
  return products?.map((product) => {
    const slices = axes.flatMap((axis) => {
      const [here, there] = [product.get(axis) ?? [], labels.get(axis) ?? []];
      return here.length === there.length ? [] : [`${axis}: ${setText(here)}`];
    });
    return `[${slices.join(', ')}]`;
  });
}

const labelsOf = (points: readonly Point[], axis: string): readonly string[] => [
  ...new Set(points.map((point) => point[axis] ?? '')),
];

/** Points as at most `most` products, or undefined. */
function productsOf(
  points: readonly Point[],
  axes: readonly string[],
  most: number,
): readonly Product[] | undefined {
  const product = new Map(axes.map((axis) => [axis, labelsOf(points, axis)]));
  const size = [...product.values()].reduce((n, labels) => n * labels.length, 1);
  if (size === points.length) return [product];
  // Taken apart along the axis whose labels fall into the fewest kinds: those that have the same rest.
  const [parts] = axes
    .map((axis) => partsAlong(points, axis))
    .filter((parts) => parts.length > 1 && parts.length <= most)
    .sort((a, b) => a.length - b.length);
  if (parts === undefined) return undefined;
  const found: Product[] = [];
  for (const [i, part] of parts.entries()) {
    const left = most - found.length - (parts.length - i - 1);
    const products = productsOf(part, axes, left);
    if (products === undefined) return undefined;
    found.push(...products);
  }
  return found;
}

/** Points by their labels of an axis; labels that the same other labels go with stand together. */
function partsAlong(points: readonly Point[], axis: string): readonly (readonly Point[])[] {
  const byLabel = new Map<string, Point[]>();
  for (const point of points) {
    const label = point[axis] ?? '';
    const those = byLabel.get(label);
    if (those) those.push(point);
    else byLabel.set(label, [point]);
  }
  const byRest = new Map<string, Point[]>();
  for (const those of byLabel.values()) {
    const rest = those.map((point) => JSON.stringify({ ...point, [axis]: '' })).join();
    byRest.set(rest, [...(byRest.get(rest) ?? []), ...those]);
  }
  return [...byRest.values()];
}

/** `5`, `1..50`, `{5, 20}` or `{5, 20, 50, 100, 200, 500 and 12 more}`. */
function setText(labels: readonly string[]): string {
  const [first = '', second, ...more] = labels;
  if (second === undefined) return labelText(first);
  if (more.length > 0 && areConsecutive(labels)) return `${first}..${labels.at(-1)}`;
  const shown = labels.slice(0, LABELS).map(labelText).join(', ');
  const left = labels.length - LABELS;
  return left > 0 ? `{${shown} and ${left} more}` : `{${shown}}`;
}

const areConsecutive = (labels: readonly string[]): boolean =>
  labels.every((label, i) => label === String(Number(labels[0]) + i));

/** A label as it is written in a slice: quoted where it could be read otherwise. */
const labelText = (label: string): string =>
  /[,:="{}[\]]/.test(label) ? JSON.stringify(label) : label;
