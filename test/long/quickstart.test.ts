import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

/** The quickstart as it stands, with one epoch instead of its own number. */
const reduced = ['run', 'quickstart.ssp', '--set', 'epochs=1'];
const folder = mkdtempSync(join(tmpdir(), 'ssp-quickstart-'));

interface Document {
  readonly stages: readonly {
    readonly id: string;
    readonly name: string;
    readonly outcome: string;
    readonly digest: string;
  }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly tables: readonly { readonly name: string; readonly cells: readonly unknown[] }[];
}
let first: Document;

beforeAll(async () => {
  copyFileSync(
    fileURLToPath(new URL('../../pipelines/quickstart.ssp', import.meta.url)),
    join(folder, 'quickstart.ssp'),
  );
  const { code, out, err } = await ssp(folder, [...reduced, '--json']);
  expect(code, err).toBe(0);
  first = JSON.parse(out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('runs every stage and fills every table', () => {
  expect(new Set(first.stages.map(({ outcome }) => outcome))).toEqual(new Set(['ran']));
  for (const { cells } of first.tables) {
    expect(cells.length).toBeGreaterThan(0);
    for (const row of cells) expect(row).toContainEqual(expect.objectContaining({ count: 1 }));
  }
});

it('does no work the second time, within a second and a bit', async () => {
  const started = performance.now();
  const { code, err } = await ssp(folder, reduced);
  const seconds = (performance.now() - started) / 1000;
  expect(code).toBe(0);
  expect(err).toContain('0 ran');
  expect(seconds).toBeLessThan(3);
});

it('gives the same bytes when it was killed in the middle of a training', async () => {
  const store = join(folder, 'killed');
  const again = [...reduced, '--store', store];
  const killed = await ssp(folder, again, {
    onErr: (err, kill) => {
      if (/start encoder\[/.test(err)) setTimeout(() => kill('SIGKILL'), 4000);
    },
  });
  expect(killed.code).toBeNull();
  expect(existsSync(store)).toBe(true);
  const { code, out, err } = await ssp(folder, [...again, '--only', 'encoder', '--json']);
  expect(code, err).toBe(0);
  const digests = (document: Document) =>
    new Map(document.stages.map(({ id, digest }) => [id, digest]));
  const whole = digests(first);
  const resumed = digests(JSON.parse(out));
  expect(resumed.size).toBeGreaterThan(4);
  for (const [id, digest] of resumed) expect(digest, id).toBe(whole.get(id));
});

it('trains with another method from the command line', async () => {
  const { code, out, err } = await ssp(folder, [
    ...reduced,
    '--set',
    'objective=vicreg',
    '--only',
    'encoder[pairs: sp, views: crop]',
    '--json',
  ]);
  expect(code, err).toBe(0);
  const trained = (JSON.parse(out) as Document).stages.filter(({ name }) => name === 'encoder');
  expect(trained.map(({ outcome }) => outcome)).toEqual(['ran']);
});

it('writes a page, Markdown, CSV and JSON of it', async () => {
  const { code, err } = await ssp(folder, [
    'report',
    'quickstart.ssp',
    '--set',
    'epochs=1',
    '-o',
    'page',
  ]);
  expect(code, err).toBe(0);
  const read = (name: string) => readFileSync(join(folder, 'page', name), 'utf8');
  const html = read('index.html');
  expect(html).toContain('Do semantic pairs teach better representations');
  expect(html.match(/data:image\/png/g)?.length).toBeGreaterThanOrEqual(4);
  expect(html).toContain('<svg');
  expect(html).not.toMatch(/src="http/);
  expect(read('report.md')).toContain('| ');
  expectShape('report', JSON.parse(read('report.json')));
  expect(existsSync(join(folder, 'page/tables/groups.csv'))).toBe(true);
});

it('stops a training whose numbers break, and says where and what to do', async () => {
  const { code, err } = await ssp(folder, [
    ...reduced,
    '--set',
    'rate=1e30',
    '--only',
    'encoder[pairs: sp, views: crop]',
  ]);
  expect(code).toBe(1);
  // Whatever breaks first is named, and where.
  expect(err).toMatch(/the (loss|norm of .*) is (NaN|-?Infinity) at step \d+ \(epoch 1 of/);
  expect(err).toContain('help:');
  expect(err).not.toContain('    at ');
});
