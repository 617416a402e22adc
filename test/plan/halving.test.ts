import { expect, it } from 'vitest';
import { draw } from '../../src/base/statistics/draw.js';
import { compile } from '../../src/language/compile.js';
import { planPoints } from '../../src/plan/build-plan.js';
import { decide } from '../../src/plan/halving.js';
import type { InputResult } from '../../src/plan/key.js';
import type { PlannedStage } from '../../src/plan/plan.js';
import { unfold } from '../../src/plan/unfold.js';

const study = (n: number) => `import std.data.emoji
import std.pairs.augmented_pairs
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.train.{after, pretrain}
import std.probe.linear_probe

axis trial = search(16..900, n: ${n}, seed: 1)
dataset drawings = emoji()
@halving(by: probe.validation, over: trial, factor: 3)
train encoder = pretrain(augmented_pairs(drawings), crop_only(size: 32px), simclr(), resnet18(width: trial), epochs: 9, keep: after([1, 3]))
evaluate probe = linear_probe(encoder, drawings, label: "group")
`;

function planOf(n: number, have: ReadonlyMap<string, InputResult>) {
  const { program } = compile({ readText: () => study(n) }, 'study.ssp');
  if (!program) throw new Error('the study has mistakes');
  const points = unfold(program, { env: {} });
  return () =>
    planPoints('study.ssp', points, {
      env: {},
      numeric: { device: 'cpu', precision: 'fp32' },
      contents: () => 'ff',
      lookup: (key) => {
        const output = have.get(key);
        return output ? { kind: 'hit', output } : { kind: 'miss' };
      },
      seenNow: () => 'absent',
      latest: () => undefined,
    });
}

/** What a stage would give: a score that its point alone decides. */
function resultOf({ id, key = '', result }: PlannedStage): InputResult {
  const metrics: Record<string, number> = {};
  if (result === 'Metrics') Object.assign(metrics, { validation: draw(7, id, 0), top1: 0 });
  return { type: result, digest: `out-${key}`, metrics };
}

/** Does what is ready in an order of its own, planned anew before each stage as after a kill. */
function finish(n: number, have: Map<string, InputResult>, order: number) {
  const plan = planOf(n, have);
  for (let step = 0; ; step++) {
    const now = plan();
    const ready = now.stages.filter(({ action }) => action === 'run');
    if (ready.length === 0) return now;
    const next = ready[Math.floor(draw(order, 'order', step) * ready.length)];
    if (next?.key !== undefined) have.set(next.key, resultOf(next));
  }
}

const tableOf = (plan: ReturnType<typeof finish>) =>
  plan.stages.map(({ id, key, action, reason }) => [id, key, action, reason.why]);

it('lets one of three go on after each rung, whatever was done in which order', () => {
  const first = finish(9, new Map(), 0);
  const of = (name: string, action: string) =>
    first.stages.filter((stage) => stage.name === name && stage.action === action).length;
  expect([of('encoder.at', 'hit'), of('encoder.at', 'drop')]).toEqual([9 + 3, 6]);
  expect([of('encoder', 'hit'), of('encoder', 'drop')]).toEqual([1, 8]);
  expect([of('probe', 'hit'), of('probe', 'drop')]).toEqual([9 + 3 + 1, 6 + 8]);
  for (let order = 1; order < 5; order++) {
    expect(tableOf(finish(9, new Map(), order))).toEqual(tableOf(first));
  }
});

it('repeats nothing when the sweep grows', () => {
  const have = new Map<string, InputResult>();
  finish(9, have, 1);
  const before = new Set(have.keys());
  const grown = finish(18, have, 2);
  expect(tableOf(grown)).toEqual(tableOf(finish(18, new Map(), 3)));
  expect([...before].every((key) => have.has(key))).toBe(true);
  // the points of before are the first of those now, under the same keys
  const keys = new Set(grown.stages.flatMap(({ key }) => key ?? []));
  const dropped = [...before].filter((key) => !keys.has(key));
  expect(dropped.length).toBeLessThan(before.size / 2);
});

it('plans rungs as waiting, and says why a point was dropped', () => {
  const plan = planOf(9, new Map())();
  const rung = plan.stages.find(({ id }) => id.startsWith('encoder.at[at=3'));
  expect(rung?.action).toBe('await');
  expect(rung?.reason.waitsFor?.filter((id) => id.startsWith('probe[at=1')).length).toBe(9);
  const done = finish(9, new Map(), 0);
  const whys = done.stages.flatMap(({ name, reason }) =>
    name === 'encoder.at' ? (reason.why ?? []) : [],
  );
  expect([...whys].sort()).toEqual(
    [4, 5, 6, 7, 8, 9].map(
      (rank) => `after epoch 1 it was number ${rank} of 9 by probe.validation; 3 went on`,
    ),
  );
});

it('of equals takes the first, of what is no number nothing, and one at least', () => {
  const rungs = (label: string, smallest = false) => ({
    label,
    over: 'trial',
    by: 'probe.loss',
    metric: 'loss',
    smallest,
    factor: 4,
    of: [{ epoch: 1, rivals: ['a', 'b', 'c'].map((label) => ({ label, id: label })) }],
  });
  const goesOn = (values: Readonly<Record<string, number | null>>, smallest?: boolean) =>
    ['a', 'b', 'c'].filter(
      (label) =>
        decide(rungs(label, smallest), (id) => ({ loss: values[id] ?? null })).kind === 'goes-on',
    );
  expect(goesOn({ a: 1, b: 1, c: 0 })).toEqual(['a']);
  expect(goesOn({ a: 1, b: 1, c: 0 }, true)).toEqual(['c']);
  expect(goesOn({ a: null, b: -5, c: Number.NaN })).toEqual(['b']);
  expect(decide(rungs('a'), (id) => (id === 'b' ? undefined : { loss: 1 }))).toEqual({
    kind: 'waits',
    waitsFor: ['b'],
  });
});
