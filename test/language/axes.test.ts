import { expect, it } from 'vitest';
import { errorsOf, imports, labelsOf, programOf, stageOf } from './compile-text.js';

const tableThree = `
import std.data.{imagenet, stl10}
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.{simclr_views, crop_only}
import std.ssl.simclr
import std.backbone.resnet50
import std.train.pretrain
import std.probe.linear_probe

axis seed = [1, 2, 3]
axis removed = {
  full:      simclr_views(size: 64px),
  grayscale: simclr_views(size: 64px, grayscale: 0%),
  jitter:    simclr_views(size: 64px, jitter: 0%),
  all:       crop_only(size: 64px),
}
dataset source = imagenet(root: env.IMAGENET, classes: file("classes-187.txt"), size: 64px)
axis pairs = {sp: semantic_pairs(source, list: file("pairs.csv")), ap: augmented_pairs(source, per_class: 157)}

train encoder = pretrain(pairs, removed, simclr(), backbone: resnet50(), epochs: 200, batch: 256, seed)
evaluate stl = linear_probe(encoder, stl10(root: env.STL10))
let gain = stl.top1[pairs: sp] - stl.top1[pairs: ap]
report robustness = table({sp: stl.top1[pairs: sp], ap: stl.top1[pairs: ap], gain}, rows: removed, over: seed)
expect mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: sp]
     < mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: ap]
`;

it('means by table 3 what the contract says', () => {
  const program = programOf(tableThree);
  const dims = Object.fromEntries(program.stages.map((s) => [s.name, s.dims]));
  expect(dims).toEqual({
    source: [],
    pairs: ['pairs'],
    encoder: ['pairs', 'removed', 'seed'],
    'stl.on': [],
    'encoder.features.stl.on': ['pairs', 'removed', 'seed'],
    stl: ['pairs', 'removed', 'seed'],
  });
  const [report] = program.reports;
  expect(report?.values.map((v) => [v.name, v.value.dims])).toEqual([
    ['sp', ['removed', 'seed']],
    ['ap', ['removed', 'seed']],
    ['gain', ['removed', 'seed']],
  ]);
  expect(program.expects[0]?.condition.dims).toEqual([]);
  expect(program.expects[0]?.text).toBe(
    'mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: sp] < mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: ap]',
  );
  const pairs = stageOf(program, 'pairs');
  expect(pairs.calls.map((c) => [c.when, c.call.extern.name])).toEqual([
    [[{ axis: 'pairs', label: 'sp' }], 'std.pairs.semantic_pairs'],
    [[{ axis: 'pairs', label: 'ap' }], 'std.pairs.augmented_pairs'],
  ]);
});

it('puts every stage behind those that it uses', () => {
  const program = programOf(`${imports}
evaluate probe = linear_probe(encoder, on: moved)
transform moved = perturbed(images, crop_only(32px))
train encoder = random_init(network)
let network = resnet18()
axis shown = {raw: images, moved: moved}
evaluate again = linear_probe(encoder, shown)
dataset images = emoji()
`);
  const names = program.stages.map((s) => s.name);
  expect(names.indexOf('images')).toBeLessThan(names.indexOf('moved'));
  expect(names.indexOf('moved')).toBeLessThan(names.indexOf('probe'));
  expect(names.indexOf('encoder')).toBeLessThan(names.indexOf('again'));
});

it('labels values by their canonical texts', () => {
  const labels = (values: string) =>
    labelsOf(
      programOf(`${imports}\nlet small = 1\naxis a = ${values}\nexpect a == a or 1 == 1`),
      'a',
    );
  expect(labels('[64px, 128px]')).toEqual(['64px', '128px']);
  expect(labels('[0.1, 0.07]')).toEqual(['0.1', '0.07']);
  expect(labels('[10%, 0.07]')).toEqual(['10%', '0.07']);
  expect(labels('["train", "test"]')).toEqual(['train', 'test']);
  expect(labels('[90s, 2min, 36h, 250ms]')).toEqual(['90s', '2min', '36h', '250ms']);
  expect(labels('[512MiB, 10GB]')).toEqual(['512MiB', '10GB']);
  expect(labels('[small, 2]')).toEqual(['small', '2']);
  expect(labels('3..5')).toEqual(['3', '4', '5']);
  expect(labels('[-1, 1 + 1]')).toEqual(['-1', '2']);
});

it('labels calls by what differs among the entries of a callee', () => {
  const methods = (values: string) =>
    labelsOf(
      programOf(
        `${imports}\nimport std.ssl.simclr as s\naxis m = ${values}\nexpect m is m`.replace(
          'expect m is m',
          'train e = pretrain(augmented_pairs(emoji()), crop_only(32px), m, resnet18())',
        ),
      ),
      'm',
    );
  expect(methods('[simclr(), vicreg()]')).toEqual(['simclr', 'vicreg']);
  expect(methods('[simclr(temperature: 0.1), simclr(hidden: 8), vicreg(dim: 3)]')).toEqual([
    'simclr(temperature: 10%, hidden: 2048)',
    'simclr(temperature: 50%, hidden: 8)',
    'vicreg',
  ]);
  expect(methods('[s(temperature: 10%), simclr(temperature: 20%)]')).toEqual([
    'simclr(temperature: 10%)',
    'simclr(temperature: 20%)',
  ]);
});

