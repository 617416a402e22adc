import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-pooled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const show = async (...words: string[]) => {
  const { out, err, code } = await ssp(folder, ['show', 'study.ssp', ...words]);
  expect(code, err).toBe(0);
  return out;
};

/** At each seed both data sets gain alike, so they are one answer, not two. */
const measure = `const gains = [0.01, 0.02, 0.03, -0.005];
export function run({ params: { seed, arm, on } }) {
  const level = on === 'one' ? 0.6 : 0.8;
  return { metrics: { top1: level + (arm === 'a' ? gains[seed - 1] : 0) + seed / 100 } };
}
`;

const study = `extern stage measure(seed: Int, arm: String, on: String) -> Metrics{top1: Fraction} from "./measure.mjs"
axis seed = 1..4
axis arm = {a: "a", b: "b"}
axis on as "Data set" = {one: "one", two: "two"}
evaluate m = measure(seed, arm, on)
let a = m.top1[arm: a]
let b = m.top1[arm: b]
let gain = a - b
report pooled = table({a, b, gain}, over: [seed, on])
report tests = table({
  p: p_value(gain, over: [seed, on]),
  least: least_p(gain, over: [seed, on]),
  ci: ci95(gain, over: [seed, on]),
  one: ci95(mean(gain, over: on), over: seed),
  n: count(gain, over: [seed, on]),
})
`;

beforeAll(async () => {
  writeFileSync(join(folder, 'measure.mjs'), measure);
  writeFileSync(join(folder, 'study.ssp'), study);
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect(run.code, run.err).toBe(0);
}, 60_000);

it('counts seeds, not points, where values are over seeds and data sets', async () => {
  const out = await show();
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'a and b are not told apart: +1.4 points (95 % interval -1.0 to +3.8 points, 4 paired seeds, each the mean over Data set, p = 0.25)',
  );
  expect(out).toContain('with 4 paired seeds no p can be below 0.13');
  const document = JSON.parse(await show('--json'));
  expectShape('run', document);
  expect(document.tables[0].differences[0]).toMatchObject({ count: 4, within: ['on'] });
});

it('tests the mean at each seed, also in columns', async () => {
  const { tables } = JSON.parse(await show('--json'));
  const [p, least, ci, one, n] = tables[1].cells[0];
  expect([p.mean, least.mean, n.mean]).toEqual([0.25, 0.125, 8]);
  expect(ci.interval).toEqual(one.interval);
  const { code } = await ssp(folder, ['report', 'study.ssp', '-o', 'report']);
  expect(code).toBe(0);
  const report = JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8'));
  expectShape('report', report);
});
