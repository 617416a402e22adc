import { mean } from './moments.js';

/** Is an axis one of seeds, by its name or what readers see instead: `seed`, `all_seeds`, `Random seed`? */
export const isSeeds = (axis: string): boolean => /(^|[_\s])seeds?$/i.test(axis);

/** Numbers at points along some axes. */
interface AtPoints {
  readonly axes?: readonly string[] | undefined;
  /** Of each number, in the order of the axes. */
  readonly labels?: readonly (readonly string[])[] | undefined;
  readonly values: readonly number[];
}

/** Values that can be taken for independent of each other. */
export interface Independent {
  readonly values: readonly number[];
  /** Axes over which each of them is a mean; none where they are the values that were given. */
  readonly within: readonly string[];
}

/**
 * What is independent: of values over seeds and something else, such as data sets on which one encoder is asked, the mean at
 * each seed. As many values as points would make of two data sets two studies. Of several axes of seeds it is the one
 * with the fewest: probes drawn ten times of two encoders are two encoders. Seeds that have not all of the
 * points that any has are left out: their means would be of other things.
 */
export function bySeed({ axes = [], labels = [], values }: AtPoints): Independent {
  const seed = fewestSeeds(axes, labels);
  if (seed === undefined || axes.length === 1) return { values, within: [] };
  const groups = new Map<string, number[]>();
  const points = new Set<string>();
  values.forEach((value, i) => {
    const label = labels[i]?.[seed] ?? '';
    points.add(JSON.stringify(labels[i]?.toSpliced(seed, 1)));
    const group = groups.get(label);
    if (group) group.push(value);
    else groups.set(label, [value]);
  });
  const whole = [...groups.values()].filter(({ length }) => length === points.size);
  return { values: whole.map(mean), within: axes.filter((_, i) => i !== seed) };
}

/** The place of the axis of seeds with the fewest labels; of as many the first by its name. */
function fewestSeeds(
  axes: readonly string[],
  labels: readonly (readonly string[])[],
): number | undefined {
  const seeds = axes.flatMap((axis, at) => {
    const count = new Set(labels.map((of) => of[at])).size;
    return isSeeds(axis) ? [{ axis, at, count }] : [];
  });
  return seeds.toSorted((a, b) => a.count - b.count || (a.axis < b.axis ? -1 : 1))[0]?.at;
}
