import type { Axis } from '../program.js';

/** Axis → label. */
export type At = Readonly<Record<string, string>>;

/** The axes that exist, by name. */
export type Axes = ReadonlyMap<string, Axis>;

/** A point extended by every combination of the labels of some axes, in the order of the labels. */
export function* pointsOver(
  axes: readonly string[],
  from: At,
  world: { readonly axis: (name: string) => Pick<Axis, 'labels'> | undefined },
): Generator<At> {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    yield from;
    return;
  }
  for (const { label } of world.axis(axis)?.labels ?? []) {
    yield* pointsOver(rest, { ...from, [axis]: label }, world);
  }
}

/** Every point over some axes; none when there are more than `limit`, or an axis is unknown. */
export function fewPointsOver(dims: readonly string[], axes: Axes, limit: number): readonly At[] {
  const known = dims.flatMap((dim) => axes.get(dim) ?? []);
  if (known.length < dims.length) return [];
  if (known.reduce((count, { labels }) => count * labels.length, 1) > limit) return [];
  const byName = new Map(known.map((axis) => [axis.name, axis]));
  return [...pointsOver(dims, {}, { axis: (name) => byName.get(name) })];
}
