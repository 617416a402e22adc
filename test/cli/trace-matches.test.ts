import { expect, it } from 'vitest';
import { matchesOf, printedNumber } from '../../src/cli/study/trace-matches.js';
import { findingsOf } from '../../src/execute/findings/findings.js';
import { originsOf } from '../../src/execute/trace/origins.js';
import type { StagePoint } from '../../src/plan/plan.js';
import { renderTables } from '../../src/report/terminal.js';
import { compileText, env, outcomesOf } from '../execute/compile-text.js';

const program = compileText(`
import std.lab.{images, semantic, augmented, pretrain, probe as linear_probe}

axis seed = 1..7
axis grey = {none: 0%, some: 20%}
dataset source = images(root: env.IMAGENET)
axis pairs = {sp: semantic(source), ap: augmented(source)}
train encoder = pretrain(pairs, grey, seed)
evaluate probe = linear_probe(encoder, images(root: env.STL10))
let gain = probe.top1[pairs: sp] - probe.top1[pairs: ap]
report r = table({sp: probe.top1[pairs: sp], ap: probe.top1[pairs: ap], gain, time: encoder.time[pairs: sp]}, rows: grey, over: seed)
report ends = table({interval: ci95(gain, over: seed)}, rows: grey)
expect mean(gain, over: seed) > 1%
reference "arXiv:2510.08722v2" { probe.top1[pairs: sp, grey: some] = 85.59% }
`);
const top1 = ({ point }: StagePoint): number =>
  0.5 +
  (point.pairs === 'sp' ? 0.1 + 0.0007 * Number(point.seed) ** 2 : 0) +
  0.0113 * Number(point.seed) -
  (point.grey === 'none' ? 0.2 : 0);
const outcomes = outcomesOf(program, (p) =>
  p.name === 'probe' ? { top1: top1(p), validation: top1(p) / 3 } : {},
);
const origins = originsOf(program, outcomes, env);
const findings = findingsOf(program, outcomes, env);

it('finds every number of a report as it is printed, and by its place', () => {
  expect(origins.length).toBeGreaterThan(80);
  for (const { address, numbers } of origins) {
    for (const number of numbers) {
      const printed = printedNumber(number);
      const places = matchesOf(origins, printed).flatMap(({ origin, also }) => [
        origin.address,
        ...also,
      ]);
      expect(places, `${printed} of ${address}`).toContain(address);
      expect(matchesOf(origins, address)[0]?.origin.numbers).toContainEqual(number);
    }
  }
});

it('misses no number that the terminal shows', () => {
  const shown = renderTables({ ...findings, expectations: [] }, { colour: false, width: 100 });
  // Not names, nor how many values there are.
  const plain = shown.replace(
    /top1|arXiv:\S+|\b\d+ paired|n = \d+|95 %|among all \d+|\b0\.05\b/g,
    '',
  );
  const numbers = plain.match(/[+-]?\d+\.\d+|\d+ min \d+ s/g) ?? [];
  expect(numbers.length).toBeGreaterThan(20);
  for (const text of numbers) expect(matchesOf(origins, text), text).not.toEqual([]);
});

it('rounds to the digits that it is given, and takes signs as they are printed', () => {
  const [cell] = matchesOf(origins, 'r[grey: some].sp');
  const { value = Number.NaN } = cell?.numbers[0] ?? {};
  const rounded = (value * 100).toFixed(3);
  expect(matchesOf(origins, rounded)[0]?.origin.address).toBe('r[grey: some].sp');
  expect(matchesOf(origins, `${rounded}%`)[0]?.origin.address).toBe('r[grey: some].sp');
  expect(matchesOf(origins, String(value))[0]?.origin.address).toBe('r[grey: some].sp');
  expect(() => matchesOf(origins, `+${rounded}`)).toThrow('no number of the report reads');
  expect(() => matchesOf(origins, '7')).toThrow('the report reads 7');
});

it('follows each value of a mean to the results that it reads', () => {
  const [match] = matchesOf(origins, 'r[grey: none].gain');
  const values = match?.origin.values ?? [];
  expect(values.map(({ point }) => point)).toEqual([1, 2, 3, 4, 5, 6, 7].map((s) => `seed=${s}`));
  expect(values[1]?.reads).toEqual([
    'probe[grey=none,pairs=sp,seed=2]',
    'probe[grey=none,pairs=ap,seed=2]',
  ]);
  expect(values[1]?.value).toBeCloseTo(0.1028, 10);
});
