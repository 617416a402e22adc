import { UsageError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import type { StagePoint } from './plan.js';

/**
 * The points that any of `NAME` or `NAME[axis: label, …]` names and all that they need, in their
 * order. A label may be quoted, and `{a, b}` names several. Throws a UsageError that lists what
 * there is.
 */
export function select(
  points: readonly StagePoint[],
  only: string | readonly string[],
): readonly StagePoint[] {
  const named = [only].flat().flatMap((name) => namedPoints(points, name));
  const needed = new Set(named.map((point) => point.id));
  const kept: StagePoint[] = [];
  for (const point of points.toReversed()) {
    if (!needed.has(point.id)) continue;
    for (const input of point.inputs) needed.add(input);
    kept.push(point);
  }
  return kept.reverse();
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
  for (const slice of slices === undefined ? [] : splitOutside(slices, ',')) {
    if (slice.trim() === '') continue;
    const at = firstOutside(slice, ':') ?? firstOutside(slice, '=');
    const axis = slice.slice(0, at ?? 0).trim();
    const known = ofName[0]?.point ?? {};
    if (at === undefined || !Object.hasOwn(known, axis)) {
      const axes = Object.keys(known).join(', ') || 'no axes';
      throw new UsageError(
        `\`${slice.trim()}\` names no axis of \`${name}\``,
        meant(axis, Object.keys(known)) ?? `it has ${axes}`,
      );
    }
    const labels = labelsOf(slice.slice(at + 1));
    const all = [...new Set(ofName.map((point) => point.point[axis] ?? ''))];
    for (const label of labels) {
      if (all.some((l) => folded(l) === folded(label))) continue;
      throw new UsageError(
        `axis \`${axis}\` of \`${name}\` has no \`${label}\``,
        meant(label, all) ?? `it has ${all.join(', ')}`,
      );
    }
    kept = kept.filter((p) => labels.some((l) => folded(l) === folded(p.point[axis] ?? '')));
  }
  if (kept.length === 0) throw new UsageError(`\`${only}\` names no point`);
  return kept;
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

const folded = (label: string): string => label.replaceAll(/\s+/g, '');

function labelsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  const set = trimmed.startsWith('{') && trimmed.endsWith('}');
  const list = set ? splitOutside(trimmed.slice(1, -1), ',') : [trimmed];
  return list.map((label) => unquoted(label.trim())).filter((label) => label !== '');
}

function unquoted(label: string): string {
  if (!/^".*"$/s.test(label)) return label;
  try {
    return String(JSON.parse(label));
  } catch {
    return label.slice(1, -1);
  }
}

/** Offsets of a character outside brackets and quotes. */
function* outside(text: string, sought: string): Generator<number> {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === sought && depth === 0) yield i;
  }
}

const firstOutside = (text: string, sought: string): number | undefined =>
  outside(text, sought).next().value ?? undefined;

function splitOutside(text: string, sought: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const at of outside(text, sought)) {
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts;
}
