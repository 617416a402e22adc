import { expect, it } from 'vitest';
import { render } from '../../src/base/render.js';
import { compile } from '../../src/language/compile.js';

const study = (halving: string) => `import std.data.emoji
import std.pairs.augmented_pairs
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.train.{after, pretrain}
import std.probe.linear_probe

param third: Int = 3
axis seed = [1, 2]
axis trial = search([16, 32, 64], n: 3, seed: 1)
dataset drawings = emoji()
${halving}
train encoder = pretrain(augmented_pairs(drawings), crop_only(size: 32px), simclr(), resnet18(width: trial), seed, epochs: 9, keep: after([1, 3]))
evaluate probe = linear_probe(encoder, drawings, label: "group")
`;

const compiled = (text: string) => {
  const { program, diagnostics } = compile({ readText: () => text }, 'study.ssp');
  return { program, said: render(diagnostics.filter(({ severity }) => severity === 'error')) };
};

it('enters into a training and the encoders on its way what decides about them', () => {
  const { program } = compiled(study('@halving(by: probe.validation, over: trial, factor: third)'));
  const halving = {
    over: 'trial',
    by: expect.objectContaining({
      stage: 'probe',
      metric: 'validation',
      text: 'probe.validation',
    }),
    smallest: false,
    factor: 3,
  };
  const given = program?.stages.filter((stage) => stage.halving) ?? [];
  expect(given.map(({ name, halving }) => [name, halving])).toEqual([
    ['encoder', halving],
    ['encoder.at', halving],
  ]);
});

it.each([
  ['@halving(by: probe.validation)', '`@halving` takes `by:`, `over:` and maybe `factor:`'],
  ['@halving(by: probe.validation, over: trial, factor: 1)', 'takes Int(2..), found 1'],
  ['@halving(by: probe.validation, over: other)', '`other`'],
  ['@halving(by: probe.validation - 1%, over: trial)', 'compares by a metric of an evaluation'],
  ['@halving(by: mean(probe.validation, over: seed), over: trial)', 'compares by a metric'],
  ['@halving(by: encoder.time, over: trial)', 'compares by'],
])('%s: %s', (annotation, message) => {
  expect(compiled(study(annotation)).said).toContain(message);
});

it('stands before trainings alone', () => {
  const text = 'import std.data.emoji\n@halving(by: 1, over: x)\ndataset drawings = emoji()\n';
  expect(compiled(text).said).toContain('`@halving` belongs before a `train`');
});

it('warns where it chooses by the test split, and says what to choose by instead', () => {
  const warnings = (halving: string) => {
    const { diagnostics } = compile({ readText: () => study(halving) }, 'study.ssp');
    return diagnostics.filter(({ code }) => code === 'chosen-on-test');
  };
  const [found, ...more] = warnings('@halving(by: probe.top1, over: trial)');
  expect(more).toEqual([]);
  expect(render(found ? [found] : [])).toContain(
    'warning[chosen-on-test]: `@halving` chooses by `probe.top1`, which is measured on the test split',
  );
  expect(found?.help).toBe('choose by the validation split: `probe.validation`');
  expect(found?.fixes).toHaveLength(1);
  expect(warnings('@halving(by: probe.validation, over: trial)')).toEqual([]);
});
