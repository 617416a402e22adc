import { expect, it } from 'vitest';
import { unfold } from '../../src/plan/unfold.js';
import {
  at,
  axis,
  axisStage,
  binary,
  describe,
  env,
  field,
  fileTerm,
  from,
  is,
  list,
  num,
  program,
  record,
  slice,
  stage,
} from './program-of.js';

const seeds = axis('seed', { 1: num(1), 2: num(2), 3: num(3) });
const pairsAxis = axis('pairs', { sp: num(0), ap: num(0) });
const ids = (p: Parameters<typeof program>[0], options = {}) =>
  unfold(program(p), { env: {}, ...options }).map((point) => point.id);

it('makes one point for each label of the axes that a stage uses, inputs first', () => {
  const source = stage('source', 'Images', { size: num(64) });
  const pairs = axisStage('pairs', 'Pairs', { sp: { of: from(source) }, ap: { of: from(source) } });
  const encoder = stage('encoder', 'Encoder', { pairs: from(pairs), seed: at('seed') });
  const probe = stage('probe', 'Metrics', { encoder: from(encoder) });
  const all = ids({ axes: [seeds, pairsAxis], stages: [source, pairs, encoder, probe] });
  expect(all).toHaveLength(1 + 2 + 6 + 6);
  expect(all[0]).toBe('source');
  expect(all).toContain('encoder[pairs=sp,seed=3]');
  expect(all).toContain('probe[pairs=ap,seed=1]');
});

it('drops the points that `where` does not keep, and what depends on them', () => {
  const encoder = stage(
    'encoder',
    'Encoder',
    { seed: at('seed') },
    { where: is('seed', ['2'], true) },
  );
  const probe = stage('probe', 'Metrics', { encoder: from(encoder) });
  expect(ids({ axes: [seeds], stages: [encoder, probe] })).toEqual([
    'encoder[seed=1]',
    'encoder[seed=3]',
    'probe[seed=1]',
    'probe[seed=3]',
  ]);
});

it('drops the points of inner stages that nothing reads', () => {
  const on = stage('probe.on', 'Images', { seed: at('seed') }, { keyword: undefined });
  const probe = stage('probe', 'Metrics', { on: from(on) }, { where: is('seed', ['1']) });
  expect(ids({ axes: [seeds], stages: [on, probe] })).toEqual([
    'probe.on[seed=1]',
    'probe[seed=1]',
  ]);
});

it('takes the value of an axis, of its entry, and of a record in it', () => {
  const budget = axis('budget', {
    short: record({ epochs: num(2), lr: num(0.3) }),
    long: record({ epochs: num(8), lr: num(0.2) }),
  });
  const encoder = stage('encoder', 'Encoder', {
    epochs: field(at('budget'), 'epochs'),
    twice: binary(num(2), '*', field(at('budget'), 'lr')),
  });
  const points = unfold(program({ axes: [budget], stages: [encoder] }), { env: {} });
  expect(points.map((p) => p.params)).toEqual([
    { epochs: 2, twice: 0.6 },
    { epochs: 8, twice: 0.4 },
  ]);
});

it('tags descriptions, files and artifacts, and says where each part was written', () => {
  const source = stage('source', 'Images', { root: fileTerm(env('ROOT'), true) }, { line: 3 });
  const encoder = stage(
    'encoder',
    'Encoder',
    {
      of: from(source),
      method: describe(
        'std.ssl.simclr',
        { temperature: num(0.2), sizes: list([num(1), num(2)]) },
        20,
      ),
      list: fileTerm({ ...env('LIST'), kind: 'literal', value: 'pairs.csv' } as never),
    },
    { line: 10 },
  );
  const [, point] = unfold(program({ stages: [source, encoder] }), { env: { ROOT: '/data' } });
  expect(point?.params).toEqual({
    of: { input: 'source' },
    method: {
      describe: 'std.ssl.simclr',
      version: 1,
      args: { temperature: 0.2, sizes: [1, 2] },
    },
    list: { file: 'pairs.csv' },
  });
  expect(point?.inputs).toEqual(['source']);
  expect(point?.places['params.method']?.line).toBe(11);
  expect(point?.places['params.method.args.temperature']?.line).toBe(20);
  expect(Object.keys(point?.places ?? {})).toContain('params.method.args.sizes.1');
});

