import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-edge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => readFileSync(join(folder, 'report', name), 'utf8');
let shown = '';

const measure = `const shares = { a: [0.0001, 0.0002, 0.00015], b: [0.00005, 0.0001, 0.00007] };
const level = { a: [0.82, 0.83, 0.815], b: [0.8, 0.81, 0.795] };
export function run({ params: { seed, arm } }) {
  const at = seed - 1;
  return {
    metrics: {
      small: shares[arm][at],
      level: level[arm][at],
      equal: 0.8,
      error: arm === 'a' ? 0.1 + at / 100 : 0.3 + at / 50,
      tiny: (arm === 'a' ? 1e-12 : 2e-12) * (1 + at / 10),
    },
  };
}
`;

const study = `extern stage measure(seed: Int, arm: String)
  -> Metrics{small: Fraction, level: Fraction, equal: Fraction, error: Fraction, tiny: Float}
  from "./measure.mjs"
axis seed = 1..3
axis arm = {a: "a" as "Method A", b: "b" as "Method B"}
evaluate m = measure(seed, arm)
let same = m.equal[arm: a] - m.equal[arm: b]
let top = match arm {a: m.level, b: m.equal}
let shifted = m.level[arm: a] - m.level[arm: b]
report small = table({a: m.small[arm: a], b: m.small[arm: b], gain: m.small[arm: a] - m.small[arm: b]}, over: seed)
report level = table({a: m.level[arm: a], b: m.level[arm: b], gain: shifted}, over: seed)
report equal = table({a: m.equal[arm: a], b: m.equal[arm: b], gain: same}, over: seed)
report errors = table({error: m.error, equal: m.equal}, rows: arm, over: seed)
report error = table({a: m.error[arm: a], b: m.error[arm: b], gain: m.error[arm: a] - m.error[arm: b]}, over: seed)
report tiny = table(m.tiny, rows: arm, over: seed)
report sizes = table({needed: sample_size(same, over: seed), p: p_value(same, over: seed)})
report one = table({spread: std(m.level[seed: {1}], over: seed)}, rows: arm)
expect mean(m.equal, over: seed) >= 80%
expect mean(shifted, over: seed) > 1.9999%
expect max(m.level, over: seed)[arm: a] - 80% == 3%
expect sample_size(same, over: seed) < 10
expect sample_size(top, over: seed) < 10
reference "a paper" { m.tiny[arm: a] = 0.000000000001 }
`;

beforeAll(async () => {
  writeFileSync(join(folder, 'measure.mjs'), measure);
  writeFileSync(join(folder, 'study.ssp'), study);
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect(run.code, run.err).toBe(0);
  shown = run.out;
  const { code, err } = await ssp(folder, ['report', 'study.ssp', '-o', 'report']);
  expect([code, err.includes('error')]).toEqual([0, false]);
}, 60_000);

it('shows shares below a tenth of a percent as what they are', () => {
  expect(shown).toMatch(/0\.015 ± 0\.005 % +0\.007 ± 0\.003 % +\+0\.008 ± 0\.003 points/);
  expect(shown).toMatch(
    /ahead of Method B by 0\.008 points, .*interval \+0\.001 to \+0\.014\s+points/,
  );
  expect(read('tables/small.tex')).toContain('0.0150 \\pm 0.0050');
});

it('says of differences that are all the same that they are', () => {
  expect(shown).toContain(
    'Method A is ahead of Method B by 2.0 points at each of 3 paired seeds, so',
  );
  expect(shown).toContain('Method A and Method B are the same at each of 3 paired seeds, so');
  expect(shown).not.toContain('+2.0 to +2.0');
});

it('takes equal numbers for equal, whatever their mean is rounded to', () => {
  expect(shown).toMatch(/✓ mean\(m\.equal, over: seed\) >= 80%/);
  expect(read('tables/equal.tex')).toContain('80.0 \\pm 0.0 &');
});

it('shows two sides that a table would print alike by as many digits as tell them apart', () => {
  expect(shown).toContain('+2.0000 ± 0.0000 points > +1.9999 points');
});

it('calls nothing best of what counts errors', () => {
  expect(shown).toContain('Method A is below Method B by 21.0 points');
  expect(read('report.md')).toContain('| Method B | 32.0 ± 2.0 % | 80.0 ± 0.0 % |');
  expect(read('tables/errors.tex')).not.toContain('\\bfseries');
  // of shares under another name the higher is, where the differences have a spread
  expect(read('tables/small.tex')).toContain('\\bfseries 0.0150');
  expect(read('tables/level.tex')).not.toContain('\\bfseries');
});

it('keeps numbers that are too small for digits behind a point', () => {
  const tex = read('tables/tiny.tex');
  expect(tex).toContain('{1.10e-12 $\\pm$ 1.00e-13} & 0.000000000001 & {+1.00e-13}');
});

it('keeps a column of which results give no number, and says so', () => {
  expect(shown).toMatch(/^needed +p$\n─+\n +– +1$/m);
  expect(shown).toContain('of one cell the values are too few or too alike to give a number');
  expect(shown).toContain('one: of 2 cells the values are too few');
  expect(read('report.md')).toContain('| needed | p |');
});

it('leaves a claim open at a point where results give no number', () => {
  expect(shown).toContain(
    '? sample_size(same, over: seed) < 10\n    the values are too few or too alike to give a number',
  );
  expect(shown).toContain(
    '? sample_size(top, over: seed) < 10\n    the values are too few or too alike to give a number at arm=b',
  );
  expect(read('index.html')).toContain('is open: the values are too few');
});

it('shows what decides a claim, where that is rounding', () => {
  expect(shown).toMatch(
    /✗ max\(m\.level.* == 3%\n +\+?2\.9999999\d+ points = \+?3\.0000000\d+ points/,
  );
});
