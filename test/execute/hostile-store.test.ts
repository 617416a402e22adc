import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SspError } from '../../src/base/errors.js';
import { outputOf } from '../../src/execute/output.js';
import type { Output } from '../../src/execute/record.js';
import { seal, unseal } from '../../src/execute/seal.js';
import { lastSeen } from '../../src/execute/store/latest.js';
import { Store } from '../../src/execute/store/store.js';
import type { Task } from '../../src/execute/task.js';
import { execStage } from '../../src/execute/worker/exec-stage.js';
import { from, num, program, stage } from '../plan/program-of.js';
import { folder, inProcess, lab } from './lab.js';

const source = stage('source', 'Images', { size: num(1) });
const reader = stage('reader', 'Metrics', { of: from(source), k: num(3) });
const both = program({ stages: [source, reader] });

type Fields = Record<string, unknown>;

/** A lab with two results in its store and files of the user beside it. */
async function withResults() {
  const l = lab();
  const tasks = new Map<string, Task>();
  const attempt = inProcess(l.store);
  const { outcomes } = await l.run(both, {
    attempt: (job) => {
      tasks.set(job.task.key, job.task);
      return attempt(job);
    },
  });
  const [made, read] = outcomes.map(({ record }) => record);
  if (!made || !read) throw new Error('no records');
  const home = join(l.at, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'thesis.tex'), 'precious');
  const outside = () =>
    readdirSync(l.at, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/^(store|count)/.test(name))
      .map((name) => {
        const path = join(l.at, name);
        return [name, lstatSync(path).isFile() ? readFileSync(path, 'utf8') : ''];
      });
  const task = tasks.get(read.key);
  if (!task) throw new Error('no task');
  return { l, made, read, task, outside, before: outside() };
}

/** Writes a sealed entry again with other fields. */
function reseal(path: string, change: (fields: Fields) => void): void {
  const fields = unseal(readFileSync(path, 'utf8')) as Fields;
  delete fields.sum;
  change(fields);
  writeFileSync(path, seal(fields));
}

const forged = (output: Output, files: Output['files']): Output =>
  outputOf(output.type, files, output.metrics);

const evil = { digest: 'e'.repeat(64), size: 5 };

it.each<[string, (output: Output) => unknown]>([
  ['a path for a digest', (o) => forged(o, { a: { digest: '../home/thesis.tex', size: 1 } })],
  ['an absolute path for a digest', (o) => forged(o, { a: { digest: '/etc/passwd', size: 1 } })],
  ['a digest in capitals', (o) => forged(o, { a: { digest: 'A'.repeat(64), size: 1 } })],
  [
    'a line break behind a digest',
    (o) => forged(o, { a: { ...evil, digest: `${evil.digest}\n` } }),
  ],
  ['a name that leads out', (o) => forged(o, { ...o.files, '../../home/.bashrc': evil })],
  ['an absolute name', (o) => forged(o, { ...o.files, '/tmp/x': evil })],
  ['an empty name', (o) => forged(o, { ...o.files, '': evil })],
  ['a file inside a file', (o) => forged(o, { a: evil, 'a/b': evil })],
  ['a negative size', (o) => forged(o, { a: { ...evil, size: -1 } })],
  ['a size that is a text', (o) => ({ ...o, files: { a: { ...evil, size: '5' } } })],
  ['a folder that leads out', (o) => outputOf(o.type, o.files, {}, { folders: ['../x'] })],
  ['a program that is no file', (o) => outputOf(o.type, o.files, {}, { executable: ['x'] })],
  ['metrics that are not of its digest', (o) => ({ ...o, metrics: { top1: 1 } })],
  ['metrics that are texts', (o) => outputOf(o.type, o.files, { top1: '1' as unknown as number })],
  ['no files', ({ files: _, ...o }) => o],
  ['no output', () => null],
  ['a list', () => []],
])('takes a record whose output has %s for lost, and makes it again', async (_, change) => {
  const { l, made, outside, before } = await withResults();
  reseal(l.store.recordPath(made.key), (fields) => {
    fields.output = change(made.output);
  });
  expect(l.store.find(made.key)).toEqual({ kind: 'lost' });
  const again = await l.run(both);
  expect(again.plan.stages[0]?.reason).toEqual({ kind: 'lost', changes: [] });
  expect(again.by).toEqual({ source: 'ran', reader: 'hit' });
  expect(outside()).toEqual(before);
});

it('finds a record with a metric that has no value', async () => {
  const { l, made } = await withResults();
  const output = outputOf(made.output.type, made.output.files, { top1: null });
  reseal(l.store.recordPath(made.key), (fields) => {
    fields.output = output;
  });
  expect(l.store.find(made.key)).toMatchObject({ kind: 'hit', output });
});

it.each<[string, (path: string) => void]>([
  ['a folder', (path) => mkdirSync(path)],
  ['a folder that is not empty', (path) => mkdirSync(join(path, 'x'), { recursive: true })],
  ['an empty file', (path) => writeFileSync(path, '')],
  ['null', (path) => writeFileSync(path, 'null')],
  ['what is no JSON, with a right sum', (path) => writeFileSync(path, sealed('{"version":1,,'))],
  ['a number, with a right sum', (path) => writeFileSync(path, sealed('1'))],
  ['a text without end', (path) => writeFileSync(path, '['.repeat(100_000))],
  ['a link to nothing', (path) => symlinkSync('/nowhere', path)],
  ['a link in a circle', (path) => symlinkSync(path, path)],
])('heals a store with %s in the place of any of its entries', async (_, put) => {
  const { l } = await withResults();
  const { root } = l.store;
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(records|tasks|latest|memo|blobs)\/.*\/|^(records|tasks|latest|memo|blobs|tmp|locks)$/.test(
      name,
    ),
  );
  const clean = join(folder(), 'clean');
  cpSync(root, clean, { recursive: true });
  for (const name of entries) {
    rmSync(join(root, name), { recursive: true, force: true });
    put(join(root, name));
    for (const again of [1, 2]) {
      const { by } = await l.run(both, { store: new Store(root) });
      expect([name, again, ...Object.values(by)]).not.toContain('failed');
    }
    expect((await l.run(both)).by, name).toEqual({ source: 'hit', reader: 'hit' });
    rmSync(root, { recursive: true });
    cpSync(clean, root, { recursive: true });
  }
});

