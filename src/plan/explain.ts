import { canonical, type Json } from '../base/canonical.js';
import { type Fields, fieldsOf } from '../base/fields.js';
import { isRecord, own } from '../base/own.js';
import type { Place } from '../base/source.js';
import type { Change, KeyRecord } from './plan.js';

/** Places of a point by path, and the place of the stage itself. */
export interface Places {
  readonly places: Readonly<Record<string, Place>>;
  readonly at: Place;
}

/** How a key record differs from an older one: one change for each path, sorted by path. */
export function explain(before: KeyRecord, after: KeyRecord, places: Places): readonly Change[] {
  const changes: Change[] = [];
  const [old, now] = [whole(before), whole(after)];
  compareFields('', old, now, changes);
  compareFields('params.', before.params, after.params, changes);
  const { seen: oldSeen = {}, ...oldCode } = fieldsOf(before.code);
  const { seen = {}, ...code } = fieldsOf(after.code);
  compareFields('code.', oldCode, code, changes);
  // What only the older one has seen otherwise is no change: the newer one has not looked yet.
  for (const [file, now] of Object.entries(fieldsOf(seen))) {
    const was = own(fieldsOf(oldSeen), file);
    if (was === now) continue;
    changes.push({
      path: `code.seen.${file}`,
      ...(was === undefined ? {} : { before: was }),
      after: now,
    });
  }
  return changes
    .map((change) => ({ ...change, at: placeOfPath(change.path, places) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What a record says beside its parameters and its code. */
const whole = ({ stage, version, numeric, epoch }: KeyRecord): Fields => ({
  stage,
  version,
  numeric: numeric === null ? null : { ...numeric },
  ...(epoch === undefined ? {} : { epoch }),
});

function compare(path: string, before: Json, after: Json, into: Change[]): void {
  if (canonical(before) === canonical(after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    compareFields(`${path}.`, byIndex(before), byIndex(after), into);
  } else if (isRecord(before) && isRecord(after) && sameKind(before, after)) {
    compareFields(`${path}.`, before, after, into);
  } else into.push({ path, before, after });
}

function compareFields(prefix: string, before: Fields, after: Fields, into: Change[]): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = `${prefix}${name}`;
    const old = own(before, name);
    const now = own(after, name);
    if (old === undefined && now !== undefined) into.push({ path, after: now });
    else if (old !== undefined && now === undefined) into.push({ path, before: old });
    else if (old !== undefined && now !== undefined) compare(path, old, now, into);
  }
}

const byIndex = (list: readonly Json[]): Fields => Object.fromEntries(list.entries());

/** Artifacts, files and secrets are shown whole; two descriptions are compared when they are of one name. */
function sameKind(before: Fields, after: Fields): boolean {
  const tags = ['artifact', 'file', 'folder', 'env'];
  const isTagged = (fields: Fields) => tags.some((tag) => tag in fields);
  return !isTagged(before) && !isTagged(after) && before.describe === after.describe;
}

/** The place of a path or of the nearest part around it. */
export function placeOfPath(path: string, { places, at }: Places): Place {
  for (let around = path; around !== ''; around = around.slice(0, around.lastIndexOf('.'))) {
    const place = own(places, around);
    if (place) return place;
    if (!around.includes('.')) break;
  }
  return at;
}

/** In how many paths two records differ. */
export function distance(a: KeyRecord, b: KeyRecord): number {
  const nowhere: Places = { places: {}, at: { file: '', line: 0, column: 0 } };
  return explain(a, b, nowhere).length;
}

/**
 * Are two records of stages of the user's own, of one name, of programs that have nothing in common? Then
 * two files declare a stage of that name, and what is different says nothing.
 */
export function areOtherPrograms(a: KeyRecord, b: KeyRecord): boolean {
  if (a.code === undefined || b.code === undefined) return false;
  if (meet(contentsIn(a.code), contentsIn(b.code))) return false;
  const [one, other] = [programIn(a.code), programIn(b.code)];
  if (one && other) return !meet(one, other);
  // where a module lies is in no key
  return !meet(Object.keys(a.params), Object.keys(b.params));
}

/** The words of a command that name its program; of one that an interpreter runs, those behind it. */
function programIn(code: Json): readonly string[] | undefined {
  const { command } = fieldsOf(code);
  if (!Array.isArray(command)) return undefined;
  const words = command.map(String).filter((word) => !/^-|\{/.test(word));
  return words.length > 1 ? words.slice(1) : words;
}

/** The digests of the files that code consists of. */
function contentsIn(code: Json): readonly string[] {
  const { seen: _, declared: _declared, ...files } = fieldsOf(code);
  return canonical(files).match(/\b[0-9a-f]{64}\b/g) ?? [];
}

const meet = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.includes(one));
