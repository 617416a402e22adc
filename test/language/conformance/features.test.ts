import { expect, it } from 'vitest';
import { unfold } from '../../../src/plan/unfold.js';
import { compileText, programOf } from '../compile-text.js';

const head = `
import std.data.emoji
import std.backbone.resnet18
import std.train.random_init
import std.invariance.{changed, invariance, occlusion}
dataset drawings = emoji()
train encoder = random_init(resnet18())
transform altered = changed(drawings, occlusion(), strength: 3)
`;

it('takes features of several images from an encoder that is given once', () => {
  const once = unfold(
    programOf(`${head}evaluate held = invariance(encoder, drawings, altered)\n`),
    {
      env: {},
    },
  );
  const held = once.find(({ id }) => id === 'held');
  expect(held?.params.encoder).toEqual({ input: 'encoder.features.drawings' });
  expect(held?.params.after).toEqual({ input: 'encoder.features.altered' });
  const both = `evaluate held = invariance(encoder, drawings, altered, after: encoder)\n`;
  const twice = unfold(programOf(`${head}${both}`), { env: {} });
  expect(twice.find(({ id }) => id === 'held')?.params).toEqual(held?.params);
});

it('does not compare an encoder with itself where another is missing', () => {
  const own = `extern stage alike(a: Features[on], b: Features[on], on: Images) -> Metrics{cka: Float} from "./a.mjs"
evaluate x = alike(encoder, on: drawings)
`;
  const codes = compileText(`${head}${own}`).diagnostics.map(({ code }) => code);
  expect(codes).toContain('missing-argument');
});
