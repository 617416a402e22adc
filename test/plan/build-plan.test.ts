import { expect, it } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.js';
import type { KeyRecord } from '../../src/plan/plan.js';
import type { Lookup, PlanWorld } from '../../src/plan/plan-world.js';
import { at, axis, describe, env, fileTerm, from, num, program, stage } from './program-of.js';

/** A world with results for the keys in `have`; what is planned otherwise is remembered in `seen`. */
function world(have: Map<string, Lookup>, latest: Map<string, KeyRecord> = new Map()): PlanWorld {
  return {
    env: {},
    numeric: { device: 'cpu', precision: 'fp32' },
    contents: () => 'ff',
    lookup: (key) => have.get(key) ?? { kind: 'miss' },
    seenNow: () => 'absent',
    latest: (id) => latest.get(id),
  };
}
const hit = (digest: string, type = 'Images'): Lookup => ({
  kind: 'hit',
  output: { type, digest, metrics: {} },
});

const make = (temperature: number, epochs = 10) => {
  const source = stage('source', 'Images', { size: num(64) });
  const method = describe('std.ssl.simclr', { temperature: num(temperature) }, 30);
  const encoder = stage(
    'encoder',
    'Encoder',
    { source: from(source), method, epochs: num(epochs), seed: at('seed') },
    { line: 10 },
  );
  const probe = stage('probe', 'Metrics', { encoder: from(encoder) });
  return program({
    axes: [axis('seed', { 1: num(1), 2: num(2) })],
    stages: [source, encoder, probe],
  });
};

it('runs what is new and lets the rest wait for it', () => {
  const plan = buildPlan(make(0.5), world(new Map()));
  expect(plan.summary).toEqual({ hit: 0, run: 1, await: 4 });
  expect(plan.stages[0]?.reason).toEqual({ kind: 'new', changes: [] });
  expect(plan.stages.at(-1)?.reason.waitsFor).toEqual(['encoder[seed=2]']);
});

/** Plans again and again, pretending that what is to run has run. */
function settle(p: ReturnType<typeof make>, have: Map<string, Lookup>) {
  for (;;) {
    const plan = buildPlan(p, world(have));
    const todo = plan.stages.filter((s) => s.action === 'run' && s.key);
    if (todo.length === 0) return plan;
    for (const s of todo) if (s.key) have.set(s.key, hit(`out-${s.key}`, s.result));
  }
}

it('is all hits when everything is there, and explains a change with its line', () => {
  const have = new Map<string, Lookup>();
  const done = settle(make(0.5), have);
  expect(done.summary).toEqual({ hit: 5, run: 0, await: 0 });
  const latest = new Map(done.stages.flatMap((s) => (s.record ? [[s.id, s.record] as const] : [])));
  const plan = buildPlan(make(0.1, 20), world(have, latest));
  expect(plan.summary).toEqual({ hit: 1, run: 2, await: 2 });
  expect(plan.stages[1]?.reason).toEqual({
    kind: 'changed',
    changes: [
      {
        path: 'params.epochs',
        before: 10,
        after: 20,
        at: { file: 'lab/test.ssp', line: 12, column: 1 },
      },
      {
        path: 'params.method.args.temperature',
        before: 0.5,
        after: 0.1,
        at: { file: 'lab/test.ssp', line: 30, column: 1 },
      },
    ],
  });
});

it('stops where an input has the same bytes again', () => {
  const have = new Map<string, Lookup>();
  settle(make(0.5), have);
  for (const [key, value] of have) {
    if (value.kind === 'hit' && value.output.type === 'Images') have.delete(key);
  }
  const [source] = buildPlan(make(0.5), world(have)).stages;
  have.set(source?.key ?? '', hit(`out-${source?.key}`));
  expect(buildPlan(make(0.5), world(have)).summary.hit).toBe(5);
});

it('says that content is lost, and which variable a stage waits for', () => {
  const first = buildPlan(make(0.5), world(new Map())).stages[0];
  const lost = buildPlan(make(0.5), world(new Map([[first?.key ?? '', { kind: 'lost' }]])));
  expect(lost.stages[0]).toMatchObject({ action: 'run', reason: { kind: 'lost' } });
  const source = stage('source', 'Images', { root: fileTerm(env('ROOT'), true) });
  const plan = buildPlan(
    program({ stages: [source, stage('e', 'Files', { s: from(source) })] }),
    world(new Map()),
  );
  expect(plan.stages.map((s) => [s.action, s.reason.kind, s.reason.waitsFor])).toEqual([
    ['await', 'environment', ['ROOT']],
    ['await', 'upstream', ['source']],
  ]);
});
