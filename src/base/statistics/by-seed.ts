import { mean, std } from './moments.js';

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
 * along which the mean is least sure: probes drawn three times of six encoders are six encoders, drawn ten times of two
 * encoders two. Seeds that have not all of the points that any has help to find the axis, and are left out then: their
 * means are of other things.
 */
export function bySeed({ axes = [], labels = [], values }: AtPoints): Independent {
  if (axes.length === 1) return { values, within: [] };
  const ways = axes.flatMap((axis, at) => (isSeeds(axis) ? [{ axis, ...meansAt(at) }] : []));
  const [least] = ways.toSorted(
    (a, b) =>
      unsureness(b.all) - unsureness(a.all) ||
      a.all.length - b.all.length ||
      (a.axis < b.axis ? -1 : 1),
  );
  if (least === undefined) return { values, within: [] };
  return { values: least.whole, within: axes.filter((axis) => axis !== least.axis) };

  /** The mean at each label, and of these the ones that have all points. */
  function meansAt(axis: number): { all: readonly number[]; whole: readonly number[] } {
    const groups = new Map<string, number[]>();
    const points = new Set<string>();
    values.forEach((value, i) => {
      const label = labels[i]?.[axis] ?? '';
      points.add(JSON.stringify(labels[i]?.toSpliced(axis, 1)));
      const group = groups.get(label);
      if (group) group.push(value);
      else groups.set(label, [value]);
    });
    const found = [...groups.values()];
    return {
      all: found.map(mean),
      whole: found.filter(({ length }) => length === points.size).map(mean),
    };
  }
}

/** The standard error of a mean; less than any of a single value, which has none. */
function unsureness(values: readonly number[]): number {
  const spread = std(values);
  return spread === undefined ? -1 : spread / Math.sqrt(values.length);
}
