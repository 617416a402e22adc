import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Store } from '../../src/execute/store/store.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { at, axis, env, fileTerm, from, literal, num, program, stage } from '../plan/program-of.js';
import { folder, inProcess, lab } from './lab.js';

const seeds = axis('seed', { 1: num(1), 2: num(2) });
const chain = (size = 64, epochs = 1, blur?: number) => {
  const blurred = blur === undefined ? {} : { blur: num(blur) };
  const source = stage('source', 'Images', { size: num(size) });
  const pairs = stage('pairs', 'Pairs', { of: from(source), ...blurred });
  const encoder = stage('encoder', 'Encoder', {
    pairs: from(pairs),
    epochs: num(epochs),
    seed: at('seed'),
  });
  const probe = stage('probe', 'Metrics', { encoder: from(encoder) });
  return program({ axes: [seeds], stages: [source, pairs, encoder, probe] });
};
const doing = (does: string, more = {}) => stage('odd', 'Files', { does: literal(does) }, more);

it('runs everything once, then nothing, then only what changed', async () => {
  const l = lab();
  const first = await l.run(chain());
  expect(first.ran).toBe(6);
  expect(first.plan.summary).toEqual({ hit: 0, run: 1, await: 5 });
  expect(Object.values(first.by)).toEqual(Array(6).fill('ran'));
  const kinds = first.events.map((e) => e.kind);
  expect(kinds[0]).toBe('plan');
  for (const kind of ['planned', 'start', 'progress', 'log', 'finish'])
    expect(kinds).toContain(kind);

  const again = await l.run(chain());
  expect(again.ran).toBe(0);
  expect(again.plan.summary).toEqual({ hit: 6, run: 0, await: 0 });
  expect(again.outcomes.every((o) => o.outcome === 'hit' && o.record)).toBe(true);

  const changed = await l.run(chain(64, 2));
  expect(changed.ran).toBe(4);
  expect(changed.plan.stages[2]?.reason).toMatchObject({
    kind: 'changed',
    changes: [{ path: 'params.epochs', before: 1, after: 2 }],
  });
});

it('stops where a stage that was run again gave the same bytes', async () => {
  const l = lab();
  await l.run(chain(64, 1, 5));
  const changed = await l.run(chain(32, 1, 5));
  expect(changed.ran).toBe(2);
  expect(changed.by['encoder[seed=1]']).toBe('hit');
});

it('takes the result of a worker that ended badly when it had published it', async () => {
  const l = lab();
  const attempt = inProcess(l.store);
  const result = await l.run(chain(), {
    attempt: async (job) => {
      const { log } = job;
      const done = await attempt(job);
      if (job.task.id === 'pairs') return done;
      const message = 'the worker ended with exit code 7';
      return { kind: 'failed', failure: { code: 'crash', message, retry: false, log } };
    },
  });
  expect(Object.values(result.by)).toEqual(Array(6).fill('ran'));
});

it('does equal keys once', async () => {
  const l = lab();
  const twins = ['a', 'b', 'c'].map((name) => stage(name, 'Images', { size: num(1) }));
  const result = await l.run(program({ stages: twins }));
  expect(result.ran).toBe(1);
  expect(Object.values(result.by)).toEqual(['ran', 'ran', 'ran']);
});

it('finds results of other names, folders and orders', async () => {
  const l = lab();
  writeFileSync(join(l.at, 'a.csv'), 'one');
  const reader = (name: string, path: string) =>
    program({ stages: [stage(name, 'Files', { list: fileTerm(literal(join(l.at, path))) })] });
  await l.run(reader('first', 'a.csv'));
  writeFileSync(join(l.at, 'b.csv'), 'one');
  expect((await l.run(reader('second', 'b.csv'))).ran).toBe(0);
  writeFileSync(join(l.at, 'b.csv'), 'two');
  expect((await l.run(reader('second', 'b.csv'))).ran).toBe(1);
});

it('refuses to start without a variable or a file, naming it and the stage', async () => {
  const l = lab();
  const source = stage('source', 'Images', { root: fileTerm(env('ROOT'), true) });
  await expect(l.run(program({ stages: [source] }))).rejects.toThrow(
    '`source` (lab/test.ssp:1) needs the variable ROOT of the environment, which is not set',
  );
  await expect(l.run(program({ stages: [source] }), { env: { ROOT: '/no/such' } })).rejects.toThrow(
    '/no/such does not exist',
  );
});

