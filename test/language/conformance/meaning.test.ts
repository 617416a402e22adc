import { expect, it } from 'vitest';
import { format } from '../../../src/language/format/format.js';
import { structuresOf } from '../../../src/plan/diff/structure.js';
import { ablation, comparison } from '../../support/examples.js';
import { type FakeStore, fakeRun } from './fake-run.js';
import { countsIn, type Files, library, pointsIn, programIn } from './study.js';

const withFiles = (text: string): Files => ({
  'study.ssp': text,
  'pairs.csv': '',
  'classes-187.txt': '',
});
const change = (text: string, from: string, to: string) => {
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return text.replaceAll(from, to);
};
const again = (text: string, store: FakeStore) => fakeRun(withFiles(text), store);

it('gives the study of removed transforms exactly the points that it says', () => {
  expect(countsIn(withFiles(ablation))).toEqual({
    source: 1,
    'stl.on': 1,
    pairs: 2,
    encoder: 24,
    'encoder.features.stl.on': 24,
    stl: 24,
  });
});

it('reruns 6 trainings, their features and 6 evaluations when one transform of four changes', () => {
  const store: FakeStore = new Map();
  expect(again(ablation, store)).toHaveLength(76);
  expect(again(ablation, store)).toEqual([]);
  const ran = again(change(ablation, 'grayscale: 0%', 'grayscale: 5%'), store);
  const points = ['encoder', 'encoder.features.stl.on', 'stl'].flatMap((name) =>
    ['sp', 'ap'].flatMap((pairs) =>
      [1, 2, 3].map((seed) => `${name}[pairs=${pairs},removed=grayscale,seed=${seed}]`),
    ),
  );
  expect([...ran].sort()).toEqual(points.sort());
});

it('reruns nothing when names, order or layout change', () => {
  const store: FakeStore = new Map();
  again(ablation, store);
  expect(again(change(ablation, 'removed', 'transforms'), store)).toEqual([]);
  expect(again(change(ablation, 'encoder', 'model'), store)).toEqual([]);
  expect(again(change(ablation, 'full', 'everything'), store)).toEqual([]);
  const lines = ablation.split('\n');
  const entry = lines.findIndex((line) => line.includes('jitter:    '));
  const reordered = [lines[entry], ...lines.filter((_, i) => i !== entry)];
  const head = reordered.findIndex((line) => line?.startsWith('axis removed'));
  reordered.splice(head + 1, 0, reordered.shift() ?? '');
  expect(again(reordered.join('\n'), store)).toEqual([]);
  const declarations = ablation.split(/\n(?=import|axis|dataset|train|evaluate|let|report|expect)/);
  expect(again(declarations.toReversed().join('\n'), store)).toEqual([]);
  const { text } = format({ path: 'study.ssp', text: change(ablation, ', ', ' ,\n  ') });
  expect(again(text, store)).toEqual([]);
  expect(again(change(ablation, 'axis seed', '// why\n/// Seeds.\naxis seed'), store)).toEqual([]);
});

it('reruns nothing when a value is written another way', () => {
  const store: FakeStore = new Map();
  again(ablation, store);
  const same: readonly (readonly [string, string])[] = [
    ['grayscale: 0%', 'grayscale: 0.0'],
    ['size: 64px', 'size: 32px * 2'],
    ['epochs: 200', 'epochs: 100 + 100'],
    ['simclr()', 'simclr(temperature: 0.5)'],
    ['backbone: resnet50()', 'resnet50()'],
    ['axis seed = [1, 2, 3]', 'axis seed = 1..3'],
    ['axis seed', 'param many: Int = 256\naxis seed'],
    ['batch: 256', 'batch: if 1 > 0 then 256 else 3'],
  ];
  for (const [from, to] of same)
    expect([to, again(change(ablation, from, to), store)]).toEqual([to, []]);
});

it('reruns nothing when a part is moved into a let, a def or another file', () => {
  const store: FakeStore = new Map();
  again(ablation, store);
  const views = 'simclr_views(size: 64px, jitter: 0%)';
  expect(again(`${change(ablation, views, 'still')}\nlet still = ${views}`, store)).toEqual([]);
  const def = `def without(size: Pixels, jitter: Fraction) -> Views {
  return simclr_views(size: size, jitter: jitter)
}`;
  expect(again(`${change(ablation, views, 'without(64px, jitter: 0%)')}\n${def}`, store)).toEqual(
    [],
  );
  const recipe = `def recipe(pairs: Pairs, views: Views, seed: Int) -> Encoder {
  train inner = pretrain(pairs, views, simclr(), backbone: resnet50(), epochs: 200, batch: 256, seed: seed)
  return inner
}
train encoder = recipe(pairs, removed, seed)
`;
  const moved = ablation.replace(/^train encoder = .*$/m, recipe);
  expect(again(moved, store)).toEqual([]);
  const files = {
    ...withFiles(`import "./lab/views.ssp".{still}\n${change(ablation, views, 'still')}`),
    'lab/views.ssp': `import std.views.simclr_views\nlet still = ${views}`,
  };
  expect(fakeRun(files, store)).toEqual([]);
});

