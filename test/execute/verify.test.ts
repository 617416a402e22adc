import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { verify } from '../../src/execute/care/verify.js';
import { Store } from '../../src/execute/store/store.js';
import { from, num, program, stage } from '../plan/program-of.js';
import { lab } from './lab.js';

const source = stage('source', 'Images', { size: num(1) });
const both = program({
  stages: [source, stage('reader', 'Metrics', { of: from(source), k: num(3) })],
});

async function withResults() {
  const l = lab();
  const { outcomes } = await l.run(both);
  const [made, read] = outcomes.map(({ record }) => record);
  if (!made || !read) throw new Error('no records');
  const blob = l.store.blobPath(made.output.files['result.txt']?.digest ?? '');
  chmodSync(blob, 0o644);
  return { l, made, read, blob };
}

it('finds nothing wrong where nothing is', async () => {
  const { l } = await withResults();
  const found = await verify(l.store, { repair: true });
  expect(found).toMatchObject({ records: 2, files: 2, wrong: [], aside: [] });
  expect(found.bytes).toBe(128);
});

it.each<[string, (path: string) => void, RegExp]>([
  [
    'changed',
    (path) => writeFileSync(path, readFileSync(path, 'utf8').replace(/^./, '!')),
    /^is other content: its digest is [0-9a-f]{64}$/,
  ],
  ['cut', (path) => writeFileSync(path, 'short'), /^has 5 bytes, and its record says 64$/],
  ['gone', (path) => rmSync(path), /^is gone$/],
])('names content that is %s with whose it is, and makes it a miss', async (_, damage, why) => {
  const { l, blob } = await withResults();
  damage(blob);
  const look = await verify(l.store, { repair: false });
  expect(look.wrong).toMatchObject([{ what: 'content', of: ['source'] }]);
  expect(look.wrong[0]?.wrong).toMatch(why);
  expect(look.aside).toEqual([]);
  expect((await verify(l.store, { repair: true })).aside.length).toBeGreaterThan(0);
  expect((await verify(l.store, { repair: true })).wrong).toEqual([]);
  expect((await l.run(both)).by).toEqual({ source: 'ran', reader: 'hit' });
});

it.each<[string, (text: string) => string, RegExp]>([
  ['changed', (text) => text.replace('Images', 'Imagos'), /its sum is that of another text/],
  ['cut', (text) => text.slice(0, 50), /its sum is that of another text/],
])('names a record that is %s, and makes it a miss', async (_, damage, why) => {
  const { l, made } = await withResults();
  const path = l.store.recordPath(made.key);
  writeFileSync(path, damage(readFileSync(path, 'utf8')));
  const { wrong } = await verify(l.store, { repair: true });
  expect(wrong).toMatchObject([
    { what: 'record', path: `records/${made.key.slice(0, 2)}/${made.key}.json` },
  ]);
  expect(wrong[0]?.wrong).toMatch(why);
  expect((await verify(l.store, { repair: false })).wrong).toEqual([]);
  expect((await l.run(both)).by).toEqual({ source: 'ran', reader: 'hit' });
});

it('names the record of another key', async () => {
  const { l, made } = await withResults();
  const other = made.key.replace(/^./, (c) => (c === '0' ? '1' : '0'));
  const path = l.store.recordPath(other);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(l.store.recordPath(made.key)));
  const { wrong } = await verify(l.store, { repair: false });
  expect(wrong).toMatchObject([{ what: 'record', wrong: 'is the record of another key' }]);
});

it('looks only at what is asked for', async () => {
  const { l, read, blob } = await withResults();
  writeFileSync(blob, 'short');
  const found = await verify(l.store, { keys: new Set([read.key]), repair: true });
  expect(found).toMatchObject({ records: 1, files: 1, wrong: [] });
});

it('says of a store that may not be written what it could not put aside', async () => {
  const { l, blob } = await withResults();
  writeFileSync(blob, 'short');
  const refuse = () => {
    throw Object.assign(new Error('read-only'), { code: 'EROFS' });
  };
  const readOnly = new Store(l.store.root, { ...l.store.disk, mkdir: refuse, rename: refuse });
  const found = await verify(readOnly, { repair: true });
  expect(found).toMatchObject({ wrong: [{ what: 'content' }], aside: [] });
});
