import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { outputOf } from '../../../src/execute/output.js';
import type { StageRecord } from '../../../src/execute/record.js';
import { entryText, readEntryText } from '../../../src/execute/remote/entry-text.js';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { bytesContent, type Part, type Remote } from '../../../src/execute/remote/remote.js';
import { sendEntries } from '../../../src/execute/remote/send-entries.js';
import { Store } from '../../../src/execute/store/store.js';
import { digestOfRecord } from '../../../src/plan/key.js';
import { folder } from '../lab.js';

export const sha256 = (bytes: string | Buffer): string =>
  createHash('sha256').update(bytes).digest('hex');

/** An entry of a made-up evaluation, with the files of these contents. */
export function entryOf(n: number, contents: Readonly<Record<string, Buffer>> = {}): StageRecord {
  const record = { stage: 'test.metrics', version: 1, params: { n }, numeric: null };
  const files = Object.entries(contents).map(
    ([name, bytes]) => [name, { digest: sha256(bytes), size: bytes.length }] as const,
  );
  return {
    version: 1,
    key: digestOfRecord(record as unknown as StageRecord['record']),
    record: record as unknown as StageRecord['record'],
    id: `e[n=${n}]`,
    output: outputOf('Metrics', Object.fromEntries(files), { top1: n }),
    seconds: 1,
    finishedAt: '2026-01-31T12:00:00Z',
    environment: {},
  };
}

/** Every entry that a remote shows has its whole content there; how many there are. */
export async function wholeEntries(remote: Remote): Promise<number> {
  const keys = (await remote.list('ac')) ?? [];
  for (const key of keys) {
    const stream = await remote.get('ac', key);
    const read = readEntryText(stream ? await text(stream) : '', key);
    if ('fault' in read) throw new Error(`the entry ${key} ${read.fault}`);
    for (const { digest } of Object.values(read.record.output.files)) {
      const content = await remote.get('cas', digest);
      expect(sha256(content ? await buffer(content) : '')).toBe(digest);
    }
  }
  return keys.length;
}

/**
 * What holds of every kind of remote. It is given empty; `reopen` is it for another person, `damage`
 * puts other bytes in the place of what is there, or removes it.
 */
export async function checkRemote(
  remote: Remote,
  reopen: () => Promise<Remote>,
  damage?: (part: Part, name: string, bytes: Buffer | undefined) => Promise<void>,
): Promise<void> {
  const contents = {
    small: Buffer.from('small'),
    empty: Buffer.alloc(0),
    large: randomBytes(3 << 20),
  };
  const record = entryOf(1, contents);
  const at = folder();
  const store = new Store(join(at, 'store'));
  store.prepare();
  for (const bytes of Object.values(contents)) {
    const path = store.blobPath(sha256(bytes));
    store.replace(path, '', false);
    writeFileSync(path, bytes);
  }
  store.putRecord(record);

  // Nothing is there, then what was put, once.
  const { key } = record;
  const bytes = contents.small;
  const digest = sha256(bytes);
  expect(await remote.has('cas', digest)).toBe(false);
  expect(await remote.get('cas', digest)).toBeUndefined();
  expect(await remote.get('ac', key)).toBeUndefined();
  expect(await remote.putIfAbsent('cas', digest, bytesContent(bytes))).toBe(true);
  await remote.close?.();
  const other = await reopen();
  expect(await other.has('cas', digest)).toBe(true);
  expect(await other.putIfAbsent('cas', digest, bytesContent(bytes))).toBe(false);
  const got = await other.get('cas', digest);
  expect(got && (await buffer(got))).toEqual(bytes);

  // A result goes there, and comes from there as it was.
  const sent = await sendEntries(other, store, [record]);
  expect(sent).toMatchObject({ sent: 1, there: 0 });
  expect(sent.bytes).toBeGreaterThan(3 << 20);
  const theirs = await reopen();
  const mine = new Store(join(at, 'mine'));
  expect(await fetchEntry(theirs, mine, key)).toMatchObject({ kind: 'came', record });
  expect(mine.find(key)).toMatchObject({ kind: 'hit', record });
  const listed = await theirs.list('ac');
  if (listed) {
    expect(listed).toEqual([key]);
    expect([...((await theirs.list('cas')) ?? [])].sort()).toEqual(
      Object.values(contents).map(sha256).sort(),
    );
    expect(await wholeEntries(theirs)).toBe(1);
  }

  // Damage of every kind is found and replaced; nothing else is sent.
  const recheck = async () => sendEntries(await reopen(), store, [record], { recheck: true });
  expect(await recheck()).toEqual({ sent: 0, there: 1, bytes: 0 });
  if (damage) {
    for (const [part, name] of [
      ['cas', digest],
      ['ac', key],
    ] as const) {
      for (const wrong of [Buffer.from('smale'), Buffer.from('x'), undefined]) {
        await damage(part, name, wrong);
        expect(await recheck()).toMatchObject({ sent: 1, there: 0 });
        const again = new Store(join(folder(), 'again'));
        expect(await fetchEntry(await reopen(), again, key)).toMatchObject({ kind: 'came' });
      }
    }
  }

  // Whoever has the same sends nothing; what is remembered costs few requests.
  for (const same of [store, mine]) {
    expect(await sendEntries(await reopen(), same, [record])).toEqual({
      sent: 0,
      there: 1,
      bytes: 0,
    });
  }

  // Sixteen at once.
  const many = Array.from({ length: 60 }, (_, n) => entryOf(n + 2));
  expect(await sendEntries(await reopen(), store, many)).toMatchObject({ sent: 60 });
  const again = await reopen();
  for (const { key: one } of many) expect(await again.has('ac', one)).toBe(true);
  expect(await sendEntries(again, mine, [record, ...many])).toMatchObject({ sent: 0, bytes: 0 });
  expect(entryText(record)).toContain(key);
}
