import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { SspError } from '../../../src/base/errors.js';
import { outputOf } from '../../../src/execute/output.js';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { folderRemote } from '../../../src/execute/remote/folder-remote.js';
import { readThrough } from '../../../src/execute/remote/read-through.js';
import type { Remote } from '../../../src/execute/remote/remote.js';
import { sendEntries } from '../../../src/execute/remote/send-entries.js';
import { seal, unseal } from '../../../src/execute/seal.js';
import { type Disk, nodeDisk, worldError } from '../../../src/execute/store/disk.js';
import { Store } from '../../../src/execute/store/store.js';
import { from, num, program, stage } from '../../plan/program-of.js';
import { folder, inProcess, lab } from '../lab.js';
import { checkRemote, entryOf, wholeEntries } from './contract.js';
import { type Fault, failingAt, memoryRemote } from './fake-remote.js';

const source = stage('source', 'Images', { size: num(1) });
const other = stage('other', 'Images', { size: num(2) });
const reader = stage('reader', 'Metrics', { of: from(source), k: num(3) });
const study = program({ stages: [source, other, reader] });

async function made() {
  const { store, run } = lab();
  const { outcomes } = await run(study);
  const records = outcomes.flatMap(({ record }) =>
    (record ? [store.record(record.key) ?? []] : []).flat(),
  );
  return { store, records };
}

/** A folder as a remote, beside its path. */
function shared(disk?: Disk) {
  const root = folder();
  return { root, remote: folderRemote('lab', root, disk) };
}

it('shares results through a folder as through any remote', async () => {
  const { root, remote } = shared();
  await checkRemote(
    remote,
    async () => folderRemote('lab', root),
    async (part, name, bytes) => {
      rmSync(remote.at(part, name));
      if (bytes) writeFileSync(remote.at(part, name), bytes);
    },
  );
});

it('shares results through a folder, so that nobody makes them again', async () => {
  const { store, records } = await made();
  const { remote } = shared();
  expect(await sendEntries(remote, store, records)).toMatchObject({ sent: 3, there: 0 });
  expect(await wholeEntries(remote)).toBe(3);
  const mine = lab((to) => readThrough([remote], to, inProcess(to)));
  const { by, ran } = await mine.run(study);
  expect({ by, ran }).toEqual({ by: { source: 'hit', other: 'hit', reader: 'hit' }, ran: 0 });
  expect((await mine.run(study)).by).toEqual(by);
});

it('makes what a remote lacks, or when it does not answer', async () => {
  const { store, records } = await made();
  const { remote, entries } = memoryRemote();
  await sendEntries(
    remote,
    store,
    records.filter(({ id }) => id !== 'other'),
  );
  const mine = lab((to) => readThrough([remote], to, inProcess(to)));
  expect((await mine.run(study)).by).toMatchObject({ source: 'hit', other: 'ran', reader: 'hit' });
  const silent = failingAt(memoryRemote().remote, 0, 'before');
  const alone = lab((to) => readThrough([silent.remote], to, inProcess(to)));
  expect((await alone.run(study)).ran).toBe(3);
  expect(entries.size).toBeGreaterThan(0);
});

it('says in a run what is refused, and once that a remote does not answer, which it then leaves alone', async () => {
  const { store, records } = await made();
  const { remote } = memoryRemote();
  await sendEntries(remote, store, records);
  const told: string[] = [];
  const tell = (line: string) => told.push(line);
  const objection = () => 'is not signed';
  const mine = lab((to) => readThrough([remote], to, inProcess(to), { objection, tell }));
  expect((await mine.run(study)).ran).toBe(3);
  expect(told).toHaveLength(3);
  expect(told[0]).toMatch(
    /^refused: the entry [0-9a-f]{64} of memory is not signed; it was not taken/,
  );
  let asked = 0;
  const get: Remote['get'] = async () => {
    asked += 1;
    throw new SspError('remote-failed', 'the remote memory does not answer');
  };
  told.length = 0;
  const alone = lab((to) => readThrough([{ ...remote, get }], to, inProcess(to), { tell }));
  expect((await alone.run(study)).ran).toBe(3);
  expect(told).toEqual(['the remote memory does not answer; what it may have is made here']);
  expect(asked).toBeLessThan(3);
});

it('sends nothing in few requests where 10,000 entries are there', async () => {
  const store = new Store(join(folder(), 'store'));
  const records = Array.from({ length: 10_000 }, (_, n) => entryOf(n));
  const { remote, count, entries } = memoryRemote({ listing: false });
  expect(await sendEntries(remote, store, records)).toMatchObject({ sent: 10_000 });
  const again = async () => {
    const before = { ...count };
    const { sent, bytes } = await sendEntries(remote, store, records);
    return {
      sent,
      bytes,
      put: count.bytes - before.bytes,
      requests: count.requests - before.requests,
    };
  };
  expect(await again()).toEqual({ sent: 0, bytes: 0, put: 0, requests: 5 });
  // What is remembered is no more than a hint.
  entries.clear();
  expect(await again()).toMatchObject({ sent: 10_000 });
});

