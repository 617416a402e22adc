import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import type { Io } from '../../src/cli/io.js';
import { verify } from '../../src/execute/care/verify.js';
import { contentDigest, type Memory } from '../../src/execute/store/content.js';
import { worldError } from '../../src/execute/store/disk.js';
import { lockKey } from '../../src/execute/store/key-lock.js';
import { Store } from '../../src/execute/store/store.js';
import { from, num, program, stage } from '../plan/program-of.js';
import { folder, lab } from './lab.js';

/** Where nobody listens. */
const quiet: Io = {
  cwd: '/',
  env: {},
  colour: { out: false, err: false },
  width: 80,
  live: false,
  out: () => {},
  err: () => {},
};

const one = program({ stages: [stage('source', 'Images', { size: num(1) })] });

/** A lab with one result, and where its record and blob lie. */
async function withResult() {
  const l = lab();
  const { outcomes } = await l.run(one);
  const record = outcomes[0]?.record;
  if (!record) throw new Error('no record');
  const blob = record.output.files['result.txt']?.digest ?? '';
  return {
    l,
    record: l.store.recordPath(record.key),
    blob: l.store.blobPath(blob),
    key: record.key,
  };
}
const quarantined = (store: Store): readonly string[] => {
  const path = join(store.root, 'quarantine');
  return existsSync(path) ? readdirSync(path) : [];
};

it.each<[string, (text: string) => string]>([
  ['empty', () => ''],
  ['cut', (text) => text.slice(0, -10)],
  ['cut in half', (text) => text.slice(0, text.length / 2)],
  ['changed in a number', (text) => text.replace('"size":', '"size":1')],
  ['changed in a letter', (text) => text.replace('Images', 'Imagos')],
  ['no JSON', () => 'hello'],
])('takes a record that is %s for a miss, puts it aside and makes it again', async (_, damage) => {
  const { l, record } = await withResult();
  writeFileSync(record, damage(readFileSync(record, 'utf8')));
  const again = await l.run(one);
  expect(again.by).toEqual({ source: 'ran' });
  expect(again.plan.stages[0]?.reason.kind).toBe('lost');
  expect(quarantined(l.store)).toHaveLength(1);
  expect((await l.run(one)).by).toEqual({ source: 'hit' });
});

it('takes the record of another key for damaged', async () => {
  const { l, record, key } = await withResult();
  const other = key.replace(/^./, (c) => (c === '0' ? '1' : '0'));
  mkdirSync(join(l.store.root, 'records', other.slice(0, 2)), { recursive: true });
  writeFileSync(l.store.recordPath(other), readFileSync(record));
  expect(l.store.find(other)).toEqual({ kind: 'lost' });
});

it.each(['gone', 'cut'])(
  'says that content which is %s is lost, and makes it again',
  async (how) => {
    const { l, blob } = await withResult();
    const whole = readFileSync(blob, 'utf8');
    chmodSync(blob, 0o644);
    if (how === 'cut') writeFileSync(blob, whole.slice(1));
    else (await import('node:fs')).rmSync(blob);
    const again = await l.run(one);
    expect(again.plan.stages[0]).toMatchObject({ action: 'run', reason: { kind: 'lost' } });
    expect(readFileSync(blob, 'utf8')).toBe(whole);
  },
);

it('reads a store without writing to it', async () => {
  const root = join(folder(), 'none');
  expect(new Store(root).find('a'.repeat(64))).toEqual({ kind: 'miss' });
  expect(existsSync(root)).toBe(false);
});

/** Every file of a folder with its content. */
const contentOf = (root: string): readonly (readonly [string, string])[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const)
    .sort();

it.each([
  ['{"version": 2}', /has version 2; this ssp knows versions 1 alone/],
  ['{"version": 0}', /has version 0/],
  ['{"version": "1"}', /has a format.json that no ssp has written/],
  ['[]', /has a format.json that no ssp has written/],
  ['', /has a format.json that no ssp has written/],
])('refuses a store with the format %j, and leaves it as it is', async (format, message) => {
  const { l } = await withResult();
  writeFileSync(join(l.store.root, 'format.json'), format);
  writeFileSync(join(l.at, 'none.ssp'), 'let a = 1\n');
  const before = contentOf(l.store.root);
  expect(() => new Store(l.store.root)).toThrow(message);
  for (const command of ['run', 'plan', 'gc', 'verify', 'exec-stage']) {
    const { load } = commands[command] as (typeof commands)[string];
    const args = command === 'exec-stage' ? ['a'.repeat(64)] : [join(l.at, 'none.ssp')];
    const opened = (await load()).run(quiet, args, { store: l.store.root });
    await expect(opened, command).rejects.toThrow(message);
  }
  expect(contentOf(l.store.root)).toEqual(before);
});

