import { expect, it } from 'vitest';
import { compileFiles, errorsIn, holds, paramsIn, pointsIn } from './study.js';

const given = `
param a: Int? = 3
param z: Int? = none
param f: Float? = none
axis n = [none, 3]
axis b = {x: {e: none, f: 1}, y: {e: 2, f: 3}}
extern stage ev(k: Int, share: Fraction = 50%) -> Metrics{top1: Fraction?} command "ev {k} {share} {out}"
`;

/** Messages of what is wrong with a `let`. */
const told = (value: string) =>
  compileFiles(`${given}evaluate e = ev(1)\nlet x = ${value}`)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message, help }) => [message, help]);

const optional = (name: string, type = 'Int?') => [
  `\`+\` needs a number, found ${type}`,
  `it can be \`none\` here: test it, \`if ${name} == none then … else …\`, or give what stands for \`none\`, \`${name} ?? …\``,
];

it('narrows what a condition tests against none', () => {
  const is = (value: string, result: number) => holds(`${value} == ${result}`, given);
  expect(is('(if a == none then 1 else a + 1)', 4)).toBe(true);
  expect(is('(if z != none then z + 1 else 7)', 7)).toBe(true);
  expect(is('(if none == z then 7 else z + 1)', 7)).toBe(true);
  expect(is('(if not (a == none) then a + 1 else 7)', 4)).toBe(true);
  expect(is('(if a != none and z != none then a + z else 7)', 7)).toBe(true);
  expect(is('(if a == none or z == none then 7 else a + z)', 7)).toBe(true);
  expect(is('(if not (a == none or a < 2) then a else 7)', 3)).toBe(true);
  expect(is('(if a != none and a > 2 then a else 7)', 3)).toBe(true);
  expect(is('(if z == none or z > 2 then 7 else z)', 7)).toBe(true);
  expect(is('(if (a != none and a > 5) or (a != none and a > 2) then a + 0 else 7)', 3)).toBe(true);
  expect(is('(if a != none then if z == none then a * 2 else a * z else 7)', 6)).toBe(true);
  const at = (value: string) =>
    pointsIn(`${given}evaluate e = ev(${value})`).map((p) => p.params.k);
  expect(at('if b.e != none then b.e + 1 else 9')).toEqual([9, 3]);
  expect(at('if n == none then 1 else n * 2')).toEqual([1, 6]);
  expect(is('(if f == none then 50% else f)', 0.5)).toBe(true);
});

it('does not narrow where a condition does not tell', () => {
  expect(told('a + 1')).toEqual([optional('a')]);
  expect(told('if a == none then a + 1 else 2')).toEqual([optional('a')]);
  expect(told('if a == none and z == none then 3 else a + 1')).toEqual([optional('a')]);
  expect(told('if a != none or z != none then a + 1 else 1')).toEqual([optional('a')]);
  expect(told('if z != none then a + 1 else 1')).toEqual([optional('a')]);
  expect(told('if e.top1 == 50% then e.top1 + 1% else 1%')).toEqual([
    optional('e.top1', 'Fraction?'),
  ]);
  // one point tells nothing of another
  expect(told('if n != none then mean(n + 1, over: n) else 2.0')).toEqual([optional('n')]);
  expect(told('if b.e != none then b.e[b: x] + 1 else 9')).toEqual([optional('b.e[b: x]')]);
  expect(told('if a != none then mean(b.f + a, over: b) else 2.0')).toEqual([]);
  expect(told('mean(if n != none then n + 1 else 0, over: n)')).toEqual([]);
});