it('asks a listing where another store has the same results', async () => {
  const store = () => new Store(join(folder(), 'store'));
  const records = Array.from({ length: 1000 }, (_, n) => entryOf(n));
  const { remote, count } = memoryRemote();
  await sendEntries(remote, store(), records);
  const before = count.requests;
  expect(await sendEntries(remote, store(), records)).toEqual({ sent: 0, there: 1000, bytes: 0 });
  expect(count.requests - before).toBe(1);
});

it.each<[Fault]>([['before'], ['after']])(
  'shows whole entries alone when any call fails, %s it is done',
  async (fault) => {
    const { store, records } = await made();
    let failed = 0;
    for (let at = 1; ; at += 1) {
      const { remote } = shared();
      const faulty = failingAt(remote, at, fault);
      const outcome = await sendEntries(faulty.remote, store, records, { recheck: true }).catch(
        (error) => error,
      );
      await wholeEntries(remote);
      if (!(outcome instanceof SspError)) break;
      failed += 1;
      // Whatever was there, a later push completes it.
      await sendEntries(remote, store, records);
      expect(await wholeEntries(remote)).toBe(3);
    }
    expect(failed).toBeGreaterThan(10);
  },
);

/** A disk whose n-th operation fails: by half a file, a full disk, or not at all until it is done. */
function faultyDisk(
  at: number,
  how: 'short' | 'full' | 'late',
): { disk: Disk; failed: () => boolean } {
  let n = 0;
  const names = Object.keys(nodeDisk) as (keyof Disk)[];
  const faulty =
    (name: keyof Disk) =>
    (...args: unknown[]) => {
      n += 1;
      const waits = name === 'sync' || name === 'syncFolder';
      const act = () =>
        waits ? undefined : (nodeDisk[name] as (...args: unknown[]) => unknown)(...args);
      if (n < at || (n > at && (name === 'remove' || name === 'unlink'))) return act();
      if (n === at && how === 'short' && (name === 'write' || name === 'copy')) {
        writeFileSync(String(name === 'write' ? args[0] : args[1]), 'half');
      } else if (n === at && how === 'late') act();
      throw new SspError('disk-full', 'no space is left');
    };
  const disk = Object.fromEntries(names.map((name) => [name, faulty(name)])) as unknown as Disk;
  return { disk, failed: () => n >= at };
}

it.each(['short', 'full', 'late'] as const)(
  'shows whole entries alone when the disk of a folder fails, %s',
  async (how) => {
    const { store, records } = await made();
    for (let at = 1; ; at += 1) {
      const root = folder();
      const { disk, failed } = faultyDisk(at, how);
      await sendEntries(folderRemote('lab', root, disk), store, records, { recheck: true }).catch(
        () => {},
      );
      const remote = folderRemote('lab', root);
      await wholeEntries(remote);
      if (!failed()) break;
      await sendEntries(remote, store, records, { recheck: true });
      expect(await wholeEntries(remote)).toBe(3);
      rmSync(root, { recursive: true });
      mkdirSync(root);
    }
  },
);

it.each<[string, RegExp, (entry: string) => string]>([
  ['cut', /is torn or was changed/, (entry) => entry.slice(0, -10)],
  [
    'changed in a number',
    /is torn or was changed/,
    (entry) => entry.replace('"seconds":', '"seconds":1'),
  ],
  ['empty', /is torn or was changed/, () => ''],
  ['of another key', /is of the key [0-9a-f]{64}, expected/, () => seal(entryOf(7))],
  [
    'under a key that its record has not',
    /has a record whose key is [0-9a-f]{64}, expected/,
    (entry) => resealed(entry, (f) => ({ ...f, record: entryOf(7).record })),
  ],
  [
    'with a metric that its digest has not',
    /output is not of its digest/,
    (entry) =>
      resealed(entry, (f) => ({ ...f, output: { ...(f.output as object), metrics: { top1: 1 } } })),
  ],
  [
    'with a name that leads out',
    /has not the form of an entry/,
    (entry) =>
      resealed(entry, (f) => ({
        ...f,
        output: outputOf('Images', { '../x': { digest: 'e'.repeat(64), size: 1 } }, {}),
      })),
  ],
])('refuses an entry that is %s', async (_, why, change) => {
  const { store, records } = await made();
  const { remote, entries } = memoryRemote();
  await sendEntries(remote, store, records);
  const [{ key } = { key: '' }] = records;
  const entry = entries.get(`ac/${key}`)?.toString() ?? '';
  entries.set(`ac/${key}`, Buffer.from(change(entry)));
  const mine = new Store(join(folder(), 'store'));
  const fetched = await fetchEntry(remote, mine, key);
  expect(fetched).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  expect(mine.find(key).kind).toBe('miss');
});

