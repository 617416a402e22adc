import { expect, it } from 'vitest';
import {
  compileFiles,
  countsIn,
  errorsIn,
  errorsWith,
  library,
  mistakesOf,
  paramsIn,
  pointsIn,
  programIn,
} from './study.js';

const labels = (values: string, before = '') =>
  programIn(
    `${library}${before}\naxis a = ${values}\nevaluate it = linear_probe(random_init(resnet18()), emoji(), label: match a { else: "x" })`,
  )
    .axes.find((axis) => axis.name === 'a')
    ?.labels.map((l) => l.label);

it('takes the values of an axis from a list, a record or a range, known when planning', () => {
  expect(labels('[3, 1]')).toEqual(['3', '1']);
  expect(labels('{sp: 1, ap: 2}')).toEqual(['sp', 'ap']);
  expect(labels('1..4')).toEqual(['1', '2', '3', '4']);
  expect(errorsIn('axis a = []')).toEqual(['empty-axis']);
  expect(errorsIn('axis a = {}')).toEqual(['empty-axis']);
  expect(errorsIn('axis a = 3')).toEqual(['axis-values']);
  expect(errorsIn('axis a = 0.1..0.5')).toEqual(['axis-values']);
  expect(errorsIn('axis a = [1, "x"]')).toEqual(['mixed-types']);
});

it('labels a name by itself, a text without quotes, a value by its canonical text', () => {
  expect(labels('[small, large]', 'let small = 1\nlet large = 2')).toEqual(['small', 'large']);
  expect(labels('["train", "two words"]')).toEqual(['train', 'two words']);
  expect(labels('[64px, 0.5px * 256]')).toEqual(['64px', '128px']);
  expect(labels('[0.2..1.0, 0.5..1.0]')).toEqual(['0.2..1', '0.5..1']);
  expect(labels('[true, false]')).toEqual(['true', 'false']);
});

it('labels a call by its name and the arguments that differ, defaults filled, in their order', () => {
  expect(labels('[simclr(), vicreg()]')).toEqual(['simclr', 'vicreg']);
  expect(labels('[simclr(dim: 64), simclr(temperature: 10%), simclr(hidden: 2048)]')).toEqual([
    'simclr(temperature: 50%, dim: 64)',
    'simclr(temperature: 10%, dim: 128)',
    'simclr(temperature: 50%, dim: 128)',
  ]);
});

it('refuses labels that stay equal', () => {
  expect(errorsIn('axis a = [1, 1]')).toEqual(['label-collision']);
  expect(errorsIn('axis a = [0.5, 50%]')).not.toContain('label-collision');
  expect(errorsWith('axis a = [simclr(), simclr(temperature: 50%)]')).toEqual(['label-collision']);
});

it('varies what uses an axis over it, directly or through others, aligned by name', () => {
  const text = `${library}
axis seed = [1, 2, 3]
axis pairs = {sp: semantic_pairs(emoji(), seed: seed), ap: augmented_pairs(emoji(), seed: seed)}
let s = seed + 1
train e = pretrain(pairs, crop_only(32px), simclr(), resnet18(), seed: s)
train f = random_init(resnet18(), seed: seed)
evaluate p = linear_probe(e, emoji())
expect p.top1 - linear_size > 0
let linear_size = 0.1
report r = table({p: p.top1}, rows: [pairs, seed])`;
  expect(countsIn(text)).toEqual({
    'pairs.source': 6,
    pairs: 6,
    e: 6,
    f: 3,
    'p.on': 1,
    'e.features.p.on': 6,
    p: 6,
  });
  expect(pointsIn(text).find((point) => point.id === 'e[pairs=sp,seed=2]')?.inputs).toEqual([
    'pairs[pairs=sp,seed=2]',
  ]);
});

it('lets values of one axis use another', () => {
  const text = `${library}
axis n = [5, 10]
axis width = {narrow: 8, wide: 8 * n}
train e = random_init(resnet18(width: width))`;
  expect(countsIn(text)).toEqual({ e: 4 });
  expect(errorsIn('axis a = [b]\naxis b = [a]')).toEqual(['cycle']);
});

