import { expect, it } from 'vitest';
import { estimate } from '../../src/execute/costs/estimate.js';
import { findingsOf } from '../../src/execute/findings/findings.js';
import { runDocument } from '../../src/execute/findings/run-document.js';
import { besideLock, checkFrozen, lockDifferences } from '../../src/execute/lock/frozen.js';
import { lockOf, lockText, parseLock } from '../../src/execute/lock/lock.js';
import { keyOf } from '../../src/plan/key.js';
import { planDocument } from '../../src/plan/plan-document.js';
import { unfold } from '../../src/plan/unfold.js';
import { expectShape } from '../support/published-shape.js';
import { compileText, env, outcomesOf, plannedOf } from './compile-text.js';

const text = `
import std.lab.{images, pretrain, probe as knn}
axis seed = [1, 2]
param k: Int = 20
train encoder = pretrain(none, seed: seed)
evaluate probe = knn(encoder, images(root: env.STL10), k)
report r = table(probe.top1, over: seed)
expect mean(probe.top1, over: seed) > 10%
reference "x" { probe.top1 = 50% }
`;
const cpu = { device: 'cpu', precision: 'fp32' } as const;
const contents = (path: string) => `digest of ${path}`;

it('writes plans of the published shape', () => {
  const stages = plannedOf(unfold(compileText(text), { env: {} }));
  const document = planDocument({
    file: 'study.ssp',
    stages,
    summary: { hit: 0, run: 0, await: 0 },
  });
  const estimated = estimate(stages, () => ({
    ...{ seconds: 1.5, bytes: 9, gpus: 0, threads: 2 },
    sameWork: true,
  }));
  for (const one of [estimated, null]) {
    expectShape('plan', JSON.parse(JSON.stringify({ ...document, estimate: one })));
  }
});

it('writes runs of the published shape, with gaps as null', () => {
  const program = compileText(text);
  const outcomes = outcomesOf(program, (p) => (p.point.seed === '2' ? undefined : { top1: 0.5 }));
  const document = runDocument('study.ssp', outcomes, findingsOf(program, outcomes, env));
  expectShape('run', JSON.parse(JSON.stringify(document)));
  expect(document).toMatchObject({
    expectations: [{ holds: null, points: 1 }],
    summary: { failed: 2 },
  });
});

/** A lock whose keys are those of the plan, and its points. */
function locked() {
  const program = compileText(text);
  const points = unfold(program, { env });
  const outcomes = outcomesOf(program, () => ({ top1: 0.5 }));
  const byId = new Map(outcomes.map((o) => [o.planned.id, o]));
  const keyed = outcomes.map((o) => {
    const input = (id: string) =>
      byId.get(id)?.record?.output ?? { type: '', digest: '', metrics: {} };
    const { key } = keyOf(o.planned, input, contents, cpu);
    return o.record ? { ...o, record: { ...o.record, key } } : o;
  });
  return { points, outcomes: keyed, lock: lockOf(keyed, cpu) };
}

it('writes locks that read back as they were, sorted by id', () => {
  const { lock, outcomes } = locked();
  expect(parseLock(lockText(lock), 'study.ssp.lock')).toEqual(lock);
  expect(Object.keys(lock.stages)).toEqual(Object.keys(lock.stages).toSorted());
  expect(lock.environment).toEqual({ node: 'v20', threads: '1, 4' });
  expect(lockText(lockOf(outcomes.toReversed(), cpu))).toBe(lockText(lock));
  expect(() => parseLock('version: 9', 'study.ssp.lock')).toThrow(
    'study.ssp.lock is no lock of this version',
  );
});

it('agrees with a plan until its meaning changes, and says where', () => {
  const { lock, points } = locked();
  const held = { world: { contents, seenNow: () => 'absent' }, recordOf: () => undefined };
  expect(lockDifferences(points, lock, held)).toEqual([]);
  const changed = unfold(compileText(text, { k: '5' }), { env });
  expect(lockDifferences(changed, lock, held)).toEqual([
    '`probe[seed=1]` and 1 more (study.ssp:6) have changed',
  ]);
  expect(() => checkFrozen(changed, lock, held)).toThrow('the plan does not agree with the lock');
  const more = unfold(compileText(text.replace('[1, 2]', '[1, 3]')), { env });
  expect(lockDifferences(more, lock, held)).toContain(
    '`encoder[seed=2]` is in the lock and no longer in the file',
  );
});

it('puts the numbers of a lock beside those of a run', () => {
  const { lock } = locked();
  const ours = outcomesOf(compileText(text), () => ({ top1: 0.75 }));
  expect(besideLock(ours, lock).find((m) => m.id === 'probe[seed=1]')).toEqual({
    id: 'probe[seed=1]',
    metric: 'top1',
    theirs: 0.5,
    ours: 0.75,
  });
});
