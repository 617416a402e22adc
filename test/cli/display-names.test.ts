import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { namedStudy } from '../support/named-study.js';
import { ssp } from '../support/ssp.js';

let folder = '';
const read = (name: string) => readFileSync(join(folder, 'report', name), 'utf8');
let shown = '';

beforeAll(async () => {
  folder = namedStudy(mkdtempSync(join(tmpdir(), 'ssp-names-')));
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect(run.code).toBe(0);
  shown = run.out;
  const { code, err } = await ssp(folder, ['report', 'study.ssp', '-o', 'report']);
  expect([code, err.includes('error')]).toEqual([0, false]);
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('shows display names of axes, labels, columns and reports to people', () => {
  for (const text of [shown, read('index.html'), read('report.md'), read('tables/transfers.tex')]) {
    for (const name of ['Transfer', 'Data set', 'SimCLR', 'Semantic pairs', 'CIFAR-10', 'Gain']) {
      expect(text).toContain(name);
    }
  }
  expect(shown).toMatch(/^Transfer\nLinear probe/m);
  expect(shown).toMatch(/^Data set +CIFAR-10 +CIFAR-10/m);
  expect(shown).toMatch(/^method +Semantic pairs +published +difference +Augmented pairs +Gain$/m);
  expect(shown).toMatch(/Semantic pairs and Augmented pairs are not told apart/);
  expect(read('figures/transfers.svg')).toMatch(/>CIFAR-10: Semantic pairs, Augmented pairs</);
});

it('keeps names and labels in files for programs, and in no key', async () => {
  expect(read('tables/transfers.csv')).toMatch(/^method,on,value,/);
  expect(read('tables/transfers.csv')).toMatch(/^simclr,0,sp,/m);
  const report = JSON.parse(read('report.json'));
  expect(report.names.labels).toEqual({
    method: { simclr: 'SimCLR' },
    on: { 0: 'CIFAR-10', 2: 'STL-10 & more' },
    pairs: { ap: 'Augmented pairs', sp: 'Semantic pairs' },
  });
  expect(report.tables[0]).toMatchObject({
    name: 'transfers',
    shown: 'Transfer',
    rowAxes: ['method'],
  });
  const { out } = await ssp(folder, ['plan', 'study.ssp', '--json']);
  expect(out).not.toContain('CIFAR-10');
}, 60_000);

/** Labels that were chosen, one that ends a cell of Markdown, one that begins another, and points that are not there. */
const chosen = `extern stage score(at: Int) -> Metrics{top1: Fraction, seconds: Duration} from "./score.mjs"
axis method as "Method" = {sim: 0 as "SimCLR", "sim clr": 1 as "SimCLR 2", "a|b": 9, gone: 2}
axis width as "Width" = [4, 8 as "eight"]
axis name as "Name" = ["x" as "The x"]
let top1 = if name is x then m.top1[method: sim] else 0%
evaluate m = score(method) where not (method is gone)
evaluate w = score(width - 4)
report best = table({
  chosen: argmax(m.top1, over: method),
  worst: argmax(0 - m.top1, over: method),
  both: argmax(m.top1 - w.top1, over: [method, width]),
  picked: pick(name, by: top1, over: name),
})
report nothing = table({top1: m.top1[method: gone]})
expect m.top1[method: {sim, "sim clr"}] < 84%
expect m.top1[method: gone] > 0%
`;

it('shows display names of labels that were chosen', async () => {
  writeFileSync(join(folder, 'chosen.ssp'), chosen);
  const run = await ssp(folder, ['run', 'chosen.ssp']);
  expect(run.code, run.err).toBe(0);
  expect(run.out).toMatch(/SimCLR 2 +a\|b +Method: SimCLR 2, Width: eight +The x/);
  expect(run.out).toContain('nothing: no points are left to show');
  // the label of the point that fails begins with that of another, which holds
  expect(run.out).toMatch(/✗ method=sim clr: .*\n +method=sim: /);
  expect(run.out).toContain('0 of 2 expectations hold; 1 is open');
  const { code, err } = await ssp(folder, ['report', 'chosen.ssp', '-o', 'report']);
  expect(code, err).toBe(0);
  expect(read('report.md')).toContain(
    '| SimCLR 2 | a\\|b | Method: SimCLR 2, Width: eight | The x |',
  );
  expect(read('tables/best.tex')).toContain('{SimCLR 2} & {a\\textbar{}b} &');
  expect(read('tables/best.csv')).toContain('chosen,Text,,,1,sim clr\n');
  expect(read('index.html')).toMatch(/>SimCLR 2<.*>a\|b</s);
  for (const file of ['index.html', 'report.md', 'tables/nothing.tex']) {
    expect(read(file)).toMatch(/[Nn]o points are left to show/);
  }
  expect(read('tables/nothing.tex')).not.toContain('tabular');
});
