import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mcnemar } from '../../src/base/statistics/mcnemar.js';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Evaluations that answer 400 images as a rule says, and keep their answers as the probes of the library do:
 * the worse encoder has every fifth wrong and the better one every seventh, later by the seed.
 */
const module = `import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
export const run = ({ params: { better, seed, keep, draws }, out }) => {
  const every = better ? 7 : 5;
  const answers = (i) => Array.from({ length: draws }, (_, d) => ((i + seed + d) % every === 0 ? 0 : 1));
  const rows = Array.from({ length: 400 }, (_, i) => [i, 1, ...answers(i)]);
  const head = "{'descr': '<i4', 'fortran_order': False, 'shape': (400, " + (2 + draws) + "), }";
  const text = head.padEnd(117) + '\\n';
  const header = Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(text)]);
  const data = Buffer.from(Int32Array.from(rows.flat()).buffer);
  if (keep) {
    writeFileSync(join(out, 'predictions.npy'), Buffer.concat([header, data]));
    writeFileSync(join(out, 'predictions.json'), '{}');
  }
  const right = rows.flatMap(([, label, ...said]) => said.filter((one) => one === label));
  return { metrics: { top1: right.length / 400 / draws, other: 0.5 * better } };
};
`;
const study = `extern stage answer(better: Int, seed: Int, keep: Int = 1, draws: Int = 1) -> Metrics{top1: Fraction, other: Fraction} from "./answer.mjs"
axis seed = [0, 1, 2]
axis which = {good: 1, bad: 0}
evaluate a = answer(better: which, seed)
evaluate b = answer(better: which, seed, keep: 0)
report t = table({good: a.top1[which: good], bad: a.top1[which: bad], gain: a.top1[which: good] - a.top1[which: bad]}, over: seed)
report one = table({gain: a.top1[which: good, seed: 0] - a.top1[which: bad, seed: 0]})
report unknown = table({gain: b.top1[which: good] - b.top1[which: bad]}, over: seed)
report other = table({gain: a.other[which: good] - a.other[which: bad]}, over: seed)
`;

/** The same as expressions, in tables and claims; of `b` nobody knows what it answered. */
const asked = `
let good = a.top1[which: good]
let bad = a.top1[which: bad]
report tests = table({test: mcnemar(good, against: bad), interval: images_ci95(good, against: bad)}, rows: seed)
report together = table({interval: images_ci95(good, against: bad, over: seed)})
report nobody = table({test: mcnemar(b.top1[which: good], against: b.top1[which: bad]).mid_p}, rows: seed)
expect mcnemar(good, against: bad).exact < 1
expect images_ci95(good, against: bad, over: seed).low > 0%
expect mcnemar(b.top1[which: good], against: b.top1[which: bad]).exact < 1
`;

beforeAll(async () => {
  writeFileSync(join(folder, 'answer.mjs'), module);
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'asked.ssp'), `${study}${asked}`);
  const { code, err } = await ssp(folder, ['run', 'study.ssp']);
  expect(code, err).toBe(0);
});

/** Of images 0 to 399 those that the seed's rule has wrong. */
const wrong = (every: number, seed: number) => (i: number) => (i + seed) % every === 0;
const images = Array.from({ length: 400 }, (_, i) => i);

it('tells seeds and images apart, exactly as the kept answers say', async () => {
  const { out } = await ssp(folder, ['show', 'study.ssp', '--json']);
  const document = JSON.parse(out);
  expectShape('run', document);
  const [t, one, none, other] = document.tables;
  const said = t.differences[0].images;
  expect(said.images).toBe(400);
  const tests = [0, 1, 2].map((seed) => {
    const [good, bad] = [wrong(7, seed), wrong(5, seed)];
    const first = images.filter((i) => bad(i) && !good(i)).length;
    const second = images.filter((i) => good(i) && !bad(i)).length;
    return { point: `seed=${seed}`, ...mcnemar(first, second) };
  });
  expect(said.mcnemar).toEqual(tests);
  expect(said.interval[0]).toBeLessThan(t.differences[0].mean);
  expect(said.interval[1]).toBeGreaterThan(t.differences[0].mean);
  expect(said.interval).not.toEqual(t.differences[0].interval);
  expect(one.differences).toEqual([]);
  expect(one.singlePairs[0].images.mcnemar).toEqual([{ ...tests[0], point: '' }]);
  expect(none.differences[0].images).toEqual({ none: 'no predictions are kept' });
  expect(other.differences[0].images).toEqual({
    none: 'the kept predictions are not those that the number counts',
  });
});

