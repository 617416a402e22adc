import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** An experiment whose command leaves these texts as its metrics, by label. */
function study(type: string, texts: Readonly<Record<string, string>>, rest = ''): string {
  const folder = temporaryFolder();
  const entries = Object.entries(texts).map(([label, text]) => `${label}: ${JSON.stringify(text)}`);
  writeFileSync(
    join(folder, 'study.ssp'),
    `extern stage job(text: String) -> Metrics${type}
  command "sh -c 'printf %s \\"$1\\" > $2/metrics.json' sh {text} {out}"
axis case = {${entries.join(', ')}}
evaluate m = job(case)
report t = table(m, rows: case)
${rest}
`,
  );
  return folder;
}

it('refuses metrics that are none of their type', async () => {
  const texts = {
    percent: '{"top1": 85.3}',
    nan: '{"top1": NaN}',
  };
  const folder = study('{top1: Fraction}', texts);
  const { err, code } = await ssp(folder, ['run', 'study.ssp', '--keep-going']);
  expect(code).toBe(1);
  expect(err).toContain('gave 85.3 as the metric `top1`, which is declared as Fraction');
  expect(err).toContain('a Fraction is 0 to 1: 85.3 looks like percent, give 0.853');
  expect(err).toContain('left a `metrics.json` that has NaN as `top1`');
  expect(err).not.toMatch(/^ +at /m);
}, 30_000);

it('keeps "no value" of a metric with `?` as null, and leaves it out of what is reduced', async () => {
  const folder = study(
    '{top1: Fraction?, n: Int}',
    {
      a: '{"top1": 0.5, "n": 3}',
      b: '{"top1": null, "n": 3}',
      c: '{"n": 3}',
      d: '{"top1": 0.7, "n": 3}',
    },
    `report over = table({top1: m.top1, mean: mean(m.top1, over: case), n: count(m.top1, over: case)}, over: case)
expect m.top1[case: b] == none
expect m.top1[case: b] ?? 10% == 10%
expect mean(m.top1 ?? 0%, over: case) == 30%
expect m.top1 == none or m.top1 > 40%
expect (if m.top1 != none then m.top1 * 2 else 1) >= 1
expect mean(m.top1, over: case) == 60%
reference "paper" { m.top1[case: b] = 70%, m.top1[case: d] = 70% }`,
  );
  const { out, code } = await ssp(folder, ['run', 'study.ssp', '--json', '--strict']);
  expect(code).toBe(0);
  const { stages, tables, references } = JSON.parse(out);
  expect(stages.map((stage: { metrics: object }) => stage.metrics)).toEqual([
    { top1: 0.5, n: 3 },
    { top1: null, n: 3 },
    { top1: null, n: 3 },
    { top1: 0.7, n: 3 },
  ]);
  const gaps = tables[0].cells.map(([cell]: readonly unknown[]) => cell === null);
  expect(gaps).toEqual([false, true, true, false]);
  const [[top1, mean, n]] = tables[1].cells;
  expect(top1).toMatchObject({ mean: 0.6, count: 2, values: [0.5, 0.7] });
  expect([mean.mean, n.mean]).toEqual([0.6, 2]);
  expect(references.map((r: { ours: unknown }) => r.ours === null)).toEqual([true, false]);

  expect(readFileSync(join(folder, 'study.ssp.lock'), 'utf8')).toContain('top1: null');
  const frozen = await ssp(folder, ['run', 'study.ssp', '--frozen']);
  expect(frozen.code).toBe(0);
  expect(frozen.out).toMatch(/^b +– +70\.0 % +– +3$/m);
  expect((await ssp(folder, ['report', 'study.ssp', '-o', 'report'])).code).toBe(0);
}, 60_000);

it('gives "no value" to a parameter that may be none, and to no other', async () => {
  const next = (type: string) => `extern stage next(of: ${type}) -> Metrics{x: Float?}
  command "sh -c 'echo {{}} > $2/metrics.json' sh {of} {out}"
evaluate after = next(m.top1)`;
  const texts = { a: '{"top1": null}' };
  const fine = study('{top1: Fraction?}', texts, next('Fraction?'));
  expect((await ssp(fine, ['run', 'study.ssp'])).code).toBe(0);
  const wrong = study('{top1: Fraction?}', texts, next('Fraction'));
  const { out } = await ssp(wrong, ['check', 'study.ssp']);
  expect(out).toContain('found Fraction?');
}, 30_000);