it('reads fields of an axis whose values are records', () => {
  const text = `${library}
axis budget = {short: {epochs: 200, lr: 0.3}, long: {epochs: 800, lr: 0.2}}
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), simclr(), resnet18(), epochs: budget.epochs, optimizer: sgd(lr: budget.lr)) where budget is long`;
  expect(countsIn(text).e).toBe(1);
  expect(paramsIn(text, 'e[budget=long]').epochs).toBe(800);
  expect(errorsIn(text.replace('budget.lr', 'budget.rate'))).toEqual(['unknown-field']);
  expect(errorsIn(`${library}axis b = {x: {a: 1}, y: {c: 1}}\nexpect b.a > 0`)).toEqual([
    'mixed-types',
  ]);
});

it('compares labels by value: words, numbers with units, ranges, calls and quoted texts', () => {
  const base = `${library}
axis rate = [0.1, 0.25]
axis size = [64px, 128px]
axis wait = [90s, 2min]
axis crop = [0.2..1.0, 0.5..1.0]
axis method = [simclr(temperature: 10%), simclr(temperature: 20%)]
axis split = ["train", "two words"]
let used = [rate > 0, size > 0px, wait > 0s, split == "x", method is {simclr(temperature: 10%)}, crop is 0.2..1]
`;
  const check = (claim: string) => errorsIn(`${base}expect ${claim}`);
  for (const claim of [
    'rate is 10%',
    'rate is {0.10, 25%}',
    'size is 64px',
    'wait is 1.5min',
    'wait is 120s',
    'crop is 0.50..1',
    'method is not simclr(temperature: 0.2)',
    'split is train',
    'split is "two words"',
  ]) {
    expect([claim, check(claim)]).toEqual([claim, []]);
  }
  for (const claim of [
    'rate is 0.3',
    'size is 64',
    'crop is 0.2..0.9',
    'split is two',
    'method is simclr',
  ]) {
    expect([claim, check(claim)]).toEqual([claim, ['unknown-label']]);
  }
});

it('takes a label as it is, never as an expression', () => {
  const text = 'axis a = {x: 1, y: 2}\nlet x = "y"\nexpect a is x\nlet z = [x]';
  expect(errorsIn(text)).toEqual([]);
  expect(errorsIn('axis a = [1, 2, 3]\nexpect a is 1 + 1')).not.toEqual([]);
});

it('wants an axis or an enum left of is and under match', () => {
  expect(errorsIn('let a = 3\nexpect a is 3')).toEqual(['no-labels']);
  expect(errorsIn('param a: String = "x"\nexpect match a { x: 1, else: 2 } > 0')).toEqual([
    'no-labels',
  ]);
  expect(errorsIn('param a: "x" | "y" = "x"\nexpect a is not y')).toEqual([]);
});

it('keeps the points that where keeps, and drops what depends on the others', () => {
  const text = `${library}
axis method = {simclr: simclr(), vicreg: vicreg()}
axis seed = 1..3
param first: Int = 1
train m = pretrain(augmented_pairs(emoji()), crop_only(32px), method, resnet18(), seed: seed)
  where method is simclr or seed == first
evaluate p = linear_probe(m, emoji()) where seed is not 3`;
  expect(countsIn(text)).toMatchObject({ m: 4, p: 3 });
  expect(countsIn(text, { first: '3' })).toMatchObject({ m: 4, p: 2 });
  expect(errorsWith('axis s = [1]\ntrain e = random_init(resnet18()) where s is 1')).toEqual([
    'where-axis',
  ]);
  expect(errorsWith('transform v = crop_only(32px) where 1 > 0')).toEqual(['where-needs-stage']);
  const result =
    'evaluate p = linear_probe(random_init(resnet18()), emoji())\ntrain e = random_init(resnet18()) where p.top1 > 1%';
  expect(errorsWith(result)).toEqual(['where-result']);
  expect(errorsWith('let a = 3 where true')).toEqual(['syntax']);
});

const probe = `${library}
axis seed = [1, 2, 3]
axis width = {small: 8, large: 16}
evaluate p = linear_probe(random_init(resnet18(width: width), seed), emoji())
`;

