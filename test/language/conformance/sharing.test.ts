import { expect, it } from 'vitest';
import { hover } from '../../../src/language/editor/hover.js';
import { snapshotOf } from '../../../src/language/editor/snapshot.js';
import { compileFiles, errorsIn, pointsIn } from './study.js';

// Each text names what is before it two or three times: walked as a tree it has 2^60 parts.

const stage = 'extern stage work(i: Int) -> Files command "touch {i} {out}"\naxis k = [1, 2]\n';
const chain = (head: string, count: number, line: (i: number) => string) =>
  [head, ...Array.from({ length: count }, (_, i) => line(i + 1))].join('\n');

/** What `work` gets at the points of axis `k`. */
const given = (text: string) =>
  pointsIn(text)
    .filter(({ name }) => name === 'd')
    .map(({ params }) => params.i);

it('finds a let once a point, however often it is named', () => {
  const ifs = chain(`${stage}let s0 = k`, 60, (i) => {
    const s = `s${i - 1}`;
    return `let s${i} = if ${s} > 30 then ${s} - 1 else ${s} + 1 + 0 * ${s}`;
  });
  expect(given(`${ifs}\ndataset d = work(s60)`)).toEqual([31, 30]);
});

it('does so in matches, records and axes', () => {
  const matches = chain(`${stage}param p: "a" | "b" = "a"\nlet s0 = k`, 60, (i) => {
    const s = `s${i - 1}`;
    return `let s${i} = match p {a: ${s} + 1, b: ${s} - ${s}} + 0 * ${s}`;
  });
  expect(given(`${matches}\ndataset d = work(s60)`)).toEqual([61, 62]);
  const records = chain(`${stage}let r0 = {a: k, b: k}`, 60, (i) => {
    return `let r${i} = {a: r${i - 1}, b: r${i - 1}}`;
  });
  expect(given(`${records}\ndataset d = work(r60${'.b'.repeat(61)})`)).toEqual([1, 2]);
  const chosen = chain('param c: Bool = true\nlet r0 = {a: 1, b: 2}', 60, (i) => {
    const r = `{a: r${i - 1}, b: r${i - 1}}`;
    return `let r${i} = if c then ${r} else ${r}`;
  });
  expect(errorsIn(`${chosen}\nexpect r60${'.a'.repeat(61)} == 1`)).toEqual([]);
  const axes = chain(stage.replace('axis k = [1, 2]', 'axis a0 = [1, 2]'), 40, (i) => {
    return `let b${i} = a${i - 1} + a${i - 1}\naxis a${i} = {x: b${i} - a${i - 1}}`;
  });
  expect(given(`${axes}\ndataset d = work(a40)`)).toEqual([1, 2]);
});

it('expands a def without stages once for the same arguments', () => {
  const defs = (part: string) =>
    chain(`${stage}def f0(x: Int) { return x + 1 }`, 60, (i) => {
      const f = `f${i - 1}(${part})`;
      return `def f${i}(x: Int) { return ${f} + ${f} - ${f} }`;
    });
  expect(given(`${defs('x')}\ndataset d = work(f60(k))`)).toEqual([2, 3]);
  expect(given(`${defs('x + 1')}\ndataset d = work(f60(k))`)).toEqual([62, 63]);
  // where arguments differ so do the results
  const two =
    'def g(x: Int) { return x * 10 }\ndef h(x: Int, y: Int) { return g(x) + g(y) - g(x) }\n';
  expect(given(`${stage}${two}dataset d = work(h(k, k + 5))`)).toEqual([60, 70]);
});

it('refuses what would be written out as an enormous value, and shows it shortly', () => {
  const lists = chain('let l0 = [1, 2]', 40, (i) => `let l${i} = [l${i - 1}, l${i - 1}]`);
  expect(errorsIn(`${lists}\naxis a = [l40, l1]\nexpect a is l40`)).toEqual(['value-too-large']);
  expect(errorsIn(`${lists}\nparam p = l40\nexpect p == p`)).toEqual(['value-too-large']);
  const records = chain(
    'let r0 = {a: 1, b: 2}',
    40,
    (i) => `let r${i} = {a: r${i - 1}, b: r${i - 1}}`,
  );
  const snapshot = snapshotOf({ readText: () => records }, 'a.ssp');
  const shown = snapshot && hover(snapshot, records.indexOf('r40 ='));
  expect(shown?.text.length).toBeLessThan(2000);
  const { diagnostics } = compileFiles(`${records}\nexpect r40 > 1`);
  expect(diagnostics[0]?.message.length).toBeLessThan(2000);
});
