import { canonical } from '../../base/canonical.js';
import type { StagePoint } from '../plan.js';
import type { Experiment, MeantAxis } from './experiment.js';
import { withStand } from './structure.js';

/** Two things of two experiments that are the same one; without a partner it was added or removed. */
export interface Pair<T> {
  readonly a: T | undefined;
  readonly b: T | undefined;
}

export interface AxisPair extends Pair<MeantAxis> {
  /** Label of `a` → label of `b`. */
  readonly labels: ReadonlyMap<string, string>;
}

/** All points of one name. */
export interface Table {
  readonly name: string;
  readonly points: readonly StagePoint[];
}

/** Axes by name, else by their labels or what these mean. */
export function matchAxes(a: Experiment, b: Experiment): readonly AxisPair[] {
  const left = [...b.axes];
  const take = (fits: (axis: MeantAxis) => boolean): MeantAxis | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const found = new Map<MeantAxis, MeantAxis>();
  const sameName = (axis: MeantAxis) => take(({ name }) => name === axis.name);
  const likest = (axis: MeantAxis) => take((other) => labelsOf(axis, other).size > 0);
  for (const step of [sameName, likest]) {
    for (const axis of a.axes) {
      const partner = found.has(axis) ? undefined : step(axis);
      if (partner) found.set(axis, partner);
    }
  }
  return [
    ...a.axes.map((axis) => {
      const partner = found.get(axis);
      return { a: axis, b: partner, labels: partner ? labelsOf(axis, partner) : new Map() };
    }),
    ...left.map((axis) => ({ a: undefined, b: axis, labels: new Map() })),
  ];
}

/** Labels by text, else by what they mean. */
function labelsOf(a: MeantAxis, b: MeantAxis): ReadonlyMap<string, string> {
  const free = new Map(b.labels.map(({ label, meaning }) => [label, meaning]));
  const labels = new Map<string, string>();
  for (const { label } of a.labels) if (free.delete(label)) labels.set(label, label);
  for (const { label, meaning } of a.labels) {
    if (labels.has(label) || meaning === undefined) continue;
    const same = [...free].find(([, other]) => other === meaning)?.[0];
    if (same === undefined) continue;
    free.delete(same);
    labels.set(label, same);
  }
  return labels;
}

/**
 * Stages of two experiments: those that mean the same whatever they are called, then those of one
 * name and one work, then those with points in common, then the likest of one work, then those of
 * one name.
 */
export function matchTables(a: Experiment, b: Experiment): readonly Pair<Table>[] {
  const ours = tablesOf(a);
  const theirs = tablesOf(b);
  const found = new Map<Table, Table>();
  const taken = new Set<Table>();
  const meanings = new Map<Table, ReadonlySet<string>>();
  for (const [side, tables] of [[a, ours] as const, [b, theirs] as const]) {
    for (const table of tables) {
      const set = new Set(table.points.map(({ id }) => side.structures.get(id) ?? id));
      meanings.set(table, set);
    }
  }
  const meaning = (table: Table) => meanings.get(table) ?? new Set<string>();
  const works = new Map([...ours, ...theirs].map((table) => [table, workOf(table)]));
  const likeness = likenesses();
  const common = (x: Table, y: Table) => {
    let n = 0;
    for (const digest of meaning(x)) if (meaning(y).has(digest)) n += 1;
    return n;
  };
  const equal = (x: Table, y: Table) =>
    meaning(x).size === meaning(y).size && common(x, y) === meaning(x).size;
  const named = (x: Table, y: Table) => x.name === y.name;
  const worked = (x: Table, y: Table) => works.get(x) === works.get(y);
  // Each step gives how well two fit; 0 is not at all.
  const steps: readonly ((x: Table, y: Table) => number)[] = [
    (x, y) => (equal(x, y) ? (named(x, y) ? 2 : 1) : 0),
    (x, y) => (named(x, y) && worked(x, y) ? 1 : 0),
    common,
    (x, y) => (worked(x, y) ? 1 + likeness(x, y) : 0),
    (x, y) => (named(x, y) ? 1 : 0),
  ];
  for (const step of steps) {
    const candidates = ours
      .filter((x) => !found.has(x))
      .flatMap((x) => theirs.filter((y) => !taken.has(y)).map((y) => ({ x, y, fit: step(x, y) })))
      .filter(({ fit }) => fit > 0)
      .sort((one, other) => other.fit - one.fit);
    for (const { x, y } of candidates) {
      if (found.has(x) || taken.has(y)) continue;
      found.set(x, y);
      taken.add(y);
    }
  }
  return [
    ...ours.map((table) => ({ a: table, b: found.get(table) })),
    ...theirs.filter((table) => !taken.has(table)).map((table) => ({ a: undefined, b: table })),
  ];
}

