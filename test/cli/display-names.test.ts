import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