it('narrows in the arguments of a stage what its `where` tests', () => {
  const k = (text: string) => pointsIn(`${given}${text}`).map((p) => p.params.k);
  expect(k('evaluate e = ev(b.e * 2) where b.e != none')).toEqual([4]);
  expect(k('evaluate e = ev(n) where n != none and n > 2')).toEqual([3]);
  expect(k('evaluate e = ev(a + 1) where a != none')).toEqual([4]);
  expect(k('evaluate e = ev(z) where z != none')).toEqual([]);
  expect(k('evaluate e = ev(n) where not (n == none)')).toEqual([3]);
  const def = `def twice(m: Int) -> Metrics{top1: Fraction?} {
  evaluate q = ev(m * 2)
  return q
}
`;
  expect(k(`${def}evaluate e = twice(n) where n != none`)).toEqual([6]);
  expect(errorsIn(`${given}evaluate e = ev(n) where b.e != none`)).not.toEqual([]);
  expect(errorsIn(`${given}evaluate e = ev(n) where n == none`)).not.toEqual([]);
  // a stage in an argument has the points that are dropped, too
  const made = `
extern stage made(k: Int) -> Files command "made {k} {out}"
extern stage read(of: Files, k: Int = 1) -> Metrics{size: Int} command "read {of} {k} {out}"
`;
  expect(errorsIn(`${given}${made}evaluate e = read(made(n)) where n != none`)).not.toEqual([]);
  expect(errorsIn(`${given}${made}evaluate e = read(made(1), n) where n != none`)).toEqual([]);
});

it('gives what stands for none with `??`', () => {
  const is = (value: string, result: string) => holds(`${value} == ${result}`, given);
  expect(is('z ?? 5', '5')).toBe(true);
  expect(is('a ?? 5', '3')).toBe(true);
  expect(is('z ?? a ?? 5', '3')).toBe(true);
  // it binds as in Swift and Kotlin: looser than a calculation, tighter than a comparison
  expect(is('z ?? 2 + 3 * 2', '8')).toBe(true);
  expect(holds('z ?? 2 < 3 and not (a ?? 1 < 3)', given)).toBe(true);
  expect(paramsIn(`${given}evaluate e = ev(n ?? 4)`, 'e[n=none]').k).toBe(4);
  expect(is('f ?? 20%', '20%')).toBe(true);
  const range = `${given}
extern stage crop(scale: Range[Fraction]) -> Files command "crop {scale} {out}"
param wide: Range[Fraction]? = none
dataset d = crop(wide ?? 20%..100%)`;
  expect(paramsIn(range, 'd').scale).toEqual({ low: 0.2, high: 1 });
  expect(errorsIn(`${given}let x = z ?? "text"`)).toEqual(['mixed-types']);
  expect(told('3 ?? 4')).toEqual([
    [
      '`??` needs a value that may be `none`, found Int',
      'it is never `none`: leave out `??` and what stands behind it',
    ],
  ]);
  expect(errorsIn(`${given}let x = a ??\nlet y = 1`)).toEqual(['syntax']);
});

it('knows before the run what is no result, and after it what is one', () => {
  const def = `${given}
extern stage tr(k: Int) -> Encoder command "tr {k} {out}"
extern stage probe(of: Encoder, k: Int) -> Metrics{top1: Fraction?} command "probe {of} {k} {out}"
def two(k: Int?, of: Encoder?) -> Metrics{top1: Fraction?} {
  evaluate p = probe(of ?? tr(7), if k == none then 1 else k + 1)
  return p
}
train t = tr(1)
evaluate q = two(none, none)
evaluate r = two(n, t)
`;
  const made = pointsIn(def).map(({ id, params }) => [id, params.k, params.of]);
  expect(made).toEqual(
    expect.arrayContaining([
      ['q.p', 1, { input: 'q.p.of' }],
      ['q.p.of', 7, undefined],
      ['r.p[n=none]', 1, { input: 't' }],
      ['r.p[n=3]', 4, { input: 't' }],
    ]),
  );
  expect(made).toHaveLength(5);
  const late = `${def}evaluate s = ev(1, share: q.top1 ?? 10%)`;
  expect(errorsIn(late)).toEqual(['late-value']);
});

it('compares what may be none by its parts', () => {
  const ranges = `${given}
param wide: Range[Fraction]? = 20%..100%
param same: Range[Fraction]? = 20%..100%
param other: Range[Fraction]? = 20%..90%
axis r = {a: {of: wide}, b: {of: other}}`;
  expect(holds('wide == same', ranges)).toBe(true);
  expect(holds('wide != same', ranges)).toBe(false);
  expect(holds('wide == other', ranges)).toBe(false);
  const where = `${ranges}\nevaluate e = ev(if r.of == same then 1 else 2)`;
  expect(pointsIn(where).map(({ params }) => params.k)).toEqual([1, 2]);
});