const workOf = ({ points }: Table) => [...new Set(points.map((p) => p.stage))].sort().join();

function tablesOf({ points }: Experiment): readonly Table[] {
  const tables = new Map<string, StagePoint[]>();
  for (const point of points) {
    const table = tables.get(point.name);
    if (table) table.push(point);
    else tables.set(point.name, [point]);
  }
  return [...tables].map(([name, list]) => ({ name, points: list }));
}

/** Tells how many parameters of the first points are equal, artifacts and files aside. */
function likenesses(): (a: Table, b: Table) => number {
  const known = new Map<Table, ReadonlyMap<string, string>>();
  const stand = { input: () => null, content: () => null };
  const textsOf = (table: Table): ReadonlyMap<string, string> => {
    const found = known.get(table);
    if (found) return found;
    const params = Object.entries(table.points[0]?.params ?? {});
    const texts = new Map(params.map(([name, v]) => [name, canonical(withStand(v, stand))]));
    known.set(table, texts);
    return texts;
  };
  return (a, b) => {
    const theirs = textsOf(b);
    let equal = 0;
    for (const [name, text] of textsOf(a)) if (theirs.get(name) === text) equal += 1;
    return equal;
  };
}

/** Points of two stages: those that mean the same, then those at the same place of the axes. */
export function matchPoints(
  a: Experiment,
  b: Experiment,
  tables: readonly Pair<Table>[],
  axes: readonly AxisPair[],
): ReadonlyMap<string, StagePoint> {
  const partners = new Map<string, StagePoint>();
  const translate = new Map(axes.flatMap((pair) => (pair.a ? [[pair.a.name, pair] as const] : [])));
  for (const { a: ours, b: theirs } of tables) {
    if (!ours || !theirs) continue;
    const free = new Set(theirs.points);
    const pairUp = (keyOf: (point: StagePoint) => string, keyThere: (p: StagePoint) => string) => {
      const waiting = new Map<string, StagePoint[]>();
      for (const point of free) {
        const key = keyThere(point);
        const list = waiting.get(key);
        if (list) list.push(point);
        else waiting.set(key, [point]);
      }
      for (const point of ours.points) {
        if (partners.has(point.id)) continue;
        const partner = waiting.get(keyOf(point))?.shift();
        if (!partner) continue;
        partners.set(point.id, partner);
        free.delete(partner);
      }
    };
    pairUp(
      ({ id }) => a.structures.get(id) ?? id,
      ({ id }) => b.structures.get(id) ?? id,
    );
    // Axes that only one side has tell nothing about which points belong together.
    const there = new Set(theirs.points.flatMap(({ point }) => Object.keys(point)));
    const shared = Object.keys(ours.points[0]?.point ?? {}).flatMap((name) => {
      const pair = translate.get(name);
      return pair?.b && there.has(pair.b.name) ? [{ name, as: pair.b.name, pair }] : [];
    });
    pairUp(
      ({ point }) =>
        JSON.stringify(
          shared.map(
            ({ name, pair }) => pair.labels.get(point[name] ?? '') ?? { gone: point[name] },
          ),
        ),
      ({ point }) => JSON.stringify(shared.map(({ as }) => point[as])),
    );
  }
  return partners;
}
