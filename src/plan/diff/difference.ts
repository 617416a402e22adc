import type { Json } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import type { Place } from '../../base/source.js';
import type { Metrics } from '../metrics.js';
import type { Owner } from './owner.js';

/** How two experiments differ, in the words of their files. */
export interface Difference {
  readonly same: boolean;
  readonly axes: readonly AxisDifference[];
  readonly stages: readonly StageDifference[];
}

/** An axis that differs, or has another name. `a` or `b` is none for one that only one side has. */
export interface AxisDifference {
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly a: string; readonly b: string }[];
}

/** A stage that differs, or has another name. */
export interface StageDifference {
  readonly a: StageSide | undefined;
  readonly b: StageSide | undefined;
  /** Ids of points that only `b` has. */
  readonly added: readonly string[];
  /** Ids of points that only `a` has. */
  readonly removed: readonly string[];
  readonly changes: readonly PointChange[];
}

export interface StageSide {
  readonly name: string;
  /** The work: `std.train.pretrain`; none where only a key is known. */
  readonly stage: string | undefined;
  readonly points: number;
  readonly at: Place | undefined;
}

/** One parameter that differs in the same way at several points. */
export interface PointChange {
  /** `params.views.args.grayscale`, `stage`, `version`, or `key` where only keys are known. */
  readonly path: string;
  /** Whose parameter it is; none for what is no parameter. */
  readonly owner: Owner | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly atBefore: Place | undefined;
  readonly atAfter: Place | undefined;
  /** Ids in `b`. */
  readonly points: readonly string[];
}

/** A number that both sides have. */
export interface ResultDifference {
  readonly a: string;
  readonly b: string;
  readonly metric: string;
  /** null where the metric has no value. */
  readonly before: number | null;
  readonly after: number | null;
}

/** What one side knows of the result of a point. */
export interface KnownResult {
  readonly metrics: Metrics;
}

/** The numbers that both sides have of the points that belong together; equal ones too. */
export function compareResults(
  partners: Iterable<readonly [a: string, b: string]>,
  a: (id: string) => KnownResult | undefined,
  b: (id: string) => KnownResult | undefined,
): readonly ResultDifference[] {
  const results: ResultDifference[] = [];
  for (const [ours, theirs] of partners) {
    const before = a(ours)?.metrics ?? {};
    const after = b(theirs)?.metrics ?? {};
    for (const metric of Object.keys(before).sort()) {
      const [x, y] = [own(before, metric), own(after, metric)];
      if (x === undefined || y === undefined) continue;
      results.push({ a: ours, b: theirs, metric, before: x, after: y });
    }
  }
  return results;
}

/** Changes of points, those that are the same put together. */
export function grouped(
  changes: Iterable<Omit<PointChange, 'points'> & { readonly id: string }>,
): readonly PointChange[] {
  const groups = new Map<string, PointChange & { readonly points: string[] }>();
  for (const { id, ...change } of changes) {
    const key = JSON.stringify([
      change.path,
      change.before ?? 0,
      change.after ?? 0,
      ...kinds(change),
    ]);
    const group = groups.get(key);
    if (group) group.points.push(id);
    else groups.set(key, { ...change, points: [id] });
  }
  return [...groups.values()];
}

const kinds = ({ before, after }: Pick<PointChange, 'before' | 'after'>) => [
  before === undefined,
  after === undefined,
];