it('keeps names of variables and where files lie out of keys, and what files contain in', () => {
  const store: FakeStore = new Map();
  const contents = (path: string) => (path.endsWith('csv') ? 'the pairs' : path);
  fakeRun(withFiles(ablation), store, {}, contents);
  const elsewhere = {
    ...withFiles(change(ablation, '"pairs.csv"', '"lists/pairs.csv"')),
    'lists/pairs.csv': '',
  };
  expect(fakeRun(elsewhere, store, {}, contents)).toEqual([]);
  const ran = fakeRun(withFiles(ablation), store, {}, (path) =>
    path.endsWith('csv') ? 'other pairs' : path,
  );
  expect(ran.filter((id) => id.startsWith('pairs'))).toEqual(['pairs[pairs=sp]']);
  expect(ran).toHaveLength(1 + 12 + 12 + 12);
});

it('reruns what a param changes, and nothing else', () => {
  const text = `${library}
param epochs: Int = 20
axis seed = [1, 2]
dataset images = emoji()
train e = pretrain(augmented_pairs(images), crop_only(32px), simclr(), resnet18(), epochs: epochs, seed: seed)
train f = random_init(resnet18(), seed)
evaluate p = linear_probe(e, images)`;
  const store: FakeStore = new Map();
  fakeRun(text, store);
  expect(fakeRun(text, store, { epochs: '20' })).toEqual([]);
  expect(fakeRun(text, store, { epochs: '40' })).toEqual([
    'e[seed=1]',
    'e[seed=2]',
    'e.features.images[seed=1]',
    'e.features.images[seed=2]',
    'p[seed=1]',
    'p[seed=2]',
  ]);
  const annotated = change(text, 'train e', '@gpu(1) @timeout(3h)\ntrain e');
  expect(fakeRun(annotated, store)).toEqual([]);
  expect(
    fakeRun(`${text}\nreport r = table(p.top1, over: seed)\nexpect p.top1 > 0`, store),
  ).toEqual([]);
});

it('computes points with equal keys once', () => {
  const text = `${library}
axis a = {x: 1, y: 1, z: 2}
train e = random_init(resnet18(), seed: a)`;
  const { size } = ((store: FakeStore) => {
    expect(fakeRun(text, store)).toEqual(['e[a=x]', 'e[a=z]']);
    return store;
  })(new Map());
  expect(size).toBe(2);
});

it('raises a key with the version of a stage and with the code of an own one', () => {
  const text =
    'extern stage s(n: Int) -> Files command "run {n} {out}" reads: ["a.py"]\ndataset d = s(3)';
  const store: FakeStore = new Map();
  const files = (study: string) => ({ 'study.ssp': study, 'a.py': '', 'b.py': '' });
  expect(fakeRun(files(text), store)).toEqual(['d']);
  expect(fakeRun(files(change(text, 'run {n}', "'run'  {n}")), store)).toEqual([]);
  for (const other of [
    change(text, 'run {n}', 'run -v {n}'),
    change(text, 'a.py', 'b.py'),
    `@version(2)\n${text}`,
    change(text, 's(3)', 's(4)'),
  ]) {
    expect(fakeRun(files(other), store)).toEqual(['d']);
    const meaning = (study: string) =>
      structuresOf(pointsIn(files(study)), (path) => path).get('d');
    expect(meaning(other)).not.toBe(meaning(text));
  }
});

it('resolves every parameter, defaults filled in and units normalised', () => {
  const [point] = pointsIn(`${library}
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), simclr(temperature: 7%), resnet18(), optimizer: sgd(lr: 1e-1))`).filter(
    (p) => p.name === 'e',
  );
  expect(point?.params).toMatchObject({
    epochs: 100,
    batch: 256,
    views: { describe: 'std.views.crop_only', args: { size: 32, scale: { low: 0.08, high: 1 } } },
    method: { describe: 'std.ssl.simclr', args: { temperature: 0.07 } },
    optimizer: { describe: 'std.optim.sgd', args: { lr: 0.1 } },
  });
});

it('lays the comparison out in one canonical way that means the same', () => {
  const files = (text: string) => withFiles(text);
  const { text } = format({ path: 'study.ssp', text: comparison });
  expect(format({ path: 'study.ssp', text }).text).toBe(text);
  const resolved = (source: string) =>
    pointsIn(files(source), {}, {}).map(({ id, params, inputs }) => ({ id, params, inputs }));
  expect(resolved(text)).toEqual(resolved(comparison));
  expect(programIn(files(text)).reports.map((r) => r.name)).toEqual(['transfer_table']);
});
