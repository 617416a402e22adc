import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { collect } from '../../src/execute/care/collect.js';
import { garbageOf, keptWhy, RUNS_KEPT, type Rules } from '../../src/execute/care/garbage.js';
import { takeInventory } from '../../src/execute/care/inventory.js';
import { needsOf } from '../../src/execute/care/needs.js';
import { lockKey } from '../../src/execute/store/key-lock.js';
import { keysOfRoot, rootsOf } from '../../src/execute/store/roots.js';
import type { Store } from '../../src/execute/store/store.js';
import { digestOfRecord } from '../../src/plan/key.js';
import { from, num, program, stage } from '../plan/program-of.js';
import { lab } from './lab.js';

const HOUR = 3_600_000;
/** Two hours from now: nothing is young. */
const later = (): Rules => ({ now: Date.now() + 2 * HOUR, grace: HOUR });

const source = (size: number) => stage('source', 'Images', { size: num(size) });
const both = (size: number) => {
  const made = source(size);
  return program({ stages: [made, stage('reader', 'Metrics', { of: from(made), k: num(3) })] });
};

/** What the last runs name. */
const reach = (store: Store) => ({
  keys: new Set(rootsOf(store).flatMap(keysOfRoot)),
  usedAt: new Map<string, number>(),
});

/** Garbage of a store; gone when it is applied. */
function gc(store: Store, rules: Rules = later(), apply = true) {
  const inventory = takeInventory(store);
  const needs = needsOf(store, reach(store));
  const garbage = garbageOf(inventory, needs, rules);
  const kept = keptWhy(inventory, garbage, needs, rules);
  const collected = apply ? collect(store, inventory, garbage, needs) : undefined;
  return { garbage, kept, collected, ids: garbage.map(({ record, kind }) => record?.id ?? kind) };
}

const all = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it('removes what the last run of a file does not use, and all that belongs to it', async () => {
  const l = lab();
  await l.run(both(1));
  const before = all(l.store.root).length;
  await l.run(both(2));
  const files = all(l.store.root);
  const { ids, collected } = gc(l.store);
  expect(ids.sort()).toEqual(['reader', 'source']);
  expect(collected?.stayed).toEqual([]);
  expect(all(l.store.root).length).toBe(before);
  const freed = files.filter((path) => !existsSync(path));
  expect(freed.length).toBe(files.length - before);
  expect((await l.run(both(2))).by).toEqual({ source: 'hit', reader: 'hit' });
  expect((await l.run(both(1))).by).toEqual({ source: 'ran', reader: 'ran' });
});

it('keeps content that a needed result names too', async () => {
  const l = lab();
  const blurred = (size: number) =>
    program({ stages: [stage('source', 'Images', { size: num(size), blur: num(1) })] });
  await l.run(blurred(1));
  await l.run(blurred(2));
  expect(gc(l.store).ids).toEqual(['source']);
  expect((await l.run(blurred(2))).by).toEqual({ source: 'hit' });
});

it('leaves alone what is young, was used since, or is worked at', async () => {
  const l = lab();
  await l.run(both(1));
  await l.run(both(2));
  const now = Date.now();
  const young = gc(l.store, { now, grace: HOUR }, false);
  expect([young.garbage, young.kept]).toMatchObject([[], { reached: 2, young: 2 }]);
  const used = gc(l.store, { ...later(), unusedFor: 3 * HOUR }, false);
  expect([used.garbage, used.kept.used]).toEqual([[], 2]);
  const unused = gc(l.store, { ...later(), unusedFor: HOUR }, false);
  expect(unused.garbage).toHaveLength(2);
  const [first] = unused.garbage;
  const free = lockKey(l.store, first?.key ?? '');
  const worked = gc(l.store);
  expect(worked.kept).toMatchObject({ reached: 2, busy: 1 });
  expect(worked.garbage).toHaveLength(1);
  free?.();
  expect(gc(l.store).garbage).toHaveLength(1);
});

it('leaves a result that somebody begins to work at, or makes anew, behind the look', async () => {
  const l = lab();
  await l.run(both(1));
  await l.run(both(2));
  const inventory = takeInventory(l.store);
  const needs = needsOf(l.store, reach(l.store));
  const garbage = garbageOf(inventory, needs, later());
  const free = lockKey(l.store, garbage[0]?.key ?? '');
  const other = garbage[1]?.record;
  if (other) l.store.putRecord(other);
  const { gone, stayed } = collect(l.store, inventory, garbage, needs);
  free?.();
  expect([gone.length, stayed.length]).toEqual([0, 2]);
  expect((await l.run(both(1))).by).toEqual({ source: 'hit', reader: 'hit' });
});

