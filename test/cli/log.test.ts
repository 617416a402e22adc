import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const run = async (...words: string[]) => {
  const { code, err } = await ssp(folder, ['run', 'study.ssp', ...words]);
  expect(code, err).toBe(0);
};
const log = async (...words: string[]) => {
  const { out, err, code } = await ssp(folder, ['log', 'study.ssp', '--json', ...words]);
  expect(code, err).toBe(0);
  const document = JSON.parse(out);
  expectShape('log', document);
  return document.runs;
};

const study = `param k: Int = 5
extern stage measure(k: Int, seed: Int) -> Metrics{top1: Fraction} from "./measure.mjs"
axis seed = [1, 2]
evaluate m = measure(k, seed)
report t = table({top1: m.top1}, over: seed)
report u = table({ci: ci95(m.top1, over: seed)})
expect mean(m.top1, over: seed) > 6%
`;

it('lists past runs, what changed between them and how the numbers moved', async () => {
  put(
    'measure.mjs',
    'export const run = ({ params: { k, seed } }) => ({ metrics: { top1: (k + seed) / 100 } });\n',
  );
  put('study.ssp', study);
  expect((await ssp(folder, ['log', 'study.ssp'])).err).toContain('no whole run of study.ssp');
  await run();
  await run();
  await run('--set', 'k=9');
  put('study.ssp', study.replace('= 5', '= 4'));
  await run();
  const runs = await log();
  expect(runs).toHaveLength(3);
  const [third, second, first] = runs;
  expect(first).toMatchObject({
    set: {},
    ran: 2,
    stages: 2,
    numbers: { 't.top1': { mean: expect.closeTo(0.065), unit: 'Fraction' } },
    claims: { 'mean(m.top1, over: seed) > 6%': true },
    changed: null,
  });
  expect(second).toMatchObject({ set: { k: '9' }, ran: 2 });
  expect(second.changed.stages[0].changes).toEqual([
    { path: 'params.k', before: 5, after: 9, points: ['m[seed=1]', 'm[seed=2]'] },
  ]);
  expect(third.changed).toMatchObject({
    same: false,
    numbers: [
      {
        address: 't.top1',
        before: { mean: expect.closeTo(0.105) },
        after: { mean: expect.closeTo(0.055) },
      },
      {
        address: 'u.ci',
        after: { interval: { low: expect.closeTo(-0.0085, 3), high: expect.closeTo(0.1185, 3) } },
      },
    ],
    claims: [{ text: 'mean(m.top1, over: seed) > 6%', before: true, after: false }],
  });
  expect(third.changed.metrics).toHaveLength(2);
  const text = (await ssp(folder, ['log', 'study.ssp', '-n', '1'])).out;
  expect(text).toContain('no --set');
  expect(text).toContain('k  9 → 4  at all 2 points');
  expect(text).toMatch(/t\.top1 {2}10\.5 ± 0\.7 % → 5\.5 ± 0\.7 % {2}-5\.0 points/);
  expect(text).toContain('u.ci  [4.1, 16.9] % → [-0.9, 11.9] %\n');
  expect(text).toContain('holds → fails');
  expect(text.match(/UTC/g)).toHaveLength(1);
});

it('holds runs of one setting against each other, and outlives the results', async () => {
  await run('--set', 'k=9');
  put(
    'measure.mjs',
    'export const run = ({ params: { k, seed } }) => ({ metrics: { top1: (k + 2 * seed) / 100 } });\n',
  );
  await run('--set', 'k=9');
  rmSync(join(folder, '.ssp/records'), { recursive: true });
  const [last, before, ...more] = await log('--set', 'k=9');
  expect(more).toEqual([]);
  expect(before.changed).toBeNull();
  expect(last.changed.stages[0].changes).toMatchObject([{ path: 'key' }]);
  expect(last.changed.numbers[0]).toMatchObject({
    before: { mean: expect.closeTo(0.105) },
    after: { mean: expect.closeTo(0.12) },
  });
});

it('calls a stage that has more points by its name, not a new one', async () => {
  put('study.ssp', study.replace('[1, 2]', '[1, 2, 3]'));
  await run();
  put('study.ssp', study);
  await run();
  const text = (await ssp(folder, ['log', 'study.ssp', '-n', '1'])).out;
  expect(text).toContain('stage m, 3 → 2 points\n    - 1 point: m[seed=3]');
  expect(text).not.toContain('- stage m');
});

it('takes no entry that was not written so', async () => {
  const [of = ''] = readdirSync(join(folder, '.ssp/runs'));
  const names = readdirSync(join(folder, '.ssp/runs', of)).sort();
  const count = (await log()).length;
  expect(count).toBe(names.length);
  appendFileSync(join(folder, '.ssp/runs', of, names[0] ?? ''), ' ');
  put('.ssp/runs/x', readFileSync(join(folder, 'study.ssp'), 'utf8'));
  expect(await log()).toHaveLength(count - 1);
});
