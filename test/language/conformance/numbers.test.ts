import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingsOf } from '../../../src/execute/findings/findings.js';
import { normalise } from '../../../src/language/types/units.js';
import { unfold } from '../../../src/plan/unfold.js';
import { renderTables } from '../../../src/report/terminal.js';
import { compileText, env, outcomesOf } from '../../execute/compile-text.js';
import { errorsIn, holds, library, mistakesOf, programIn } from './study.js';

const head = `
import std.lab.{images, probe, pretrain, semantic}
axis seed = [1, 2]
axis side = [1, 2]
dataset source = images(root: env.IMAGENET)
dataset pairs = semantic(source)
train e = pretrain(pairs, seed: seed)
evaluate p = probe(e, source, k: side)
`;

/** top1 is 50 % or 53 % on the two sides; `validation` is whatever a test says. */
const find = (last: string, validation = 0.5) => {
  const program = compileText(head + last);
  return findingsOf(
    program,
    outcomesOf(program, ({ name, point }) =>
      name === 'p' ? { top1: 0.47 + 0.03 * Number(point.side), validation } : {},
    ),
    env,
  );
};

/** The units of a table's columns. */
const unitsOver = (over: string, ...values: readonly string[]) => {
  const record = values.map((value, i) => `v${i}: ${value}`).join(', ');
  const { tables } = find(`report r = table({${record}}, over: ${over})`);
  return tables[0]?.cells[0]?.map((cell) => cell?.unit);
};
const units = (...values: readonly string[]) => unitsOver('[seed, side]', ...values);

it('keeps a Fraction that is multiplied or divided by a number, in either order', () => {
  expect(units('p.top1 * 2', '2 * p.top1', '0.5 * p.top1', 'p.top1 / 2', 'p.top1 / 0.5')).toEqual(
    Array(5).fill('Fraction'),
  );
  expect(units('p.top1 / p.validation', '1 / p.top1', 'p.top1 * p.validation')).toEqual([
    'Float',
    'Float',
    'Fraction',
  ]);
  expect(holds('20% * 2 == 40% and 2 * 20% == 40% and 20% / 2 == 10% and 20% / 10% == 2')).toBe(
    true,
  );
  expect(errorsIn('expect 50% * 3 > 64px')).toEqual(['unit-mismatch']);
  expect(holds('50% * 64px == 32px and 64px * 50% == 32px')).toBe(true);
});

it('takes a number with a unit for the double nearest to what is written', () => {
  const equal = ['33.3% == 0.333', '0.7% == 0.007', '3_3.3% == 3.33e1%', '-33.3% == -0.333'];
  expect(equal.filter((text) => !holds(text))).toEqual([]);
  const measured = (digits: string, unit: string) => normalise(digits, unit)?.value;
  expect([measured('4.35', 'h'), measured('1.1', 'min'), measured('0.3', 'd')]).toEqual([
    15660, 66, 25920,
  ]);
  expect([measured('1.005', 'TB'), measured('0.1', 'KiB')]).toEqual([1.005e12, 102.4]);
  expect(measured(`1e-${'9'.repeat(400)}`, '%')).toBe(0);
  const decimals = fc.tuple(
    fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
    fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined }),
    fc.option(fc.integer({ min: -320, max: 280 }), { nil: undefined }),
  );
  fc.assert(
    fc.property(decimals, ([whole, fraction, exponent = 0]) => {
      const digits = fraction === undefined ? whole : `${whole}.${fraction}`;
      for (const [unit, power] of [
        ['%', -2],
        ['ms', -3],
        ['px', 0],
        ['GB', 9],
      ] as const) {
        const written = exponent === 0 ? digits : `${digits}e${exponent}`;
        expect(measured(written, unit)).toBe(Number(`${digits}e${exponent + power}`));
      }
    }),
  );
});

it('holds values of more points than a checker tries against what they are for', () => {
  const planned = (argument: string) => () => {
    const axes = 'axis a = 1..200\naxis b = 1..200';
    const parts = 'augmented_pairs(emoji()), crop_only(32px), simclr(), resnet18()';
    const made = programIn(`${library}\n${axes}\ntrain e = pretrain(${parts}, ${argument})\n`);
    return unfold(made, { env, maxPoints: 40_000 });
  };
  const wrong = {
    'optimizer: adamw(lr: 0.1 / (a - b))': /^study.ssp:\d+: `lr` is no .* where a = 1, b = 1$/,
    'optimizer: adamw(lr: 1 - a * b)': /^study.ssp:\d+: `lr` of `adamw` is -1 /,
    'epochs: 100 + a - b': /: `epochs` of `pretrain` is 0 where a = 1, b = 101; expected/,
  };
  for (const [argument, message] of Object.entries(wrong)) {
    expect(planned(argument)).toThrow(message);
  }
  expect(planned('optimizer: adamw(lr: 1 / (a + b))')()).toHaveLength(40_002);
});