it('leaves content that a worker puts in its place behind the look', async () => {
  const l = lab();
  await l.run(both(1));
  await l.run(both(2));
  const inventory = takeInventory(l.store);
  const needs = needsOf(l.store, reach(l.store));
  const garbage = garbageOf(inventory, needs, later());
  const [digest = ''] = garbage[0]?.blobs ?? [];
  const path = l.store.blobPath(digest);
  l.store.replace(path, 'the same, as far as gc knows');
  collect(l.store, inventory, garbage, needs);
  expect(existsSync(path)).toBe(true);
});

it('removes the least recently used first, until the store is small enough', async () => {
  const l = lab();
  for (const size of [1, 2, 3, 4]) {
    await l.run(program({ stages: [source(size)] }));
    const [root] = rootsOf(l.store);
    const path = l.store.recordPath(root ? (keysOfRoot(root)[0] ?? '') : '');
    const then = new Date(Date.now() - (10 - size) * HOUR);
    utimesSync(path, then, then);
  }
  const { bytes } = takeInventory(l.store);
  const { garbage, kept } = gc(l.store, { ...later(), maxBytes: bytes - 1 }, false);
  expect(garbage.map(({ record }) => record?.record.params.size)).toEqual([1]);
  expect(kept).toMatchObject({ reached: 1, small: 2 });
  expect(gc(l.store, { ...later(), maxBytes: 0 }, false).garbage).toHaveLength(3);
});

it('removes checkpoints, kept epochs and content that nobody can ask for', async () => {
  const l = lab();
  const { outcomes } = await l.run(program({ stages: [source(1)] }));
  const record = outcomes[0]?.record;
  if (!record?.record) throw new Error('no record');
  const gone = digestOfRecord({ ...record.record, version: 9 });
  const put = (path: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
    return path;
  };
  const { store } = l;
  const left = [
    put(join(store.checkpointPath(gone), 'state')),
    put(`${store.checkpointPath(gone)}.time`),
    put(store.logPath(gone)),
    put(join(store.keptPath(gone), 'out.txt')),
    put(join(store.epochsPath(gone), '10.safetensors')),
    put(store.blobPath('a'.repeat(64))),
    put(join(store.root, 'quarantine', 'damaged')),
  ];
  const needed = [
    put(join(store.epochsPath(record.key), '10.safetensors')),
    put(store.logPath(record.key)),
  ];
  expect(gc(store).ids.sort()).toEqual(['aside', 'content', 'epochs', 'unfinished']);
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(needed.filter((path) => !existsSync(path))).toEqual([]);
});

it('keeps content that a record which is damaged may name', async () => {
  const l = lab();
  const { outcomes } = await l.run(program({ stages: [source(1)] }));
  const record = outcomes[0]?.record;
  if (!record) throw new Error('no record');
  writeFileSync(l.store.recordPath(record.key), 'hello');
  expect(gc(l.store).garbage).toEqual([]);
});

it('remembers of a run of a part what the run of the whole used', async () => {
  const l = lab();
  await l.run(both(1));
  await l.run(both(1), { only: 'source' });
  expect(rootsOf(l.store).map((root) => keysOfRoot(root).length)).toEqual([2]);
  await l.run(both(2), { set: { size: '2' } });
  expect(rootsOf(l.store)).toHaveLength(2);
  expect(gc(l.store).garbage).toEqual([]);
});

it('forgets digests that nobody asks for, and runs that are old and many', () => {
  const { store } = lab();
  const memo = (digit: string) => digit.repeat(64);
  for (const digit of ['a', 'b']) store.memory.write(memo(digit), '{}');
  // One is asked for, long after it was written.
  const twoDaysAgo = Date.now() / 1000 - 48 * 3600;
  utimesSync(store.memoPath(memo('a')), twoDaysAgo, twoDaysAgo);
  store.memory.read(memo('a'));
  expect(statSync(store.memoPath(memo('a'))).mtimeMs / 1000).toBeGreaterThan(twoDaysAgo + 3600);
  const runs = join(store.root, 'runs', 'a'.repeat(32));
  mkdirSync(runs, { recursive: true });
  const names = Array.from({ length: RUNS_KEPT + 2 }, (_, n) => `${1000 + n}.json`);
  for (const name of names) writeFileSync(join(runs, name), 'hello');
  expect(gc(store).garbage).toEqual([]);
  const inAMonth = { now: Date.now() + 31 * 24 * HOUR, grace: HOUR };
  expect(gc(store, { ...inAMonth, unusedFor: 40 * 24 * HOUR }, false).garbage).toEqual([]);
  const { ids } = gc(store, inAMonth);
  expect(ids.sort()).toEqual(['memo', 'memo', 'run', 'run']);
  expect(readdirSync(runs)).toEqual(names.slice(2));
});
