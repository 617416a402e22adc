import { expect, it } from 'vitest';
import { compileFiles } from './study.js';

const study = (where: string, claims: string) => `
extern stage ev(k: Int, s: Int) -> Metrics{t: Float} command "ev {k} {s} {out}"
extern stage of(m: Float) -> Metrics{t: Float} command "of {m} {out}"
axis k = [1, 2, 3]
axis s = [1, 2]
evaluate e = ev(k, s) ${where}
${claims}
`;

/** What is warned of, without what is unused. */
const told = (where: string, claims: string) =>
  compileFiles(study(where, claims)).diagnostics.flatMap(({ code, message, severity }) =>
    severity === 'error' ? [`${code}: ${message}`] : code === 'unused' ? [] : [message],
  );
const gone = (points: string, of: string) => [`no point ${points} is left of \`${of}\``];

it('warns where what `where` dropped is sliced out, expected or referenced', () => {
  const where = 'where k is 1';
  expect(told(where, 'expect e.t[k: 2] > 0')).toEqual(gone('with `k: 2`', 'e.t[k: 2]'));
  expect(told(where, 'reference "p" { e.t[k: 2] = 1.0 }')).toEqual(
    gone('with `k: 2`', 'e.t[k: 2]'),
  );
  expect(told(where, 'report r = table(e.t[k: 2, s: 1])')).toEqual(
    gone('with `k: 2`', 'e.t[k: 2, s: 1]'),
  );
  expect(told(where, 'expect mean(e.t[k: {2, 3}], over: [k, s]) > 0')).toEqual(
    gone('with `k: 2`, `k: 3`', 'e.t[k: {2, 3}]'),
  );
  expect(told(where, 'expect e.t[k: 1] > 0\nexpect mean(e.t, over: k) > 0')).toEqual([]);
  expect(told('where k is 1 or s == 2', 'expect e.t[k: 2, s: 1] > 0')).toEqual(
    gone('with `s: 1`', 'e.t[k: 2, s: 1]'),
  );
});

it('does so through lets, defs, records, and stages that read the dropped ones', () => {
  const where = 'where k is 1';
  const sliced = gone('with `k: 2`', 'a[k: 2]');
  expect(told(where, 'let a = e.t * 2\nlet b = a[k: 2]\nlet c = {b}\nexpect c.b > 0')).toEqual(
    sliced,
  );
  expect(
    told(where, 'def two(a: Float, k: Axis) { return a[k: 2] }\nexpect two(e.t, k) > 0'),
  ).toEqual(gone('with `k: 2`', 'two(e.t, k)'));
  expect(told(where, 'evaluate f = of(e.t)\nlet a = f.t\nexpect a[k: 2] > 0')).toEqual(sliced);
  expect(told(where, 'evaluate f = of(e.t[k: 2])\nexpect f.t > 0')).toEqual(
    gone('with `k: 2`', 'e.t[k: 2]'),
  );
  // a let that nothing shows is no claim
  expect(told(where, 'let a = e.t[k: 2]')).toEqual([]);
});

it('warns where no point is left at all, unless the stage has none', () => {
  const claims = 'evaluate f = ev(k, s) where k is 2\nexpect e.t > f.t';
  expect(told('where k is 1', claims)).toEqual(gone('that it needs', 'e.t > f.t'));
  const off = 'param on: Bool = false\nexpect e.t[k: 2] > 0';
  expect(told('where on', off)).toEqual(['this `where` keeps no point of `e`']);
});

it('does not warn of what a param drops', () => {
  const param = 'param scale: "paper" | "small" = "small"\n';
  const warned = (where: string, claims: string) =>
    compileFiles(`${param}${study(where, claims)}`)
      .diagnostics.filter(({ code }) => code !== 'unused')
      .map(({ code }) => code);
  const claims = 'report r = table(e.t[s: 1, k: 2])\nreference "p" { e.t[k: 2, s: 1] = 1.0 }';
  expect(warned('where scale is paper', claims)).toEqual([]);
  expect(warned('where (k is 1) == (scale is small)', claims)).toEqual([]);
  expect(warned('where if scale is paper then k is 2 else k is 1', claims)).toEqual([]);
  // but of what is dropped whatever it is
  expect(warned('where k is 1', claims)).toEqual(['points-dropped', 'points-dropped']);
});
