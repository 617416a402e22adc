import { own } from '../../base/own.js';
import { explain, type Places } from '../explain.js';
import { isUnseen } from '../key.js';
import type { Metrics } from '../metrics.js';
import type { Change, KeyRecord, NumericClass, StagePoint } from '../plan.js';
import type { PlanWorld } from '../plan-world.js';
import { keyBeside, type SeenResult } from '../seen.js';
import type { Compared } from './compare.js';
import { grouped, type PointChange, type StageDifference } from './difference.js';
import { ownerOf } from './owner.js';

/** A point of which a lock, or a store, knows the key. */
export interface KeyedPoint {
  readonly id: string;
  /** None while an input has no result, or where data is not on this machine. */
  readonly key: string | undefined;
  /** Digest of the result, if there is one. */
  readonly output: string | undefined;
  /** What the key is the digest of, if it is known. */
  readonly record: KeyRecord | undefined;
  readonly places: Places | undefined;
}

/** A result as a lock keeps it. */
export interface LockedResult extends SeenResult {
  readonly key: string;
  readonly output: string;
  readonly metrics?: Metrics;
}

/**
 * The keys that the points of a file have when their inputs are those of a lock, whatever the file
 * calls them: a change is then told once, where it is made.
 */
export function keyedBeside(
  points: readonly StagePoint[],
  locked: Readonly<Record<string, LockedResult>>,
  world: Pick<PlanWorld, 'contents' | 'seenNow'>,
  numeric: NumericClass,
): readonly KeyedPoint[] {
  const byKey = new Map(Object.entries(locked).map(([id, { key }]) => [key, id]));
  const inputs = new Map<string, LockedResult & { readonly type: string }>();
  return points.map((point) => {
    const { id } = point;
    const base = { id, output: undefined, places: point };
    const ready = point.inputs.every((input) => inputs.has(input));
    const made = ready
      ? keyBeside(
          point,
          (input) => {
            const { type = '', output = '', metrics = {} } = inputs.get(input) ?? {};
            return { type, digest: output, metrics };
          },
          { ...world, numeric },
          own(locked, id) ?? {},
        )
      : undefined;
    const same = made?.key === undefined ? undefined : byKey.get(made.key);
    const entry = own(locked, same ?? id);
    if (entry) inputs.set(id, { ...entry, type: point.result });
    return { ...base, key: made?.key, record: made?.record };
  });
}

/** How two sets of keys differ: points by id, else by key. */
export function compareKeyed(a: readonly KeyedPoint[], b: readonly KeyedPoint[]): Compared {
  const pairs = partnersOf(a, b);
  const partners = new Map([...pairs].map(([x, y]) => [x.id, y.id]));
  const reached = new Set(pairs.values());
  const tables = new Map<string, Group>();
  const groupOf = (from: string | undefined, to: string | undefined): Group => {
    const key = JSON.stringify([from ?? null, to ?? null]);
    const known = tables.get(key);
    if (known) return known;
    const group: Group = { a: from, b: to, added: [], removed: [], changes: [] };
    tables.set(key, group);
    return group;
  };
  // a stage that has other points is still that stage
  const [before, after] = [a, b].map((points) => new Set(points.map(nameOf)));
  const kept = (name: string | undefined, names: ReadonlySet<string | undefined> | undefined) =>
    names?.has(name) ? name : undefined;
  for (const from of a) {
    const to = pairs.get(from);
    const name = nameOf(from);
    const group = groupOf(name, to ? nameOf(to) : kept(name, after));
    if (to) group.changes.push(...changesOf(from, to).map((change) => ({ ...change, id: to.id })));
    else group.removed.push(from.id);
  }
  for (const to of b) {
    const name = nameOf(to);
    if (!reached.has(to)) groupOf(kept(name, before), name).added.push(to.id);
  }
  const stages = [...tables.values()].flatMap((group) => {
    const { added, removed } = group;
    const changes = grouped(group.changes);
    const differs = changes.length + added.length + removed.length > 0;
    const renamed = group.a !== undefined && group.b !== undefined && group.a !== group.b;
    if (!differs && !renamed) return [];
    const found: StageDifference = {
      a: sideOf(group.a, a),
      b: sideOf(group.b, b),
      added,
      removed,
      changes,
    };
    return [found];
  });
  const same = stages.every(
    ({ added, removed, changes }) => changes.length + added.length + removed.length === 0,
  );
  return { difference: { same, axes: [], stages }, partners };
}

interface Group {
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly added: string[];
  readonly removed: string[];
  readonly changes: (Omit<PointChange, 'points'> & { readonly id: string })[];
}

function partnersOf(
  a: readonly KeyedPoint[],
  b: readonly KeyedPoint[],
): ReadonlyMap<KeyedPoint, KeyedPoint> {
  const free = new Set(b);
  const pairs = new Map<KeyedPoint, KeyedPoint>();
  for (const by of ['id', 'key'] as const) {
    const there = new Map([...free].map((point) => [point[by], point]));
    for (const point of a) {
      const value = point[by];
      const partner = pairs.has(point) || value === undefined ? undefined : there.get(value);
      if (!partner || !free.delete(partner)) continue;
      pairs.set(point, partner);
    }
  }
  return pairs;
}

const nameOf = (point: KeyedPoint | undefined) => point?.id.replace(/\[.*$/s, '');

function sideOf(name: string | undefined, points: readonly KeyedPoint[]) {
  if (name === undefined) return undefined;
  const own = points.filter((point) => nameOf(point) === name);
  const [first] = own;
  return { name, stage: first?.record?.stage, points: own.length, at: first?.places?.at };
}

const nowhere: Places = { places: {}, at: { file: '', line: 0, column: 0 } };

function changesOf(a: KeyedPoint, b: KeyedPoint): readonly Omit<PointChange, 'points'>[] {
  if (a.key !== undefined && a.key === b.key) {
    const other = a.output !== undefined && b.output !== undefined && a.output !== b.output;
    return other ? [only('output')] : [];
  }
  if (!a.record || !b.record) {
    return a.key === undefined || b.key === undefined ? [] : [only('key')];
  }
  const changes = explain(a.record, b.record, b.places ?? a.places ?? nowhere);
  return changes
    .filter((change) => !isInput(change) && !isUnseen(change))
    .map((change) => changeOf(change, a, b));
}

function only(path: string): Omit<PointChange, 'points'> {
  return {
    path,
    owner: undefined,
    before: undefined,
    after: undefined,
    atBefore: undefined,
    atAfter: undefined,
  };
}

function changeOf(change: Change, a: KeyedPoint, b: KeyedPoint): Omit<PointChange, 'points'> {
  const { path, before, after, at } = change;
  return {
    path,
    owner: b.record && ownerOf(b.record.stage, b.record.params, path),
    before,
    after,
    atBefore: a.places && at,
    atAfter: b.places && at,
  };
}

/** What an input contains is told where that input is made. */
function isInput({ before, after }: Change): boolean {
  return [before, after].every(
    (value) => value !== null && typeof value === 'object' && 'artifact' in value,
  );
}