it('shows how much shares differ in points', () => {
  const gain = 'p.top1[side: 2] - p.top1[side: 1]';
  const kept = ['', '-', '2 * ', '0.5 * '].map((before) => `${before}(${gain})`);
  expect(
    unitsOver('seed', ...kept, `(${gain}) / 2`, `mean(${gain}, over: seed)`, `${gain} - (${gain})`),
  ).toEqual(Array(7).fill('FractionDifference'));
  // a share of a whole is a share, and so is one that is moved by a difference
  expect(
    units('100% - p.top1', '1 - p.top1', `p.top1 + (${gain})`, `std(${gain}, over: seed)`),
  ).toEqual(Array(4).fill('Fraction'));
  const findings = find(
    `let gain = ${gain}
def lift(a: Fraction, b: Fraction) -> Fraction {
  return a - b
}
report r = table({gain, lift: lift(p.top1[side: 1], p.top1[side: 2])}, over: seed)
expect mean(gain, over: seed) > 2%
reference "a paper" { p.top1[side: 1] = 45.7% }`,
  );
  const text = renderTables(findings, { colour: false, width: 100 });
  expect(text).toMatch(/\+3\.0 ± 0\.0 points +-3\.0 ± 0\.0 points/);
  expect(text).toContain('+3.0 ± 0.0 points > +2.0 points');
  expect(text).toContain('+4.3 points');
});

it('never rounds a whole number to another', () => {
  const large = ['number-too-large'];
  expect(errorsIn('let a = 9007199254740991 + 1\nexpect a > 0')).toEqual(large);
  expect(errorsIn('let a = -9007199254740991 - 1\nexpect a < 0')).toEqual(large);
  expect(errorsIn('let a = 9007199254740991 * 3\nexpect a - a == 0')).toEqual(large);
  expect(errorsIn('let a = 10000000GB\nexpect a > 1GB')).toEqual(large);
  expect(holds('9007199254740990 + 1 == 9007199254740991')).toBe(true);
  expect(holds('9007199254740991 * 3.0 > 1')).toBe(true);
  const axis = 'axis k = [1, 9007199254740991]\nlet a = k + k\nexpect a > 0';
  expect(mistakesOf(axis)).toEqual(['number-too-large study.ssp:2']);
  const param = 'param n: Int = 1\nexpect n * 2 > 0';
  expect(errorsIn(param, { n: '9007199254740991' })).toEqual(large);
  expect(errorsIn(param, { n: '9007199254740992' })).toEqual(['bad-setting']);
  const def = 'def f(n: Int) { return n * n }\n';
  expect(errorsIn(`${def}expect f(100000000) > 0`)).toEqual(large);
  expect(programIn(`${def}expect f(1000) > 0`).expects).toHaveLength(1);
});

it('tells of results that give no exact number', () => {
  const count = 'count(p.top1, over: [seed, side]) * 9007199254740991';
  const { tables, expectations } = find(
    `report r = table({many: ${count}, rest: 1 / (p.validation - p.validation)}, over: [seed, side])
expect ${count} > 0
expect ${count} != 0`,
  );
  expect(tables[0]?.cells[0]).toMatchObject([
    { mean: Number.NaN, count: 0, invalid: 1 },
    { mean: Number.NaN, count: 0, invalid: 4 },
  ]);
  expect(expectations.map((e) => e.holds)).toEqual([false, false]);
  const text = renderTables(find(`report r = table({many: ${count}})`), {
    colour: false,
    width: 80,
  });
  expect(text).toContain('1 value is no finite, exact number and left out');
});

it('shows both ends of an interval beside means, and takes columns from any record', () => {
  const findings = find(`let gain = p.top1[side: 2] - p.top1[side: 1]
let interval = ci95(p.top1, over: side)
let columns = {mean: mean(p.top1, over: side), interval, gain: mean(gain, over: seed), all: p}
report r = table(columns, rows: seed, over: side)
report s = table({columns, spread: ci95(gain, over: seed)}, rows: seed, over: side)
report t = table(interval, rows: seed)`);
  const names = findings.tables.map(({ columns }) => columns.map(({ value }) => value));
  const all = ['mean', 'interval', 'gain', 'all.top1', 'all.validation'];
  expect(names).toEqual([all, [...all.map((name) => `columns.${name}`), 'spread'], ['interval']]);
  const [mean, interval] = findings.tables[0]?.cells[0] ?? [];
  expect(mean?.interval).toBeUndefined();
  expect(interval?.interval?.low).toBeCloseTo(0.515 - 0.1906, 4);
  expect(interval?.interval?.high).toBeCloseTo(0.515 + 0.1906, 4);
  expect(interval).toMatchObject({ count: 1, unit: 'Fraction' });
  const text = renderTables(findings, { colour: false, width: 200 });
  expect(text).toMatch(/51\.5 % +\[32\.4, 70\.6\] % +\+3\.0 points/);
  expect(text).toContain('[+3.0, +3.0] points');
});

it('has no mean of intervals, and no column of what is no number', () => {
  const errors = (report: string) => {
    try {
      find(`report r = ${report}`);
      return undefined;
    } catch (error) {
      return String(error);
    }
  };
  expect(errors('table(ci95(p.top1, over: seed), over: side)')).toContain('there is no mean');
  expect(errors('table({a: {b: e}}, over: [seed, side])')).toContain('found Encoder');
});
