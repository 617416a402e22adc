import { UsageError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { decidedBy } from './halving.js';
import type { Point, StagePoint } from './plan.js';
import { type Slice, sameLabel, slicesIn } from './slice-text.js';

/**
 * The points that any of `NAME` or `NAME[axis: label, …]` names and all that they need, in their
 * order. A label may be quoted, and `{a, b}` names several. Throws a UsageError that lists what
 * there is.
 */
export function select(
  points: readonly StagePoint[],
  only: string | readonly string[],
): readonly StagePoint[] {
  const named = [only].flat().flatMap((name) => {
    refuseSeveral(points, name);
    return namedPoints(points, name);
  });
  const needed = new Set(named.map((point) => point.id));
  const kept: StagePoint[] = [];
  for (const point of points.toReversed()) {
    if (!needed.has(point.id)) continue;
    for (const input of [...point.inputs, ...decidedBy(point)]) needed.add(input);
    kept.push(point);
  }
  return kept.reverse();
}

/** Says how several stages are named to someone who wrote `a,b` or `a b`. */
function refuseSeveral(points: readonly StagePoint[], only: string): void {
  // Commas and spaces that are not inside a bracket.
  const parts = only.split(/[,\s]+(?![^[]*\])/).filter((part) => part !== '');
  const isStage = (part: string) => pointsNamed(points, part.replace(/\[.*/s, '')).length > 0;
  if (parts.length < 2 || !parts.every(isStage)) return;
  const each = parts.map((part) => `--only ${part.includes('[') ? `'${part}'` : part}`).join(' ');
  throw new UsageError(`\`${only}\` names ${parts.length} stages`, `name each by itself: ${each}`);
}

/** The points that `NAME` or `NAME[axis: label, …]` names. */
export function namedPoints(points: readonly StagePoint[], only: string): readonly StagePoint[] {
  const exact = points.filter((point) => point.id === only.trim());
  if (exact.length > 0) return exact;
  const [, name = '', slices] = /^\s*([^[\]]+?)\s*(?:\[(.*)\])?\s*$/s.exec(only) ?? [];
  const ofName = pointsNamed(points, name);
  if (ofName.length === 0) {
    const names = [...new Set(points.map((point) => point.name))];
    const listed = `there are ${names.join(', ')}`;
    if (/\[[^\]]*$/.test(only))
      throw new UsageError(`the bracket of \`${only}\` is not closed`, listed);
    throw new UsageError(
      `there is no stage \`${name || only}\``,
      meant(name || only, names) ?? listed,
    );
  }
  let kept = ofName;
  for (const slice of slicesIn(slices ?? '')) kept = sliced(kept, slice, name, ofName);
  if (kept.length === 0) throw new UsageError(`\`${only}\` names no point`);
  return kept;
}

/**
 * Of some things at points those that a slice keeps; `all` are those of that name. Throws a UsageError
 * for an axis or a label that they do not have.
 */
export function sliced<T extends { readonly point: Point }>(
  kept: readonly T[],
  { text, axis, labels }: Slice,
  name: string,
  all: readonly T[],
): readonly T[] {
  const axes = [...new Set(all.flatMap(({ point }) => Object.keys(point)))];
  if (axis === undefined || !axes.includes(axis)) {
    throw new UsageError(
      `\`${text}\` names no axis of \`${name}\``,
      meant(axis ?? '', axes) ?? `it has ${axes.join(', ') || 'no axes'}`,
    );
  }
  const there = [...new Set(all.flatMap(({ point }) => point[axis] ?? []))];
  for (const label of labels) {
    if (there.some((other) => sameLabel(other, label))) continue;
    throw new UsageError(
      `axis \`${axis}\` of \`${name}\` has no \`${label}\``,
      meant(label, there) ?? `it has ${there.join(', ')}`,
    );
  }
  return kept.filter(({ point }) => labels.some((label) => sameLabel(label, point[axis] ?? '')));
}

/** The help that names the one that was probably meant, and all there are. */
function meant(name: string, all: readonly string[]): string | undefined {
  const near = nearest(name, all);
  return near === undefined ? undefined : `did you mean \`${near}\`? there are ${all.join(', ')}`;
}

/** The points of a stage, or of all stages that the call of a `def` with this name has made. */
function pointsNamed(points: readonly StagePoint[], name: string): readonly StagePoint[] {
  const own = points.filter((point) => point.name === name);
  return own.length > 0 ? own : points.filter((point) => point.name.startsWith(`${name}.`));
}
