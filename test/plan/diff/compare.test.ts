import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diffText } from '../../../src/cli/text/diff-text.js';
import { compile } from '../../../src/language/compile.js';
import { compareExperiments } from '../../../src/plan/diff/compare.js';
import { experimentOf } from '../../../src/plan/diff/experiment.js';
import { unfold } from '../../../src/plan/unfold.js';

const starter = (name: string) =>
  readFileSync(new URL(`../../../pipelines/starters/${name}.ssp`, import.meta.url), 'utf8');
const ablation = starter('ablation');

function meant(path: string, text: string) {
  const { program, diagnostics } = compile({ readText: () => text }, path);
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return experimentOf(program, unfold(program, { env: {} }), {}, () => undefined);
}
const compared = (a: string, b: string) => compareExperiments(meant('a.ssp', a), meant('b.ssp', b));
const told = (a: string, b: string) =>
  diffText({ a: 'a.ssp', b: 'b.ssp' }, compared(a, b).difference, [], false).split('\n').slice(1);

it('finds a file the same as itself, with nothing to tell', () => {
  for (const name of ['pairs', 'ablation', 'probe']) {
    const { difference, partners } = compared(starter(name), starter(name));
    expect(difference).toEqual({ same: true, axes: [], stages: [] });
    expect([...partners].every(([a, b]) => a === b)).toBe(true);
  }
});

it('finds two files the same that differ in names, order and layout', () => {
  const [head = '', ...rest] = ablation.split(/\n\n(?=param|axis|dataset|evaluate|report|expect)/);
  const other = [head, ...rest.toReversed()]
    .join('\n\n')
    .replaceAll('drawings', 'emojis')
    .replaceAll('transforms', 'views')
    .replaceAll('encoder', 'net')
    .replaceAll('no_flip', 'flipless')
    .replaceAll('seed', 'repeat')
    .replaceAll('repeat: repeat', 'seed: repeat')
    .replace('  repeat,\n', '  seed: repeat,\n');
  const { difference } = compared(ablation, other);
  expect(difference.same).toBe(true);
  expect(told(ablation, other)).toEqual([
    'axis seed is called repeat',
    'axis transforms is called views: no_flip is called flipless',
    'stage drawings is called emojis, 1 point',
    'stage encoder is called net, 15 points',
  ]);
});

it('matches stages of one point by their parameters when their names have changed', () => {
  const nets = (one: string, width: number, two: string, other: number, seed: number) =>
    `import std.backbone.resnet18
import std.train.random_init

train ${one} = random_init(resnet18(width: ${width}), seed: ${seed})
train ${two} = random_init(resnet18(width: ${other}), seed: ${seed})
`;
  expect(told(nets('small', 8, 'large', 64, 1), nets('first', 64, 'second', 8, 2))).toEqual([
    'stage small is called second, 1 point',
    '  seed  1 → 2  a.ssp:4:53 → b.ssp:5:54',
    'stage large is called first, 1 point',
    '  seed  1 → 2  a.ssp:5:54 → b.ssp:4:54',
  ]);
});

it('tells one changed parameter of many points in one line, with both places', () => {
  const other = ablation.replace('grayscale: 0%', 'grayscale: 5%').replace('= 12', '=\n  20');
  expect(told(ablation, other)).toEqual([
    'stage encoder, 15 points',
    '  epochs  12 → 20  at all 15 points  a.ssp:15:26 → b.ssp:16:3',
    '  views.grayscale  0% → 5%  at 3 of 15 points  a.ssp:23:95 → b.ssp:24:95',
  ]);
});

it('tells labels that came and went, and their points', () => {
  const other = ablation
    .replace('[1, 2, 3]', '[1, 2, 3, 4]')
    .replace(/ {2}no_flip.*\n/, '')
    .replaceAll('encoder', 'net');
  const { difference } = compared(ablation, other);
  expect(difference.axes).toEqual([
    { a: 'seed', b: 'seed', added: ['4'], removed: [], renamed: [] },
    { a: 'transforms', b: 'transforms', added: [], removed: ['no_flip'], renamed: [] },
  ]);
  const counts = difference.stages.map((s) => [
    s.b?.name,
    s.added.length,
    s.removed.length,
    s.changes.length,
  ]);
  expect(counts).toEqual([
    ['pairs', 1, 0, 0],
    ['net', 4, 3, 0],
    ['net.features.drawings', 4, 3, 0],
    ['group', 4, 3, 0],
  ]);
});

it('tells other work under the same name, and what is only on one side', () => {
  const other = starter('probe')
    .replace('std.probe.{linear_probe, knn_probe, retrieval}', 'std.probe.{knn_probe, retrieval}')
    .replace('linear = linear_probe(encoder, drawings,', 'linear = knn_probe(encoder, drawings, 1,')
    .replace(/evaluate same.*\n/, '')
    .replace(', same: same.top1', '')
    .replace('knn_probe, retrieval', 'knn_probe');
  const lines = told(starter('probe'), other);
  expect(lines).toEqual([
    'stage linear, 6 points',
    '  stage  "std.probe.linear_probe" → "std.probe.knn_probe"  at all 6 points  a.ssp:24:10 → b.ssp:24:10',
    '- stage same (std.probe.retrieval), 6 points  a.ssp:26:10',
  ]);
});

it('pairs points across an axis that only one side has', () => {
  const other = ablation
    .replace('axis seed', 'axis rate = [0.002, 0.004]\naxis seed')
    .replace('lr: 0.002', 'lr: rate')
    .replaceAll('over: seed', 'over: [seed, rate]');
  const { difference } = compared(ablation, other);
  expect(difference.axes).toMatchObject([{ a: undefined, b: 'rate', added: ['0.002', '0.004'] }]);
  expect(difference.stages.map((s) => [s.b?.name, s.added.length, s.removed.length])).toEqual([
    ['encoder', 15, 0],
    ['encoder.features.drawings', 15, 0],
    ['group', 15, 0],
  ]);
});

it('names an input that is another stage, or another point of one', () => {
  const text = `import std.backbone.pixels
import std.data.emoji
import std.probe.retrieval
import std.train.random_init

axis size = [8px, 16px]
dataset small = emoji(size: size)
dataset other = emoji(size: 32px)
evaluate same = retrieval(random_init(pixels(size: 8px)), small[size: 8px])
`;
  const input = (to: string) => told(text, text.replace('small[size: 8px])', `${to})`)).at(-1);
  expect(input('small[size: 16px]')).toMatch('on  small[size=8px] → small[size=16px]');
  expect(input('other')).toMatch('on  small → other');
});