it('runs what `only` names and what that needs', async () => {
  const l = lab();
  const result = await l.run(chain(), { only: 'encoder[seed: 2]' });
  expect(Object.keys(result.by)).toEqual(['source', 'pairs', 'encoder[seed=2]']);
  await expect(l.run(chain(), { only: 'encodr' })).rejects.toThrow('there is no stage `encodr`');
  await expect(l.run(chain(), { only: 'encoder[seed: 3]' })).rejects.toThrow('has no `3`');
});

it('starts nothing after a failure, unless it is to keep going', async () => {
  const bad = doing('nan');
  const after = stage('after', 'Files', { of: from(bad) });
  const other = stage('other', 'Images', { size: num(1) });
  const p = program({ stages: [bad, after, other] });
  const l = lab();
  const stopped = await l.run(p, { jobs: 1 });
  expect(stopped.by).toEqual({ odd: 'failed', after: 'skipped', other: 'skipped' });
  expect(stopped.outcomes[1]?.failure?.message).toBe('needs `odd`, which failed');
  expect(stopped.outcomes[2]?.failure?.message).toMatch(/after `odd` failed; `--keep-going`/);
  const kept = await l.run(p, { jobs: 1, keepGoing: true });
  expect(kept.by).toEqual({ odd: 'failed', after: 'skipped', other: 'ran' });
});

it('leases each GPU to one stage at a time', async () => {
  const l = lab();
  const slow = stage(
    'slow',
    'Encoder',
    { does: literal('slow'), seed: at('seed') },
    { resources: { gpus: 1 } },
  );
  const free = new Set([0, 1]);
  const result = await l.run(
    program({ axes: [axis('seed', { 1: num(1), 2: num(2), 3: num(3) })], stages: [slow] }),
    {
      gpus: [0, 1],
      jobs: 3,
      onEvent: (e) => {
        if (e.kind === 'start') for (const id of e.gpus) expect(free.delete(id)).toBe(true);
        if (e.kind === 'finish') for (const id of [0, 1]) free.add(id);
      },
    },
  );
  expect(Object.values(result.by)).toEqual(['ran', 'ran', 'ran']);
  const three = stage('three', 'Files', {}, { resources: { gpus: 3 } });
  await expect(l.run(program({ stages: [three] }), { gpus: [0, 1] })).rejects.toThrow(
    'needs 3 GPUs; this run has 2',
  );
});

it('keeps results when the store is moved', async () => {
  const l = lab();
  await l.run(chain());
  const moved = join(folder(), 'elsewhere');
  cpSync(l.store.root, moved, { recursive: true });
  const again = await l.run(chain(), { store: new Store(moved) });
  expect(again.plan.summary.hit).toBe(6);
});

it('makes damaged content again, and what reads it never sees it', async () => {
  const l = lab();
  const first = await l.run(chain());
  const blob = first.outcomes[1]?.record?.output.files['result.txt'];
  const { store } = l;
  const path = store.blobPath(blob?.digest ?? '');
  const whole = readFileSync(path, 'utf8');
  chmodSync(path, 0o644);
  writeFileSync(path, whole.replace(/^./, 'X'));
  const again = await l.run(chain(64, 2));
  expect(again.by).toMatchObject({ source: 'hit', pairs: 'ran', 'probe[seed=2]': 'ran' });
  const told = again.events.filter((event) => event.kind === 'retry');
  expect(told.map(({ failure }) => failure.code)).toContain('input-lost');
  expect(readFileSync(path, 'utf8')).toBe(whole);
  expect(readdirSync(join(l.store.root, 'quarantine'))).toHaveLength(1);
});

it('plans as it runs', async () => {
  const l = lab();
  await l.run(chain());
  const result = await l.run(chain(32));
  const { store } = l;
  const plan = buildPlan(chain(32), {
    env: {},
    numeric: { device: 'cpu', precision: 'fp32' },
    contents: () => '',
    lookup: (key) => store.find(key),
    seenNow: () => 'absent',
    latest: () => undefined,
  });
  expect(plan.stages.map((s) => s.key)).toEqual(result.outcomes.map((o) => o.planned.key));
  expect(plan.summary.hit).toBe(6);
});
