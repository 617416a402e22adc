import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outputOf } from '../../src/execute/output.js';
import type { Output } from '../../src/execute/record.js';
import type { Store } from '../../src/execute/store/store.js';
import type { Program, Stage, Term } from '../../src/language/program.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { keyOf } from '../../src/plan/key.js';
import { unfold } from '../../src/plan/unfold.js';
import { at, axis, from, num, program, stage } from '../plan/program-of.js';
import { resultOf } from './fake-stages.js';
import { cpu, lab } from './lab.js';

/** One stage of a random experiment: which earlier stages it reads, and its numbers. */
interface Draft {
  readonly reads: readonly number[];
  readonly size: number;
  readonly blur: number;
  readonly seeded: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  reads: fc.array(fc.nat(10), { maxLength: 2 }),
  size: fc.nat(2),
  blur: fc.nat(1),
  seeded: fc.boolean(),
});
/** An experiment, then edits: a stage is replaced. */
const history = fc.tuple(
  fc.array(draft, { minLength: 1, maxLength: 5 }),
  fc.array(fc.tuple(fc.nat(4), draft), { minLength: 1, maxLength: 3 }),
);

function argsOf({ size, blur, seeded, reads }: Draft, before: readonly Stage[]) {
  const args: Record<string, Term> = { size: num(size) };
  if (blur > 0) args.blur = num(blur);
  if (seeded) args.seed = at('seed');
  if (before.length > 0) {
    for (const [i, read] of reads.entries())
      args[`of${i}`] = from(before[read % before.length] as Stage);
  }
  return args;
}

function programOf(drafts: readonly Draft[]): Program {
  const stages: Stage[] = [];
  for (const [i, d] of drafts.entries()) {
    stages.push(stage(`s${i}`, 'Images', argsOf(d, stages), { extern: `test.images${i % 2}` }));
  }
  return program({ axes: [axis('seed', { 1: num(1), 2: num(2) })], stages });
}

/** What every point has to contain, worked out without keys, store or plan. */
function oracle(drafts: readonly Draft[]): ReadonlyMap<string, string> {
  const results = new Map<string, string>();
  const seeded: boolean[] = [];
  const idOf = (i: number, seed: number) => (seeded[i] ? `s${i}[seed=${seed}]` : `s${i}`);
  for (const [i, d] of drafts.entries()) {
    const reads = i === 0 ? [] : d.reads.map((r) => r % i);
    seeded[i] = d.seeded || reads.some((r) => seeded[r]);
    for (const seed of seeded[i] ? [1, 2] : [1]) {
      const params = {
        size: d.size,
        ...(d.blur > 0 ? { blur: d.blur } : {}),
        ...(d.seeded ? { seed } : {}),
      };
      const read = reads.map((r) => results.get(idOf(r, seed)) ?? 'missing');
      results.set(idOf(i, seed), resultOf(`test.images${i % 2}`, params, read));
    }
  }
  return results;
}

it('gives the results of a run without cache, and runs what it plans, through any edits', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ([first, edits]) => {
      const l = lab();
      let drafts = first;
      for (const [n, replacement] of [[0, first[0]] as const, ...edits]) {
        drafts = drafts.map((d, i) => (i === n % drafts.length && replacement ? replacement : d));
        const p = programOf(drafts);
        const planned = buildPlan(p, {
          env: {},
          numeric: cpu,
          contents: () => '',
          lookup: (key) => l.store.find(key),
          seenNow: () => 'absent',
          latest: () => undefined,
        });
        const result = await l.run(p);
        const expected = oracle(drafts);
        expect(result.outcomes.map((o) => o.planned.id).toSorted()).toEqual(
          [...expected.keys()].toSorted(),
        );
        for (const {
          planned: { id },
          record,
        } of result.outcomes) {
          const blob = record?.output.files['result.txt'];
          expect(readFileSync(l.store.blobPath(blob?.digest ?? ''), 'utf8')).toBe(expected.get(id));
        }
        for (const [i, before] of planned.stages.entries()) {
          const after = result.outcomes[i];
          if (before.action !== 'await') expect(after?.planned.key).toBe(before.key);
          if (before.action === 'hit') expect(after?.outcome).toBe('hit');
          if (before.action === 'run') expect(after?.outcome).toBe('ran');
        }
        expect(result.ran).toBe(
          new Set(result.outcomes.filter((o) => o.outcome === 'ran').map((o) => o.planned.key))
            .size,
        );
      }
      const again = await l.run(programOf(drafts));
      expect(again.ran).toBe(0);
    }),
    { numRuns: 15, seed: 7 },
  );
});

/** Puts a made-up result of every point into a store. */
function fill(store: Store, p: Program): void {
  const digest = 'f'.repeat(64);
  mkdirSync(dirname(store.blobPath(digest)), { recursive: true });
  writeFileSync(store.blobPath(digest), 'x');
  const outputs = new Map<string, Output>();
  for (const point of unfold(p, { env: {} })) {
    const input = (id: string) => outputs.get(id) as Output;
    const { key, record } = keyOf(point, input, () => '', cpu);
    const output = outputOf(point.result, { [key]: { digest, size: 1 } }, {});
    outputs.set(point.id, output);
    const finishedAt = new Date().toISOString();
    const { id } = point;
    store.putRecord({
      version: 1,
      key,
      record,
      id,
      output,
      seconds: 1,
      finishedAt,
      environment: {},
    });
  }
}

it('plans 1,000 stages that are all there in a fraction of a second', async () => {
  const l = lab();
  const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, num(i)]));
  const first = stage('first', 'Images', { size: at('size') });
  const second = stage('second', 'Pairs', { of: from(first) });
  const p = program({ axes: [axis('size', labels)], stages: [first, second] });
  fill(l.store, p);
  const started = performance.now();
  const again = await l.run(p);
  const seconds = (performance.now() - started) / 1000;
  expect(again.plan.summary.hit).toBe(1000);
  expect(again.ran).toBe(0);
  // Alone on two cores it takes a tenth of it.
  console.log(seconds);
  expect(seconds).toBeLessThan(3);
});
