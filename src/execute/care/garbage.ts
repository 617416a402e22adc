import type { StageRecord } from '../record.js';
import type { Beside, Inventory, Thing } from './inventory.js';
import type { Needs } from './needs.js';
import { withPrecursors } from './precursors.js';

export interface Rules {
  readonly now: number;
  /** What was written more recently stays: somebody may be about to name it. Milliseconds. */
  readonly grace: number;
  /** Only what was not used for so long goes. Milliseconds. */
  readonly unusedFor?: number | undefined;
  /** No more goes than leaves so many bytes: what was not used for longest first. */
  readonly maxBytes?: number | undefined;
}

/** What goes together. */
export interface Piece {
  readonly kind: 'result' | 'unfinished' | 'epochs' | 'content' | 'aside' | 'memo' | 'run';
  /** None of content, of what was put aside, and of what is remembered. */
  readonly key?: string;
  readonly record?: StageRecord;
  /** Milliseconds. */
  readonly usedAt: number;
  /** A record stands before what lies beside it. */
  readonly things: readonly Thing[];
  /** Content that goes with it, by its digest: nothing that stays names it. */
  readonly blobs: readonly string[];
  /** Of all of it. */
  readonly bytes: number;
}

type Found = Omit<Piece, 'blobs' | 'bytes'>;

/** Content that nothing names is left alone for so long while somebody works. Milliseconds. */
const WHILE_BUSY = 24 * 3_600_000;

/** A digest that was not asked for so long is forgotten: its file would be read again. Milliseconds. */
export const MEMO_UNUSED = 30 * 24 * 3_600_000;
/** So many runs of a file are remembered whatever their age, and all that are no older than that. */
export const RUNS_KEPT = 100;
export const RUN_OLD = 30 * 24 * 3_600_000;

/** What of a store nobody needs: what nothing can read first, then what was not used for longest. */
export function garbageOf(inventory: Inventory, needs: Needs, rules: Rules): readonly Piece[] {
  const found = [...results(inventory, needs, rules), ...others(inventory, needs, rules)];
  found.sort((a, b) => rank(a) - rank(b) || a.usedAt - b.usedAt);
  const alone = unnamed(inventory, needs, rules);
  return fewest([...alone, ...withContent(found, inventory, needs, rules)], inventory, rules);
}

const rank = ({ kind }: Found): number =>
  kind === 'aside' || kind === 'memo' || kind === 'run' ? 0 : 1;

const isSettled = ({ changedAt }: Thing, { now, grace }: Rules): boolean =>
  now - changedAt >= grace;

const isUnused = (usedAt: number, { now, unusedFor = 0 }: Rules): boolean =>
  now - usedAt >= unusedFor;

/** Results with what lies beside them, and what was left of keys without one. */
function results(inventory: Inventory, needs: Needs, rules: Rules): readonly Found[] {
  const needed = withPrecursors(needs.keys, inventory);
  const besides = byKey(inventory.beside);
  const found: Found[] = [];
  for (const key of new Set([...inventory.results.keys(), ...besides.keys()])) {
    if (needs.busy.has(key)) continue;
    const result = inventory.results.get(key);
    const beside = besides.get(key) ?? [];
    if (needed.has(key)) {
      // What attempts have left is of no use any more.
      const left = result
        ? beside.filter(({ kind }) => kind === 'checkpoint' || kind === 'kept' || kind === 'task')
        : [];
      const usedAt = Math.max(0, ...left.map(({ changedAt }) => changedAt));
      if (left.length > 0 && left.every((thing) => isSettled(thing, rules)))
        found.push({ kind: 'unfinished', key, usedAt, things: left });
      continue;
    }
    // What was written beside a result later, as a log, is no reason to keep it.
    if (!(result ? [result] : beside).every((thing) => isSettled(thing, rules))) continue;
    const lastAt = result?.madeAt ?? Math.max(...beside.map(({ changedAt }) => changedAt));
    const usedAt = Math.max(lastAt, needs.usedAt.get(key) ?? 0);
    if (!isUnused(usedAt, rules)) continue;
    found.push(
      result
        ? { kind: 'result', key, record: result.record, usedAt, things: [result, ...beside] }
        : { kind: 'unfinished', key, usedAt, things: beside },
    );
  }
  return found;
}

function byKey(beside: readonly Beside[]): ReadonlyMap<string, readonly Beside[]> {
  const found = new Map<string, Beside[]>();
  for (const thing of beside) {
    if (thing.kind === 'epochs') continue;
    const others = found.get(thing.key);
    if (others) others.push(thing);
    else found.set(thing.key, [thing]);
  }
  return found;
}