/** Any text with a right sum, as `seal` puts it. */
function sealed(body: string): string {
  const sum = createHash('sha256').update(body).digest('hex');
  return `${body},"sum":"${sum}"}\n`;
}

it('never throws at a record, task, hint or lock of any content, nor leaves the store', async () => {
  const { l, made, read, outside, before, task: planned } = await withResults();
  const { store } = l;
  store.putTask(planned);
  const task = join(store.root, 'tasks', read.key.slice(0, 2), `${read.key}.json`);
  const record = store.recordPath(read.key);
  const [root = ''] = readdirSync(join(store.root, 'roots'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(store.root, 'roots', name));
  reseal(root, (fields) => {
    fields.before = fields.stages;
  });
  const whole = new Map([record, task, root].map((path) => [path, readFileSync(path, 'utf8')]));
  const paths = fc.constantFrom(
    '../../home/thesis.tex',
    join(l.at, 'home/thesis.tex'),
    '..',
    '',
    '/',
  );
  const value = fc.oneof(paths, fc.jsonValue(), fc.constant(made.output));
  const steps = fc.array(fc.nat(), { minLength: 1, maxLength: 7 });
  const tried = fc.asyncProperty(
    fc.constantFrom(record, task, root),
    steps,
    value,
    async (path, at, to) => {
      reseal(path, (fields) => change(fields, at, to));
      for (const key of store.keys()) store.find(key);
      store.task(read.key);
      const seen = lastSeen(store);
      seen.recent('test.metrics', 30);
      seen.keys('test.metrics', 'reader');
      await execStage({ key: read.key, store, loadStage: async () => async () => ({}) }).catch(
        (error: unknown) => {
          if (!(error instanceof Error) || !('help' in error)) throw error;
        },
      );
      expect(outside()).toEqual(before);
      for (const [file, text] of whole) writeFileSync(file, text);
    },
  );
  await fc.assert(tried, { numRuns: 150 });
});

/** Replaces one part of a value, which the steps lead to. */
function change(fields: Fields, steps: readonly number[], to: unknown): void {
  let at = fields;
  for (const [i, step] of steps.entries()) {
    const names = Object.keys(at);
    const name = names[step % Math.max(1, names.length)] ?? 'x';
    const inside = at[name];
    const isLast = i === steps.length - 1 || inside === null || typeof inside !== 'object';
    if (isLast || Object.keys(inside).length === 0) {
      at[name] = to;
      return;
    }
    at = inside as Fields;
  }
}

it('leaves a folder alone into which a link in the store leads', async () => {
  const { l, made } = await withResults();
  const { root } = l.store;
  const path = l.store.recordPath(made.key);
  const elsewhere = join(l.at, 'elsewhere');
  cpSync(dirname(path), elsewhere, { recursive: true });
  rmSync(dirname(path), { recursive: true });
  symlinkSync(elsewhere, dirname(path));
  writeFileSync(path, 'mine');
  expect(new Store(root).find(made.key)).toEqual({ kind: 'lost' });
  expect(readFileSync(join(elsewhere, `${made.key}.json`), 'utf8')).toBe('mine');
});

it('does not write through a link in the place of a log or of checkpoints', async () => {
  const { l, made, outside, before } = await withResults();
  const { root } = l.store;
  const mine = join(l.at, 'mine');
  mkdirSync(mine);
  rmSync(l.store.recordPath(made.key));
  mkdirSync(join(root, 'checkpoints'), { recursive: true });
  symlinkSync(mine, l.store.checkpointPath(made.key));
  mkdirSync(join(root, 'logs'), { recursive: true });
  for (const path of [l.store.logPath(made.key), `${l.store.checkpointPath(made.key)}.time`]) {
    symlinkSync(join(l.at, 'home', 'thesis.tex'), path);
  }
  expect((await l.run(both)).by).toMatchObject({ source: 'ran' });
  expect(readdirSync(mine)).toEqual([]);
  expect(outside()).toEqual(expect.arrayContaining(before));
  expect(existsSync(l.store.logPath(made.key))).toBe(false);
});

it('serves hits from a store that may only be read', async () => {
  const { l } = await withResults();
  const { root } = l.store;
  const refuse = () => {
    throw new SspError('no-permission', 'the disk is read-only');
  };
  const disk = Object.fromEntries(Object.keys(l.store.disk).map((name) => [name, refuse]));
  const readOnly = new Store(root, { ...l.store.disk, ...disk });
  expect((await l.run(both, { store: readOnly })).by).toEqual({ source: 'hit', reader: 'hit' });
  rmSync(join(root, 'roots'), { recursive: true });
  expect((await l.run(both, { store: readOnly })).by).toEqual({ source: 'hit', reader: 'hit' });
  expect(existsSync(join(root, 'roots'))).toBe(false);
});
