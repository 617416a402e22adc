import { expect, it } from 'vitest';
import { compileFiles, countsIn, errorsIn, library, paramsIn, programIn } from './study.js';

const base = `${library}
dataset pairs = semantic_pairs(emoji())
let views = simclr_views(size: 16px, grayscale: 10%)
`;
const train = (views: string, method = 'simclr()') =>
  `train t = pretrain(pairs, ${views}, ${method}, resnet18(), epochs: 1)`;

/** What a training's views are described as. */
const described = (before: string, views: string, id = 't') =>
  (paramsIn(`${base}${before}\n${train(views)}`, id).views as { args: object }).args;

it('changes arguments of a description and keeps the others', () => {
  const plain = described('', 'views');
  expect(plain).toMatchObject({ size: 16, grayscale: 0.1 });
  expect(described('', 'views with {grayscale: 0%}')).toEqual({ ...plain, grayscale: 0 });
  expect(described('', 'views with {grayscale: 0%, blur: 0%}')).toEqual({
    ...plain,
    grayscale: 0,
    blur: 0,
  });
  expect(described('', 'views with {grayscale: 0%} with {grayscale: 20%, flip: 0%}')).toEqual({
    ...plain,
    grayscale: 0.2,
    flip: 0,
  });
  expect(described('', 'views with {}')).toEqual(plain);
  expect(described('let blur = 0%', 'views with {blur}')).toEqual({ ...plain, blur: 0 });
  expect(described('', 'simclr_views(size: 16px) with {grayscale: 10%}')).toEqual(plain);
});

it('is the same description as one that is written out: the same key', () => {
  const written = paramsIn(
    `${base}${train('simclr_views(size: 16px, grayscale: 10%, blur: 0%)')}`,
    't',
  );
  expect(paramsIn(`${base}${train('views with {blur: 0%}')}`, 't')).toEqual(written);
});

it('works for any description, in a call, a def, a let and a transform', () => {
  const method = (text: string) =>
    (paramsIn(`${base}${train('views', text)}`, 't').method as { args: object }).args;
  expect(method('simclr() with {temperature: 10%}')).toMatchObject({ temperature: 0.1 });
  const optimizer = `${base}let o = adamw(lr: 0.1)
train t = pretrain(pairs, views, simclr(), resnet18() with {width: 8}, epochs: 1, optimizer: o with {lr: 0.2}, schedule: cosine() with {warmup: 0})`;
  expect(paramsIn(optimizer, 't')).toMatchObject({
    optimizer: { args: { lr: 0.2 } },
    backbone: { args: { width: 8 } },
    schedule: { args: { warmup: 0 } },
  });
  expect(
    described('def bare(v: Views) -> Views { return v with {grayscale: 0%} }', 'bare(views)'),
  ).toMatchObject({ size: 16, grayscale: 0 });
  expect(described('transform v = views with {flip: 0%}', 'v')).toMatchObject({ flip: 0 });
});

it('varies with what it takes and with what it changes', () => {
  const axis = 'axis size = [16px, 32px]\naxis v = {plain: views, small: views with {size}}\n';
  const text = `${base}${axis}${train('v with {grayscale: 0%}')}`;
  expect(countsIn(text).t).toBe(4);
  const at = (id: string) => (paramsIn(text, id).views as { args: object }).args;
  expect(at('t[size=32px,v=plain]')).toMatchObject({ size: 16, grayscale: 0 });
  expect(at('t[size=32px,v=small]')).toMatchObject({ size: 32, grayscale: 0 });
  const budget = `${base}axis b = {long: {v: views}, short: {v: views with {blur: 0%}}}
${train('b.v with {flip: 0%}')}`;
  expect(paramsIn(budget, 't[b=short]').views).toMatchObject({ args: { blur: 0, flip: 0 } });
  expect(paramsIn(budget, 't[b=long]').views).toMatchObject({ args: { blur: 0.5, flip: 0 } });
  const chosen = `${base}param strong: Bool = false
${train('(if strong then views else views with {blur: 0%}) with {flip: 0%}')}`;
  expect(paramsIn(chosen, 't').views).toMatchObject({ args: { blur: 0, flip: 0 } });
});

it('labels the values of an axis as calls', () => {
  const { axes } = programIn(
    `${base}axis v = [views, views with {grayscale: 0%}, views with {blur: 0%}]\n${train('v')}`,
  );
  expect(axes[0]?.labels.map(({ label }) => label)).toEqual([
    'views',
    'simclr_views(grayscale: 0%, blur: 50%)',
    'simclr_views(grayscale: 10%, blur: 0%)',
  ]);
});

it('says once what cannot be changed', () => {
  const told = (views: string, before = '') =>
    compileFiles(`${base}${before}\n${train(views)}`)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code, message, help }) => [code, message, help]);
  expect(told('views with {gray: 0%}')).toEqual([
    [
      'unknown-parameter',
      '`simclr_views` has no parameter `gray`',
      expect.stringContaining('grayscale'),
    ],
  ]);
  expect(told('views with {grayscale: 3px}').map(([code]) => code)).toEqual(['wrong-unit']);
  expect(told('views with {grayscale: 0%, grayscale: 1%}').map(([code]) => code)).toEqual([
    'duplicate-argument',
  ]);
  expect(told('viws with {grayscale: 0%}').map(([code]) => code)).toEqual(['unknown-name']);
  expect(told('simclr_views with {grayscale: 0%}').map(([code]) => code)).toEqual(['not-a-value']);
  expect(told('pairs with {seed: 1}')).toEqual([
    [
      'with-needs-description',
      '`with` changes arguments of a description, not of Pairs',
      'give the argument in the call that makes it',
    ],
  ]);
  const two = 'axis v = [views, crop_only(size: 16px)]';
  expect(told('v with {size: 16px}', two)).toEqual([
    [
      'with-needs-description',
      '`with` changes arguments of a description, not of values of `simclr_views` and `crop_only`',
      'change each value where the axis lists it',
    ],
  ]);
  expect(errorsIn(`${base}let x = 3 with {a: 1}\nexpect x > 0`)).toEqual([
    'with-needs-description',
  ]);
});
