import { expect, it } from 'vitest';
import { chainsOf, estimate } from '../../src/execute/costs/estimate.js';
import { type Cost, measuredCosts } from '../../src/execute/costs/measured-costs.js';
import type { PlannedStage } from '../../src/plan/plan.js';
import { from, literal, program, stage } from '../plan/program-of.js';
import { lab } from './lab.js';

const cost = (seconds: number, more: Partial<Cost> = {}): Cost => ({
  seconds,
  bytes: 10,
  gpus: 0,
  threads: 2,
  sameWork: true,
  ...more,
});

/** Points as an estimate sees them. */
const point = (id: string, inputs: readonly string[], more: object = {}): PlannedStage =>
  ({ id, name: id, key: id, action: 'run', inputs, resources: {}, ...more }) as PlannedStage;

it('adds up what is to be done, and finds the longest chain', () => {
  const costs: Record<string, Cost> = {
    a: cost(5),
    b: cost(7, { gpus: 1 }),
    c: cost(4),
    e: cost(9),
    g: cost(9),
  };
  const stages = [
    point('a', []),
    point('b', ['a']),
    point('c', ['a']),
    point('d', ['c']),
    point('e', [], { action: 'hit' }),
    point('g', [], { action: 'drop' }),
    // The same work as `c`.
    point('f', ['a'], { key: 'c' }),
  ];
  const costOf = ({ stage }: { readonly stage: string }) => costs[stage];
  const staged = stages.map((one) => ({ ...one, stage: one.id === 'f' ? 'c' : one.id }));
  expect(estimate(staged, costOf)).toEqual({
    points: 3,
    seconds: 16,
    longestSeconds: 12,
    gpuSeconds: 7,
    threadSeconds: 18,
    bytes: 30,
    unknown: ['d'],
  });
  expect(estimate(staged, () => undefined)).toBe(undefined);
  // A processor's times are none of a GPU, and those of another network are none at all.
  const wanting = staged.map((one) => ({ ...one, resources: { gpus: 1 } }));
  expect(estimate(wanting, costOf, { onGpus: true })).toMatchObject({
    points: 1,
    gpuSeconds: 7,
    unknown: ['a', 'c', 'd', 'f'],
  });
  const other = () => cost(5, { sameWork: false });
  expect(estimate(staged, other)).toBe(undefined);
  // `d` counts as the mean of the others, 38 s / 6.
  expect(chainsOf(staged, costOf).get('c')).toBeCloseTo(4 + 38 / 6);
});

const training = (name: string, rate: number, epochs: number) =>
  stage(name, 'Files', { rate: literal(rate), epochs: literal(epochs), does: literal('slow') });

it('takes the cost of the stage with the most equal parameters, and time by epochs', async () => {
  const l = lab();
  const { outcomes } = await l.run(program({ stages: [training('a', 1, 2), training('b', 2, 8)] }));
  const of = (name: string) => outcomes.find(({ planned }) => planned.name === name);
  const costOf = measuredCosts(l.store);
  const { stage: of_stage, params } = of('a')?.planned ?? point('', []);
  const a = of('a')?.record?.seconds ?? 0;
  const b = of('b')?.record?.seconds ?? 0;
  expect(costOf({ stage: of_stage, params })?.seconds).toBeCloseTo(a);
  expect(costOf({ stage: of_stage, params: { ...params, epochs: 20 } })?.seconds).toBeCloseTo(
    a * 10,
  );
  expect(
    costOf({ stage: of_stage, params: { ...params, rate: 2, epochs: 4 } })?.seconds,
  ).toBeCloseTo(b / 2);
  expect(costOf({ stage: 'other', params })).toBe(undefined);
});

it('knows when what was measured is of another network, size or batch', async () => {
  const l = lab();
  const encoder = stage('encoder', 'Files', {
    backbone: literal({ describe: 'small', args: { width: 8 } }),
    views: literal({ describe: 'crops', args: { size: 32, blur: 1 } }),
    does: literal('slow'),
  });
  const { outcomes } = await l.run(program({ stages: [encoder] }));
  const { stage: of_stage, params } = outcomes[0]?.planned ?? point('', []);
  const costOf = measuredCosts(l.store);
  const asked = (given: typeof params) =>
    costOf({ stage: of_stage, params: { ...params, ...given } })?.sameWork;
  expect(asked({ views: { describe: 'crops', args: { size: 32, blur: 2 } } })).toBe(true);
  expect(asked({ views: { describe: 'crops', args: { size: 64, blur: 1 } } })).toBe(false);
  expect(asked({ backbone: { describe: 'large', args: { width: 8 } } })).toBe(false);
  expect(asked({ batch: 64 })).toBe(false);
});

it('begins with what begins the longest chain, by measured times', async () => {
  const l = lab();
  const study = (n: number) =>
    program({ stages: [stage('quick', 'Files', { n: literal(n) }), training('slow', n, 1)] });
  const orderOf = async (n: number) => {
    const { events } = await l.run(study(n), { jobs: 1 });
    return events.flatMap((event) => (event.kind === 'start' ? [event.id] : []));
  };
  expect(await orderOf(1)).toEqual(['quick', 'slow']);
  expect(await orderOf(2)).toEqual(['slow', 'quick']);
});

it('does not look at results that are read, but at what they are for', async () => {
  const l = lab();
  const source = stage('source', 'Images', {});
  const reader = stage('reader', 'Files', { of: from(source) });
  const { outcomes } = await l.run(program({ stages: [source, reader] }));
  const planned = outcomes.at(-1)?.planned ?? point('', []);
  expect(measuredCosts(l.store)(planned)?.bytes).toBe(64);
});