it('says both in words, in the terminal and in a report, and leads back from them', async () => {
  const { out } = await ssp(folder, ['show', 'study.ssp']);
  const text = out.replaceAll(/\s+/g, ' ');
  expect(text).toMatch(
    /3 paired seeds, p = 0\.25\); over test images, these seeds given: 95 % interval .* 400 images/,
  );
  expect(text).toContain('by the test images alone, ');
  expect(text).toContain('not over test images: no predictions are kept');
  const report = await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  expect(report.code, report.err).toBe(0);
  expectShape('report', JSON.parse(readFileSync(join(folder, 'page/report.json'), 'utf8')));
  expect(readFileSync(join(folder, 'page/index.html'), 'utf8')).toContain('over test images');
  const [, low = ''] =
    /over test images, these seeds given: 95 % interval (\S+) to/.exec(text) ?? [];
  const traced = await ssp(folder, ['trace', 'study.ssp', low]);
  expect(traced.out).toContain('t.gain  low');
});

it('tells the same as expressions do, to the last digit', async () => {
  const { out, err } = await ssp(folder, ['show', 'asked.ssp', '--json']);
  const document = JSON.parse(out);
  expectShape('run', document);
  const { tables, expectations } = document;
  const named = (name: string) => tables.find((t: { name: string }) => t.name === name);
  const [difference] = named('t').differences;
  const { columns, cells } = named('tests');
  expect(columns.map(({ value }: { value: string }) => value)).toEqual([
    'test.first',
    'test.second',
    'test.exact',
    'test.mid_p',
    'interval',
  ]);
  const rows = cells.map((row: { mean: number }[]) => row.slice(0, 4).map(({ mean }) => mean));
  expect(rows).toEqual(
    difference.images.mcnemar.map((m: Record<string, number>) => [
      m.first,
      m.second,
      m.exact,
      m.midP,
    ]),
  );
  const single = named('one').singlePairs[0].images;
  expect(cells[0][4]).toMatchObject({ interval: single.interval, unit: 'FractionDifference' });
  expect(named('together').cells[0][0].interval).toEqual(difference.images.interval);
  expect(named('nobody').cells.flat()).toEqual([null, null, null]);
  expect(expectations.map(({ holds }: { holds: boolean }) => holds)).toEqual([true, true, null]);
  expect(err).toBe('');
  const told = (await ssp(folder, ['show', 'asked.ssp'])).out.replaceAll(/\s+/g, ' ');
  expect(told).toContain('exact < 1 images tell nothing: no predictions are kept');
  expect(told).toContain('nobody: images tell nothing: no predictions are kept');
});

/** Of images that are asked several times McNemar's test says nothing; the interval does. */
const often = `extern stage answer(better: Int, seed: Int, keep: Int = 1, draws: Int = 1) -> Metrics{top1: Fraction, other: Fraction} from "./answer.mjs"
axis seed = [0, 1, 2]
axis which = {good: 1, bad: 0}
evaluate a = answer(better: which, seed, draws: 2)
let good = a.top1[which: good]
let bad = a.top1[which: bad]
report each = table({p: mcnemar(good, against: bad).mid_p}, rows: seed)
report both = table({good: mean(good, over: seed), p: mcnemar(good, against: bad).mid_p}, rows: seed)
report together = table({interval: images_ci95(good, against: bad, over: seed)})
expect mcnemar(good, against: bad).exact < 1
`;

/** The report of a study, by its files. */
async function reported(study: string) {
  const { code, err } = await ssp(folder, ['report', study, '-o', 'said']);
  expect(code, err).toBe(0);
  const read = (file: string) => readFileSync(join(folder, 'said', file), 'utf8');
  return { page: read('index.html'), markdown: read('report.md'), latex: read('tables/each.tex') };
}

it('says why McNemar tells nothing of images that were asked several times', async () => {
  writeFileSync(join(folder, 'often.ssp'), often);
  const run = await ssp(folder, ['run', 'often.ssp']);
  const why =
    'images tell nothing: each image was asked several times, and McNemar needs one answer';
  const told = run.out.replaceAll(/\s+/g, ' ');
  expect(told).toContain(`each: ${why}`);
  expect(told).toContain('0 of 1 expectation holds; 1 is open');
  expect(told).toContain(`exact < 1 ${why}`);
  expect(told).not.toContain('results are missing');
  expect(told).toContain(why.replace('nothing', 'nothing of some cells'));
  expect(told).toMatch(/together .*interval .*\+\d/);
  const { page, markdown, latex } = await reported('often.ssp');
  expect(page).toContain(`Images${why.slice(6)}`);
  expect(page).toContain('>is open: images tell nothing');
  for (const text of [page, markdown, latex]) {
    expect(text).toContain(why.slice(6));
    expect(text).not.toContain('no results yet');
  }
});

it('says in every medium why images tell nothing where a lock is all there is', async () => {
  rmSync(join(folder, '.ssp'), { recursive: true });
  const why = 'mages tell nothing: a lock has no predictions';
  const { page, markdown, latex } = await reported('often.ssp');
  for (const text of [page, markdown, latex]) {
    expect(text).toContain(why);
    expect(text).not.toMatch(/no results yet/i);
  }
});