it('tells nested stages of two entries apart', () => {
  const program = programOf(`${imports}
axis pairs = [augmented_pairs(emoji(size: 32px)), augmented_pairs(emoji(size: 64px))]
train e = pretrain(pairs, crop_only(32px), simclr(), resnet18())
`);
  expect(labelsOf(program, 'pairs')).toEqual([
    'augmented_pairs(source: emoji(size: 32px))',
    'augmented_pairs(source: emoji(size: 64px))',
  ]);
  expect(stageOf(program, 'pairs.source').calls).toHaveLength(2);
});

it('gives a nested stage the name of its declaration and parameter', () => {
  const program = programOf(`${imports}
axis seed = [1, 2]
train e = random_init(resnet18(), seed)
evaluate p = linear_probe(e, perturbed(emoji(), crop_only(32px), seed: seed))
`);
  expect(program.stages.map((s) => [s.name, s.keyword, s.dims])).toEqual([
    ['e', 'train', ['seed']],
    ['p.on.source', undefined, []],
    ['p.on', undefined, ['seed']],
    ['e.features.p.on', undefined, ['seed']],
    ['p', 'evaluate', ['seed']],
  ]);
});

it('lets values of one axis use another', () => {
  const program = programOf(`${imports}
axis n = [10, 50]
dataset source = emoji()
axis pairs = {sp: semantic_pairs(source, per_class: n), ap: augmented_pairs(source)}
train e = pretrain(pairs, crop_only(32px), simclr(), resnet18())
evaluate p = linear_probe(e, source)
expect p.top1[n: 10, pairs: sp] > 0
`);
  expect(stageOf(program, 'pairs').dims).toEqual(['n', 'pairs']);
  expect(stageOf(program, 'e').dims).toEqual(['n', 'pairs']);
});

it('reads fields of record axes', () => {
  const program = programOf(`${imports}
param long: Int = 800
axis budget = {short: {epochs: 200, lr: 0.3}, long: {epochs: long, lr: 1}}
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), simclr(), resnet18(),
  epochs: budget.epochs, optimizer: sgd(lr: budget.lr))
`);
  expect(stageOf(program, 'e').dims).toEqual(['budget']);
});

it('matches labels by value, by call and by text', () => {
  const base = `${imports}
axis method = [simclr(temperature: 10%), simclr(temperature: 20%), vicreg()]
axis rate = [0.1, 0.2]
axis crop = [0.2..1.0, 0.5..1.0]
axis split = {"a b": 1, two: 2}
`;
  const check = (claim: string) =>
    errorsOf(
      `${base}expect ${claim} or rate is 0.1 or crop is 0.2..1 or split is two or method is vicreg`,
    );
  expect(check('method is simclr(temperature: 0.1)')).toEqual([]);
  expect(check('method is {vicreg, simclr( temperature:20% )}')).toEqual([]);
  expect(check('rate is 10%')).toEqual([]);
  expect(check('crop is 0.20..1')).toEqual([]);
  expect(check('split is "a b"')).toEqual([]);
  expect(check('method is simclr')).toEqual(['unknown-label']);
  expect(check('method is simclr(temperature: 30%)')).toEqual(['unknown-label']);
  expect(check('rate is 0.3')).toEqual(['unknown-label']);
});

it('takes axes from lists that are known by name', () => {
  const text = `${imports}
param seeds: List[Int] = [1, 2]
axis seed = seeds
let methods = {a: simclr(), b: vicreg()}
axis method = methods
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), method, resnet18(), seed: seed)
`;
  expect(labelsOf(programOf(text), 'seed')).toEqual(['1', '2']);
  expect(labelsOf(programOf(text, { seeds: '[7, 8, 9]' }), 'seed')).toEqual(['7', '8', '9']);
  expect(labelsOf(programOf(text), 'method')).toEqual(['a', 'b']);
});

it('gives a range axis as many labels as the param says', () => {
  const text = 'param seeds: Int = 3\naxis seed = 1..seeds\nexpect seed > 0';
  expect(labelsOf(programOf(text), 'seed')).toEqual(['1', '2', '3']);
  expect(labelsOf(programOf(text, { seeds: '1' }), 'seed')).toEqual(['1']);
  expect(errorsOf(text, { seeds: '0' })).toEqual(['empty-range']);
});

it('keeps an axis under a set slice and removes it under one label', () => {
  const program = programOf(`${imports}
axis seed = [1, 2, 3]
evaluate p = linear_probe(random_init(resnet18(), seed), emoji())
expect p.top1[seed: {1, 2}] > 0
expect p.top1[seed: 1] > 0
expect ci95(p.top1, over: seed).low > 0
`);
  expect(program.expects.map((e) => e.condition.dims)).toEqual([['seed'], [], []]);
});

it('accepts only axes of the stage in where', () => {
  const base = `${imports}
axis seed = [1, 2]
axis other = [1, 2]
param limit: Int = 1
expect other > 0
`;
  const where = (text: string) =>
    errorsOf(`${base}train e = random_init(resnet18(), seed) where ${text}`);
  expect(where('seed is 1 or seed <= limit')).toEqual([]);
  expect(where('other is 1')).toEqual(['where-axis']);
  expect(where('seed')).toEqual(['wrong-operand']);
});