it('fixes and removes an axis by one label, narrows and keeps it by a set', () => {
  const dims = (claim: string) => programIn(`${probe}expect ${claim}`).expects[0]?.condition.dims;
  expect(dims('p.top1[seed: 1] > 0')).toEqual(['width']);
  expect(dims('p.top1[seed: 1, width: small] > 0')).toEqual([]);
  expect(dims('p.top1[seed: {1, 2}] > 0')).toEqual(['seed', 'width']);
  expect(dims('p[seed: 1].top1[width: {small}] > 0')).toEqual(['width']);
});

it('says which axes and labels there are when a slice names another', () => {
  const found = (claim: string) =>
    compileFiles(`${probe}expect ${claim}`).diagnostics.find((d) => d.severity === 'error');
  expect(found('p.top1[sed: 1] > 0')).toMatchObject({ code: 'unknown-axis' });
  expect(found('p.top1[sed: 1] > 0')?.help).toContain('did you mean `seed`?');
  expect(found('p.top1[width: smal] > 0')).toMatchObject({ code: 'unknown-label' });
  expect(found('p.top1[width: smal] > 0')?.help).toContain('there are `small` and `large`');
  expect(found('p.top1[seed: 1][seed: 2] > 0')).toMatchObject({ code: 'axis-not-here' });
  expect(errorsIn(`${probe}expect p.top1[] > 0`)).toEqual(['empty-slice']);
  expect(errorsIn(`${probe}expect p.top1[seed: {}] > 0`)).toEqual(['empty-slice']);
});

it('reduces over one axis or several, which go away', () => {
  const dims = (claim: string) => programIn(`${probe}expect ${claim}`).expects[0]?.condition.dims;
  for (const name of ['mean', 'std', 'min', 'max', 'count']) {
    expect(dims(`${name}(p.top1, over: seed) >= 0`)).toEqual(['width']);
    expect(dims(`${name}(p.top1, over: [seed, width]) >= 0`)).toEqual([]);
  }
  const paired = 'ci95(p.top1[width: large] - p.top1[width: small], over: seed)';
  expect(dims(`${paired}.low > 0 and ${paired}.high > 0`)).toEqual([]);
  expect(errorsIn(`${probe}expect mean(p.top1) > 0`)).toEqual(['built-in-arguments']);
  expect(errorsIn(`${probe}expect mean(p.top1[seed: 1], over: seed) > 0`)).toEqual([
    'axis-not-here',
  ]);
  expect(errorsIn(`${probe}expect mean(p, over: seed) > 0`)).toEqual(['wrong-operand']);
  expect(errorsIn(`${probe}expect ci95(p.top1, over: seed) > 0`)).toEqual(['wrong-operand']);
});

it('wants every axis of a table named in rows, columns or over', () => {
  expect(errorsIn(`${probe}report r = table(p.top1, rows: width, over: seed)`)).toEqual([]);
  expect(errorsIn(`${probe}report r = pivot(p.top1, rows: [width], columns: seed)`)).toEqual([]);
  const found = compileFiles(
    `${probe}report r = table({a: p.top1, b: p.top1[seed: 1]}, rows: width)`,
  );
  expect(found.diagnostics.map((d) => [d.code, d.message])).toContainEqual([
    'axis-remains',
    '`a` still varies over `seed`',
  ]);
  expect(
    errorsIn(`${probe}report r = table(p.top1[width: small], rows: width, over: seed)`),
  ).toEqual(['axis-not-here']);
});

it('knows a point by axis and label, in no order', () => {
  const text = (axes: string) => `${library}${axes}
train e = random_init(resnet18(width: width), seed)`;
  const ids = (axes: string) =>
    pointsIn(text(axes)).map((point) => [point.id, point.params] as const);
  const one = new Map(ids('axis seed = [1, 2]\naxis width = {a: 8, b: 16}'));
  const other = new Map(ids('axis width = {b: 16, a: 8}\naxis seed = [2, 1]'));
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [id, params] of one) expect(other.get(id)).toEqual(params);
});

it('wants --points for more than 10,000 points in one stage', () => {
  const many = `${library}axis a = 1..200\naxis b = 1..51\ntrain e = random_init(resnet18(width: a), seed: b)`;
  expect(() => pointsIn(many)).toThrow(/has up to 10200 points/);
  expect(countsIn(many.replace('1..51', '1..50'))).toEqual({ e: 10_000 });
  expect(mistakesOf('axis a = 1..100001\nexpect a > 0')).toEqual(['axis-too-long study.ssp:1']);
});