function resealed(entry: string, change: (fields: Record<string, unknown>) => object): string {
  const { sum: _, ...fields } = unseal(entry) as Record<string, unknown>;
  return seal(change(fields));
}

it.each<[string, RegExp, (content: Buffer) => Buffer | undefined]>([
  ['shorter', /has \d+ bytes, expected 64/, (content) => content.subarray(1)],
  ['longer', /has more than the 64 bytes expected/, (content) => Buffer.concat([content, content])],
  [
    'other',
    /has the SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
    (content) => Buffer.alloc(content.length),
  ],
  ['gone', /is not there, though the entry names it/, () => undefined],
])('refuses an entry whose content is %s, and shows nothing of it', async (_, why, change) => {
  const { store, records } = await made();
  const { remote, entries } = memoryRemote();
  await sendEntries(remote, store, records);
  const [record] = records;
  if (!record) throw new Error('no record');
  const name = `cas/${Object.values(record.output.files)[0]?.digest}`;
  const content = change(entries.get(name) ?? Buffer.alloc(0));
  if (content) entries.set(name, content);
  else entries.delete(name);
  const root = join(folder(), 'store');
  const mine = new Store(root);
  const fetched = await fetchEntry(remote, mine, record.key);
  expect(fetched).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  expect(mine.find(record.key).kind).toBe('miss');
  const left = readdirSync(root, { recursive: true, withFileTypes: true }).filter((e) =>
    e.isFile(),
  );
  expect(left.map(({ name: file }) => file).sort()).toEqual(['.gitignore', 'format.json']);
});

it('sends no content that is damaged here', async () => {
  const { store, records } = await made();
  const { remote } = shared();
  const [record] = records;
  const path = store.blobPath(Object.values(record?.output.files ?? {})[0]?.digest ?? '');
  chmodSync(path, 0o644);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^./, 'x'));
  await expect(sendEntries(remote, store, records)).rejects.toThrow(/is damaged or gone/);
  await wholeEntries(remote);
});

it.each([
  ['ENOSPC', /^the remote lab: no space is left on the disk of TO$/, /free some space there/],
  ['EROFS', /^the remote lab: TO may not be read or written \(EROFS\)$/, /of what lies there/],
])('says that the disk of a folder is at fault, and which: %s', async (code, message, help) => {
  const { store, records } = await made();
  const copy = async (path: string | Buffer) => {
    throw worldError('', Object.assign(new Error(code), { code, path, dest: 'TO' }));
  };
  const { remote } = shared({ ...nodeDisk, copy });
  const failed = await sendEntries(remote, store, records).catch((error) => error);
  expect(failed).toBeInstanceOf(SspError);
  expect(failed.message).toMatch(message);
  expect(failed.help).toMatch(help);
});

it.each<[string, (path: string) => void]>([
  ['a folder', (path) => mkdirSync(path, { recursive: true })],
  [
    'a link to nothing',
    (path) => {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync('nowhere', path);
    },
  ],
])('says that %s stands in the way of content', async (_, stand) => {
  const { store, records } = await made();
  const { root, remote } = shared();
  const [digest = ''] = records.flatMap(({ output }) =>
    Object.values(output.files).map((file) => file.digest),
  );
  stand(remote.at('cas', digest));
  for (const recheck of [false, true]) {
    await expect(sendEntries(remote, store, records, { recheck })).rejects.toThrow(
      `the remote lab: ${join(root, 'cas', digest.slice(0, 2), digest)} is no file`,
    );
  }
});

it('says that a remote broke off in the middle', async () => {
  const { store, records } = await made();
  const { remote } = memoryRemote();
  await sendEntries(remote, store, records);
  async function* broken() {
    yield Buffer.from('{');
    throw new Error('terminated');
  }
  const [{ key } = { key: '' }] = records;
  for (const part of ['ac', 'cas']) {
    const get: Remote['get'] = async (of, name) =>
      of === part ? Readable.from(broken()) : remote.get(of, name);
    const mine = new Store(join(folder(), 'store'));
    const fetched = fetchEntry({ ...remote, get }, mine, key);
    await expect(fetched).rejects.toThrow('the remote memory broke off: terminated');
    expect(mine.find(key).kind).toBe('miss');
  }
});

it('makes files that the group of the folder may read', async () => {
  const { store, records } = await made();
  const { root } = shared();
  chmodSync(root, 0o2770);
  await sendEntries(folderRemote('lab', root), store, records);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o7777;
    expect(mode).toBe(entry.isFile() ? 0o440 : 0o2770);
  }
});