it('keeps points that need a variable which is not set, and names it', () => {
  const source = stage('source', 'Images', { root: fileTerm(env('ROOT'), true) });
  const [point] = unfold(program({ stages: [source] }), { env: {} });
  expect(point?.unset).toEqual(['ROOT']);
});

it('keeps numbers of results symbolic', () => {
  const probe = stage('probe', 'Metrics', { seed: at('seed') });
  const best = field(slice(from(probe), 'seed', ['2']), 'top1');
  const next = stage('next', 'Files', { lr: best, rates: list([num(2), best]) });
  const point = unfold(program({ axes: [seeds], stages: [probe, next] }), { env: {} }).at(-1);
  expect(point?.inputs).toEqual(['probe[seed=2]']);
  const metric = { metric: ['probe[seed=2]', 'top1'] };
  expect(point?.params).toEqual({ lr: metric, rates: [2, metric] });
});

it('fixes an axis with a slice, and a set slice makes the other points missing', () => {
  const probe = stage('probe', 'Metrics', { p: at('pairs'), seed: at('seed') });
  const one = stage('one', 'Files', { of: slice(from(probe), 'pairs', ['sp']) });
  const some = stage('some', 'Files', { of: slice(from(probe), 'seed', ['1', '2'], true) });
  const all = ids({ axes: [seeds, pairsAxis], stages: [probe, one, some] });
  expect(all.filter((id) => id.startsWith('one'))).toEqual([
    'one[seed=1]',
    'one[seed=2]',
    'one[seed=3]',
  ]);
  expect(all.filter((id) => id.startsWith('some'))).toHaveLength(4);
});

it('never gives two points one id, whatever the labels', () => {
  const x = axis('x', { '1,y=2': num(1), '1': num(2) });
  const y = axis('y', { '3': num(1), '2,y=3': num(2) });
  const s = stage('s', 'Files', { x: at('x'), y: at('y') });
  const all = ids({ axes: [x, y], stages: [s] });
  expect(new Set(all).size).toBe(4);
});

it('refuses more than 10,000 points of one stage unless they are allowed', () => {
  const many = axis(
    'i',
    Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i + 1, num(i)])),
  );
  const s = stage('s', 'Files', { i: at('i') });
  expect(() => ids({ axes: [many], stages: [s] })).toThrow(/up to 10001 points/);
  expect(ids({ axes: [many], stages: [s] }, { maxPoints: 20_000 })).toHaveLength(10_001);
});

it('unfolds 10,000 points in well under a second', () => {
  const wide = (name: string) =>
    axis(name, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${name}${i}`, num(i)])));
  const method = describe('std.ssl.simclr', { a: num(1), b: num(2), c: list([num(1), num(2)]) });
  const args = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`p${i}`, num(i)]));
  const encoder = stage('encoder', 'Encoder', { ...args, method, a: at('a'), b: at('b') });
  const probe = stage('probe', 'Metrics', { encoder: from(encoder) });
  const started = performance.now();
  expect(ids({ axes: [wide('a'), wide('b')], stages: [encoder, probe] })).toHaveLength(20_000);
  // Alone on a machine it takes a tenth of it.
  expect(performance.now() - started).toBeLessThan(3000);
});

it('takes paths from the folder of the file that names them', () => {
  const path = { ...num(0), kind: 'literal', value: '../pairs.csv' } as const;
  const part = { path: 'lab/parts/views.ssp', text: 'x' };
  const list = { ...fileTerm(path), span: { file: part, start: 0, end: 1 } };
  const [point] = unfold(program({ stages: [stage('s', 'Files', { list })] }), { env: {} });
  expect(point?.params).toEqual({ list: { file: 'pairs.csv' } });
});
