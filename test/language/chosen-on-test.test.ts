import { expect, it } from 'vitest';
import { render } from '../../src/base/render.js';
import { compile } from '../../src/language/compile.js';

/** What is said of a choice among the metrics of a stage of one's own. */
function said(choice: string, params = 'lr: Float'): string {
  const text = `extern stage st(${params}) -> Metrics{val_acc: Fraction, test_acc: Fraction, acc: Fraction}
  command "./st {lr} {out}"
axis lr = [0.1, 0.2]
evaluate m = st(lr)
report t = table({chosen: ${choice}})
`;
  const { diagnostics } = compile({ readText: () => text }, 'study.ssp');
  return render(diagnostics.filter(({ code }) => code === 'chosen-on-test'));
}

it('knows metrics of the test split by their names', () => {
  const told = said('pick(m.acc, by: m.test_acc, over: lr)');
  expect(told).toContain('`pick` chooses by `m.test_acc`, which is measured on the test split');
  expect(told).toContain('choose by the validation split: `m.val_acc`');
  expect(said('max(m.test_acc, over: lr)')).toContain('pick(m.test_acc, by: m.val_acc, over: lr)');
  expect(said('pick(m.test_acc, by: m.val_acc, over: lr)')).toBe('');
  expect(said('argmax(m.acc, over: lr)')).toBe('');
});

it('knows what a stage of one’s own asks by its `test` or `split`', () => {
  const params = 'lr: Float, split: String = "test"';
  expect(said('argmax(m.acc, over: lr)', params)).toContain('`argmax` chooses by `m.acc`');
  expect(said('argmax(m.val_acc, over: lr)', params)).toBe('');
  expect(said('argmax(m.acc, over: lr)', params.replace('"test"', '"validation"'))).toBe('');
});