it('reads a store as the first ssp wrote it: all is a hit, and sound', async () => {
  const source = stage('source', 'Images', { size: num(1) });
  const reader = stage('reader', 'Metrics', { of: from(source), k: num(3) });
  const l = lab();
  cpSync(new URL('../fixtures/store/version-1', import.meta.url), l.store.root, {
    recursive: true,
  });
  const before = contentOf(l.store.root);
  const whole = await verify(l.store, { repair: true });
  expect(whole).toMatchObject({ records: 2, files: 2, wrong: [] });
  expect((await l.run(program({ stages: [source, reader] }))).by).toEqual({
    source: 'hit',
    reader: 'hit',
  });
  expect(contentOf(l.store.root)).toEqual(expect.arrayContaining([...before]));
  // What changes is explained by what the store has, though it knows of no run.
  const changed = stage('source', 'Images', { size: num(2) });
  rmSync(join(l.store.root, 'roots'), { recursive: true });
  const { plan } = await l.run(program({ stages: [changed] }));
  expect(plan.stages[0]?.reason).toMatchObject({
    kind: 'changed',
    changes: [{ path: 'params.size', before: 1, after: 2 }],
  });
});

it('holds a lock once, and frees those of processes that are gone', () => {
  const store = new Store(folder());
  const key = 'a'.repeat(64);
  const free = lockKey(store, key);
  expect(free).toBeDefined();
  expect(lockKey(store, key)).toBeUndefined();
  free?.();
  const path = join(store.root, 'locks', key);
  const holders = [
    JSON.stringify({ pid: 2 ** 30, start: '1', host: hostname() }),
    // A later process has the number of the one that held it.
    JSON.stringify({ pid: process.pid, start: '1', host: hostname() }),
    '',
  ];
  for (const holder of holders) {
    writeFileSync(path, holder);
    const again = lockKey(store, key);
    expect(again).toBeDefined();
    again?.();
  }
});

it('trusts the lock of another machine until that is silent for long', () => {
  const store = new Store(folder());
  const key = 'b'.repeat(64);
  const path = join(store.root, 'locks', key);
  mkdirSync(join(store.root, 'locks'));
  writeFileSync(path, JSON.stringify({ pid: 1, start: '1', host: 'elsewhere' }));
  expect(lockKey(store, key)).toBeUndefined();
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, longAgo, longAgo);
  lockKey(store, key)?.();
  expect(existsSync(path)).toBe(false);
});

/** A memory in a map, and the files that are read. */
function memoryOf() {
  const map = new Map<string, string>();
  const memory: Memory = { read: (n) => map.get(n), write: (n, t) => map.set(n, t) };
  const read: string[] = [];
  const digest = (path: string, kind: 'file' | 'folder') =>
    contentDigest(path, kind, memory, (file) => read.push(file));
  return { read, digest };
}
const old = new Date(Date.now() - 60_000);

it('digests what a folder contains, not where it lies or when it was written', async () => {
  const { digest } = memoryOf();
  const [a, b] = [folder(), folder()];
  for (const at of [a, b]) {
    mkdirSync(join(at, 'train'));
    writeFileSync(join(at, 'train', '1.png'), 'one');
    writeFileSync(join(at, '2.png'), 'two');
  }
  utimesSync(join(b, '2.png'), old, old);
  expect(await digest(a, 'folder')).toBe(await digest(b, 'folder'));
  const before = await digest(a, 'folder');
  writeFileSync(join(a, 'train', '1.png'), 'One');
  expect(await digest(a, 'folder')).not.toBe(before);
  writeFileSync(join(b, 'train', '3.png'), '');
  expect(await digest(b, 'folder')).not.toBe(before);
});

it('does not remember files that were written just now', async () => {
  const { digest, read } = memoryOf();
  const path = join(folder(), 'young');
  writeFileSync(path, 'one');
  const before = await digest(path, 'file');
  writeFileSync(path, 'two');
  expect(await digest(path, 'file')).not.toBe(before);
  expect(read).toHaveLength(2);
});

it('names what cannot be read, and folders that contain themselves', async () => {
  const { digest } = memoryOf();
  const at = folder();
  await expect(digest(join(at, 'none'), 'file')).rejects.toThrow(
    `${join(at, 'none')} does not exist`,
  );
  await expect(digest(at, 'file')).rejects.toThrow('is a folder; expected a file');
  symlinkSync(at, join(at, 'self'));
  await expect(digest(at, 'folder')).rejects.toThrow('is a link to a folder that contains it');
});

it('follows links to files and says which one leads nowhere', async () => {
  const { digest } = memoryOf();
  const at = folder();
  symlinkSync(join(at, 'nowhere'), join(at, 'link'));
  await expect(digest(at, 'folder')).rejects.toThrow('link is a link to what does not exist');
});

it('makes explanations from the nearest record when a point is new', async () => {
  const l = lab();
  await l.run(program({ stages: [stage('a', 'Images', { size: num(1), n: num(2) })] }));
  const next = await l.run(
    program({ stages: [stage('b', 'Images', { size: num(1), n: num(3) })] }),
  );
  expect(next.plan.stages[0]?.reason).toMatchObject({
    kind: 'changed',
    changes: [{ path: 'params.n', before: 2, after: 3 }],
  });
});

it('says that a store is a file', () => {
  const at = folder();
  writeFileSync(join(at, 'file'), '');
  expect(() => new Store(join(at, 'file'))).toThrow(/is a file, not a folder/);
});

it('names the folder of a full disk, and no temporary name in it', () => {
  const store = new Store(folder());
  const path = join(store.temporary('0f'), 'out', 'x');
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path });
  expect(worldError('', full)).toMatchObject({
    code: 'disk-full',
    message: `no space is left on the disk of ${join(store.root, 'tmp')}`,
  });
});
