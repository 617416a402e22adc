import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { compile } from 'vega-lite';
import { afterAll, expect, it } from 'vitest';
import type { ReportInput } from '../../src/report/content.js';
import { writeReport } from '../../src/report/html.js';
import { findings, outcome } from './fixture.js';
import { fixtureRun, hostileFindings } from './fixture-run.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-report-'));
const store = join(folder, 'store');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;
async function report(more: Partial<ReportInput> = {}) {
  const to = join(folder, `report-${++written}`);
  const { files, notes } = await writeReport(to, fixtureRun(store, more));
  return { to, files, notes, read: (name: string) => readFileSync(join(to, name), 'utf8') };
}

const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../grammar/schema/report.json', import.meta.url)), 'utf8'),
);
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

it('writes the page, Markdown, JSON, tables and figures', async () => {
  const { files, notes } = await report();
  expect(notes).toEqual([]);
  expect(files).toEqual([
    ...['left', 'right'].map((b) => `figures/boxes-best-b-${b}.svg`),
    ...['csv', 'json', 'svg', 'vl.json'].map((kind) => `figures/boxes-precision-recall.${kind}`),
    ...['left', 'right'].map((b) => `figures/boxes-worst-b-${b}.svg`),
    ...['csv', 'json', 'svg', 'vl.json'].map((kind) => `figures/encoder-loss.${kind}`),
    ...['csv', 'json', 'svg', 'vl.json'].map((kind) => `figures/encoder-spread.${kind}`),
    ...['svg', 'vl.json'].map((kind) => `figures/fixture_table.${kind}`),
    ...['svg', 'vl.json'].map((kind) => `figures/fixture_trend.${kind}`),
    'figures/samples-encoder-a-a1-b-left.png',
    'figures/samples-encoder-a-a1-b-right.png',
    'figures/samples-encoder-a-a2-b-left.png',
    'figures/samples-encoder-a-a2-b-right.png',
    'index.html',
    'report.json',
    'report.md',
    'report.tex',
    'tables/all-points.csv',
    'tables/fixture_table.csv',
    'tables/fixture_table.tex',
    'tables/fixture_table.values.csv',
    'tables/fixture_trend.csv',
    'tables/fixture_trend.tex',
    'tables/fixture_trend.values.csv',
  ]);
});

it('writes Markdown and CSV as reviewed', async () => {
  const { read } = await report();
  await expect(read('report.md')).toMatchFileSnapshot('fixtures/report.md.txt');
  for (const name of ['fixture_table', 'fixture_table.values', 'all-points']) {
    await expect(read(`tables/${name}.csv`)).toMatchFileSnapshot(`fixtures/${name}.csv`);
  }
});

it('writes the numbers of curves beside them, and figures that Vega-Lite draws', async () => {
  const { read, files } = await report();
  const [head, first] = read('figures/encoder-loss.csv').split('\n');
  expect(head).toBe('a,b,seed,epoch,loss');
  const { stage, quantity, runs } = JSON.parse(read('figures/encoder-loss.json'));
  expect([stage, quantity, runs.length, runs[0].epochs.length]).toEqual([
    'encoder',
    'loss',
    12,
    30,
  ]);
  expect(first).toBe(`a1,left,1,1,${runs[0].values[0]}`);
  for (const file of files.filter((name) => name.endsWith('.vl.json'))) {
    const spec = JSON.parse(read(file));
    const said: string[] = [];
    const note = (...words: readonly unknown[]) => {
      said.push(words.join(' '));
      return logger;
    };
    const quiet = () => logger;
    const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
    compile(spec, { logger });
    expect([file, said]).toEqual([file, []]);
    const drawn = read(file.replace('.vl.json', '.svg'));
    expect(spec.concat.length).toBe(drawn.split('role="img"').length - 2);
  }
});

it('writes the same bytes again', async () => {
  const [first, second] = [await report(), await report()];
  for (const file of first.files) {
    expect(readFileSync(join(first.to, file)).equals(readFileSync(join(second.to, file)))).toBe(
      true,
    );
  }
});

it('writes JSON that its schema accepts', async () => {
  const failed = outcome(
    'encoder',
    { a: 'a3' },
    { outcome: 'failed', failure: { code: 'fixture', message: 'a fixture failed' } },
  );
  const odd = {
    ...findings,
    tables: findings.tables.map((table) => ({
      ...table,
      cells: table.cells.map((row) =>
        row.map((cell) => cell && { ...cell, mean: Number.NaN, std: undefined }),
      ),
    })),
  };
  for (const more of [{}, { outcomes: [failed] }, { findings: odd }]) {
    const { read } = await report(more);
    validate(JSON.parse(read('report.json')));
    expect(validate.errors).toBe(null);
  }
  expect(validate({ version: 2 })).toBe(false);
});