/** Epochs that trainings keep, what was put aside, and what is remembered of files and runs. */
function others(inventory: Inventory, needs: Needs, rules: Rules): readonly Found[] {
  const epochs = inventory.beside
    .filter(({ kind, key }) => kind === 'epochs' && !needs.trainings.has(key))
    .map(({ key, ...thing }): Found => {
      const usedAt = Math.max(thing.changedAt, needs.usedAt.get(key) ?? 0);
      return { kind: 'epochs', key, usedAt, things: [thing] };
    });
  const { now } = rules;
  const memos = inventory.memos.filter(({ changedAt }) => now - changedAt >= MEMO_UNUSED);
  const runs = inventory.runs
    .flatMap((ofFile) => ofFile.slice(0, -RUNS_KEPT))
    .filter(({ changedAt }) => now - changedAt >= RUN_OLD);
  const alone = (kind: Found['kind'], things: readonly Thing[]): readonly Found[] =>
    things.map((thing) => ({ kind, usedAt: thing.changedAt, things: [thing] }));
  const known = [...alone('memo', memos), ...alone('run', runs)];
  return [...epochs, ...alone('aside', inventory.aside), ...known].filter(
    ({ usedAt, things }) =>
      things.every((thing) => isSettled(thing, rules)) && isUnused(usedAt, rules),
  );
}

/** Content that no record names: an attempt was killed behind it. */
function unnamed(
  { blobs, results: all, damaged }: Inventory,
  needs: Needs,
  rules: Rules,
): readonly Piece[] {
  // A damaged record may name it: it is put aside first.
  if (damaged.length > 0) return [];
  const named = new Set([...all.values()].flatMap(({ record }) => [...digestsOf(record)]));
  const grace = needs.busy.size > 0 ? Math.max(rules.grace, WHILE_BUSY) : rules.grace;
  return [...blobs].flatMap(([digest, thing]): readonly Piece[] => {
    if (named.has(digest) || needs.read.has(digest)) return [];
    const isLeft = isSettled(thing, { ...rules, grace }) && isUnused(thing.changedAt, rules);
    if (!isLeft) return [];
    const { bytes, changedAt: usedAt } = thing;
    return [{ kind: 'content', usedAt, things: [], blobs: [digest], bytes }];
  });
}

/** Pieces with the content that nothing names any more when they and those before them are gone. */
function withContent(
  found: readonly Found[],
  { blobs, results: all }: Inventory,
  { read }: Needs,
  rules: Rules,
): readonly Piece[] {
  const names = new Map<string, number>();
  for (const { record } of all.values()) {
    for (const digest of digestsOf(record)) names.set(digest, (names.get(digest) ?? 0) + 1);
  }
  return found.map((piece) => {
    const gone = [...digestsOf(piece.record)].filter((digest) => {
      const left = (names.get(digest) ?? 0) - 1;
      names.set(digest, left);
      const blob = blobs.get(digest);
      return left === 0 && blob !== undefined && !read.has(digest) && isSettled(blob, rules);
    });
    const things = [...piece.things, ...gone.flatMap((digest) => blobs.get(digest) ?? [])];
    return { ...piece, blobs: gone, bytes: things.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}

const digestsOf = (record: StageRecord | undefined): ReadonlySet<string> =>
  new Set(Object.values(record?.output.files ?? {}).map(({ digest }) => digest));

/** Why a result stays. */
export type Reason = 'reached' | 'busy' | 'young' | 'used' | 'small';

/** How many results stay when garbage goes, by the reason; `small`: the store is no larger than it may be. */
export function keptWhy(
  inventory: Inventory,
  garbage: readonly Piece[],
  needs: Needs,
  rules: Rules,
): Readonly<Record<Reason, number>> {
  const needed = withPrecursors(needs.keys, inventory);
  const going = new Set(garbage.map(({ key }) => key));
  const counts = { reached: 0, busy: 0, young: 0, used: 0, small: 0 };
  for (const [key, result] of inventory.results) {
    if (going.has(key)) continue;
    const usedAt = Math.max(result.madeAt, needs.usedAt.get(key) ?? 0);
    if (needed.has(key)) counts.reached += 1;
    else if (needs.busy.has(key)) counts.busy += 1;
    else if (!isSettled(result, rules)) counts.young += 1;
    else if (!isUnused(usedAt, rules)) counts.used += 1;
    else counts.small += 1;
  }
  return counts;
}

/** As many pieces from the first as it takes for a store to be no larger than it may be. */
function fewest(
  pieces: readonly Piece[],
  { bytes }: Inventory,
  { maxBytes }: Rules,
): readonly Piece[] {
  if (maxBytes === undefined) return pieces;
  let left = bytes;
  return pieces.filter((piece) => {
    if (left <= maxBytes) return false;
    left -= piece.bytes;
    return true;
  });
}
