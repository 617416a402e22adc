import { expect, it } from 'vitest';
import { compileFiles } from '../../language/conformance/study.js';

const messages = (call: string): readonly string[] => {
  const names = [...new Set(call.match(/\w+(?=\()/g))].join(', ');
  const { diagnostics } = compileFiles(
    `import std.optim.{${names}}\naxis a = {one: ${call}}\nexpect a is one`,
  );
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
};

it.each([
  ['adamw(beta1: 1.0)', '`beta1`'],
  ['adamw(beta2: 1.0)', '`beta2`'],
  ['adamw(epsilon: 0.0)', '`epsilon`'],
  ['adamw(epsilon: -0.1)', '`epsilon`'],
  ['lars(eta: 0.0)', '`eta`'],
  ['clip(sgd(), norm: 0.0)', '`norm`'],
  ['steps(at: [0])', '`at`'],
  ['cosine(warmup: -1.0)', '`warmup`'],
])('refuses %s when the file is checked', (call, name) => {
  const found = messages(call);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^out-of-range: /);
  expect(found[0]).toContain(name);
});

it.each([
  'adamw(beta1: 0.0, beta2: 0.9999, epsilon: 0.0000000001)',
  'steps(at: [1, 300])',
  'sgd(momentum: 1.0)',
])('takes %s', (call) => expect(messages(call)).toEqual([]));