it('shows the texts that a study imports below its own', async () => {
  const texts = ['own.ssp', 'parts/shared.ssp'].map((path) => ({ path, text: `// ${path}\n` }));
  const { read } = await report({ texts });
  const page = read('index.html');
  expect(page).toContain('<h2>Source of own.ssp</h2>');
  expect(page).toContain('<summary>Source of parts/shared.ssp</summary>');
  expect(read('report.md')).toMatch(
    /## own\.ssp\n[\s\S]*## parts\/shared\.ssp\n\n```ssp\n\/\/ parts\/shared\.ssp\n```\n$/,
  );
});

it('lets no text out of its place', async () => {
  const text = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
  const { read, files } = await report({
    title: `${text}\n\n${text}\n\n<svg onload=alert(1)> [a](javascript:alert(1)) ![b](http://example.org/b.png)`,
    file: text,
    texts: [text, `${text}.ssp`].map((path) => ({ path, text })),
    findings: hostileFindings(text),
    environment: { [text]: text },
    outcomes: [outcome(text, { [text]: text }, { metrics: { [text]: 1 } })],
  });
  for (const name of files.filter((file) => /\.(html|svg)$/.test(file))) {
    const tags = read(name).match(/<[a-zA-Z!/][^>]*>/g) ?? [];
    expect(tags.filter((tag) => /^<\/?(script|img src=x|svg onload)/i.test(tag))).toEqual([]);
    const bare = tags.map((tag) => tag.replace(/"[^"]*"/g, '""'));
    expect(bare.filter((tag) => /\son\w+=|javascript:|example\.org/i.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\s(href|src)="(?!#|data:image)/i.test(tag))).toEqual([]);
  }
  for (const name of files) expect(name).toMatch(/^(\w+\/)?[\w.-]+$/);
});

it('loads nothing and runs nothing', async () => {
  const page = (await report()).read('index.html');
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<(script|link|iframe|object)\b/);
  expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  expect(page).not.toMatch(/url\(|@import/);
});

it('says what failed, and what it could not read', async () => {
  const blob = { digest: 'gone', size: 1 };
  const { read, notes } = await report({
    outcomes: [
      outcome('encoder', { a: 'a1' }, { files: { 'history.json': blob } }),
      outcome(
        'encoder',
        { a: 'a2' },
        { outcome: 'failed', failure: { code: 'fixture', message: 'the loss was NaN' } },
      ),
      outcome('probe', { a: 'a2' }, { outcome: 'skipped' }),
    ],
  });
  expect(notes).toEqual(['history.json of encoder[a=a1] cannot be read: ENOENT']);
  const page = read('index.html');
  expect(page).toContain('1 stage failed and 1 was skipped: results are incomplete.');
  expect(page).toContain('the loss was NaN');
  expect(page).toContain('history.json of encoder[a=a1] cannot be read: ENOENT');
  expect(read('report.md')).toContain('results are incomplete');
});

it('writes a report without tables, outcomes or claims', async () => {
  const { read, files } = await report({
    title: 'empty.ssp',
    findings: { ...findings, tables: [], expectations: [], comparisons: [] },
    outcomes: [],
    environment: {},
  });
  expect(files).toEqual(['index.html', 'report.json', 'report.md', 'tables/all-points.csv']);
  expect(read('index.html')).toContain('<h1>empty.ssp</h1>');
});

it('removes tables and figures of the report before, and nothing else', async () => {
  const { to } = await report();
  writeFileSync(join(to, 'tables', 'mine.csv'), 'mine');
  const [table] = findings.tables;
  await writeReport(
    to,
    fixtureRun(store, { findings: { ...findings, tables: table ? [table] : [] } }),
  );
  expect(readdirSync(join(to, 'tables')).sort()).toEqual([
    'all-points.csv',
    'fixture_table.csv',
    'fixture_table.tex',
    'fixture_table.values.csv',
    'mine.csv',
  ]);
});

it('names the folder that cannot be written', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await expect(writeReport(file, fixtureRun(store))).rejects.toMatchObject({
    code: 'report-not-written',
    message: expect.stringContaining(`cannot write the report into ${file}: E`),
  });
});
