import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const starter = (name: string) =>
  readFileSync(new URL(`../../pipelines/starters/${name}.ssp`, import.meta.url), 'utf8');

const key = 'a'.repeat(64);
const lock = (top1: number, more = '') => `version: 1
numeric: {device: cpu, precision: fp32}
environment: {}
stages:
  drawings: {key: ${key}, output: ${key}, seconds: 1}
  linear: {key: ${key}, output: ${key}, metrics: {top1: ${top1}}, seconds: 1}
${more}`;

beforeAll(() => {
  put('probe.ssp', starter('probe'));
  put('fifty.ssp', starter('probe').replace('= 20', '= 50').replace('/// Neigh', '///  Neigh'));
  put('ablation.ssp', starter('ablation'));
  put('bad.ssp', 'import std.data.emoij\nlet a = 1\nlet a = b\n/// stray\n');
  put('measure.mjs', 'export const run = () => ({ metrics: { v: 1 } });\n');
  // `ssp quickstart` runs the file of this name that is there.
  put(
    'quickstart.ssp',
    'extern stage measure() -> Metrics{v: Int} from "./measure.mjs"\nevaluate m = measure()\n',
  );
  mkdirSync(join(folder, 'shared'));
  put('a.lock', lock(0.5));
  put('b.lock', lock(0.75, `  same: {key: ${key}, output: ${key}, seconds: 2}\n`));
});

/** Runs a command and holds its document to its schema. */
async function documentOf(name: string, args: readonly string[], code: number) {
  const done = await ssp(folder, [...args, '--json']);
  expect({ err: done.err, code: done.code }).toEqual({ err: done.err, code });
  const document = JSON.parse(done.out);
  expectShape(name, document);
  return document;
}

/** A quick call of every command that prints a document. */
const calls: Readonly<Record<string, readonly string[]>> = {
  quickstart: [],
  check: ['probe.ssp'],
  plan: ['probe.ssp'],
  run: ['quickstart.ssp'],
  show: ['probe.ssp'],
  why: ['probe.ssp', 'drawings'],
  diff: ['probe.ssp', 'probe.ssp'],
  trace: ['quickstart.ssp', 'm.v'],
  gc: ['probe.ssp'],
  verify: [],
  log: ['quickstart.ssp'],
  push: ['quickstart.ssp', '--to', 'shared'],
  pull: ['quickstart.ssp', '--from', 'shared'],
  bundle: ['quickstart.ssp', '-o', 'quickstart.sspb'],
  doctor: [],
};
const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
const printing = await Promise.all(
  Object.entries(commands).map(async ([name, { load }]) => {
    const { options } = await load();
    return options.some(({ flags }) => flags === '--json') ? [name] : [];
  }),
);

it.each(printing.flat())(
  'prints a document of %s of the shape that the page names',
  async (name) => {
    const row = page.split('\n').find((line) => line.startsWith(`| [\`${name}\`]`)) ?? '';
    const [, schema] = /\(\.\.\/grammar\/schema\/(\w+)\.json\) \|$/.exec(row) ?? [];
    if (schema === undefined)
      throw new Error(`docs/commands.md names no schema for ${name} --json`);
    const words = calls[name];
    if (words === undefined) throw new Error(`there is no call of ${name} --json here: add one`);
    await documentOf(schema, [name, ...words], 0);
  },
);

it('prints checks of the published shape', async () => {
  expect(await documentOf('check', ['check', 'probe.ssp'], 0)).toEqual({
    version: 1,
    diagnostics: [],
  });
  const { diagnostics } = await documentOf('check', ['check', 'bad.ssp'], 1);
  expect(diagnostics.length).toBeGreaterThan(2);
  await documentOf('check', ['check', 'probe.ssp', '--set', 'nothing=1'], 1);
});

it('prints explanations of keys of the published shape', async () => {
  const { stages } = await documentOf('why', ['why', 'probe.ssp', 'drawings'], 0);
  expect(stages).toMatchObject([{ id: 'drawings', action: 'run', other: null }]);
  const waiting = await documentOf('why', ['why', 'probe.ssp', 'linear'], 0);
  expect(waiting.stages[0]).toMatchObject({ action: 'await', key: null, record: null });
});

it('prints comparisons of the published shape', async () => {
  const same = await documentOf('diff', ['diff', 'probe.ssp', 'probe.ssp'], 0);
  expect(same).toMatchObject({ same: true, axes: [], stages: [] });
  const changed = await documentOf('diff', ['diff', 'probe.ssp', 'fifty.ssp'], 1);
  expect(changed.stages).toMatchObject([
    {
      a: { name: 'neighbours', points: 6 },
      changes: [{ path: 'params.k', before: 20, after: 50 }],
    },
  ]);
  await documentOf('diff', ['diff', 'probe.ssp', 'ablation.ssp'], 1);
  await documentOf('diff', ['diff', 'probe.ssp', 'a.lock'], 1);
  const locks = await documentOf('diff', ['diff', 'a.lock', 'b.lock'], 1);
  expect(locks.results.differing).toEqual([
    { a: 'linear', b: 'linear', metric: 'top1', before: 0.5, after: 0.75, difference: 0.25 },
  ]);
  expect(locks.stages).toMatchObject([{ a: null, b: { name: 'same' }, added: ['same'] }]);
});

it('answers what cannot be compared with 2', async () => {
  for (const other of ['none.ssp', 'bad.ssp']) {
    expect((await ssp(folder, ['diff', 'probe.ssp', other])).code).toBe(2);
  }
  expect((await ssp(folder, ['diff', 'probe.ssp'])).code).toBe(2);
  put('no.lock', 'version: 9\n');
  const bad = await ssp(folder, ['diff', 'no.lock', 'a.lock']);
  expect(bad.code).toBe(2);
  expect(bad.err).toContain('no.lock is no lock of this version');
});

it('writes a starter once and never over a file', async () => {
  const first = await ssp(folder, ['new', 'pairs', '-o', 'mine.ssp']);
  expect(first.out).toBe('mine.ssp\n');
  put('mine.ssp', '// changed\n');
  const again = await ssp(folder, ['new', 'pairs', '-o', 'mine.ssp']);
  expect(again.code).toBe(1);
  expect(readFileSync(join(folder, 'mine.ssp'), 'utf8')).toBe('// changed\n');
  const unknown = await ssp(folder, ['new', 'pair']);
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('did you mean `pairs`?');
});

it('shows one stage, or the nearest names', async () => {
  const { out, code } = await ssp(folder, ['docs', 'std.ssl.simclr']);
  expect(code).toBe(0);
  expect(out).toMatch(/temperature {2}Fraction\(.*\) {2}= 50% {2}in %/);
  expect(out).toContain('import std.ssl.simclr');
  const unknown = await ssp(folder, ['docs', 'simclrr']);
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('did you mean `simclr`?');
});

it('explains types, keywords and modules by their short names', async () => {
  const about = async (name: string) => (await ssp(folder, ['docs', name])).out;
  expect(await about('Images')).toContain('`Images`, a type: images with a name');
  expect(await about('Fraction')).toContain('`Fraction`, a type: a share');
  expect(await about('evaluate')).toContain('`evaluate`, a keyword: a stage that makes Metrics');
  expect(await about('ssl')).toBe(await about('std.ssl'));
  expect((await ssp(folder, ['docs', 'Imges'])).err).toContain('did you mean `Images`?');
});

it('shows the stages that a file declares itself', async () => {
  put('soften.mjs', 'export const soften = async () => {};\n');
  put(
    'own.ssp',
    `/// Takes the edges off.
extern stage soften(
  images: Images,
  /// How far.
  radius: Pixels(0px..) = 2px,
) -> Images from "./soften.mjs"

let mistaken = nowhere
`,
  );
  const list = await ssp(folder, ['docs', 'own.ssp']);
  expect(list.out.trim()).toBe('own.ssp\n  soften  Takes the edges off.');
  const { out, code } = await ssp(folder, ['docs', 'soften', 'own.ssp']);
  expect(code).toBe(0);
  expect(out).toMatch(/^soften {2}a stage, version 1\n/);
  expect(out).toContain('radius  Pixels(0px..)  = 2px  in px\n      How far.');
  expect(out).toContain('declared in own.ssp:2, done by soften.mjs');
  const other = await ssp(folder, ['docs', 'softer', 'own.ssp']);
  expect(other.code).toBe(2);
  expect(other.err).toContain('`softer` is no stage or value of own.ssp or the standard library');
  expect(other.err).toContain('did you mean `soften`?');
});

it('says what a file declares under a name, and where to ask on', async () => {
  const stage = await ssp(folder, ['docs', 'linear', 'probe.ssp']);
  expect(stage.code).toBe(0);
  expect(stage.out).toMatch(/^ {2}evaluate linear: Metrics\{/);
  expect(stage.out).toContain('Varies over');
  expect(stage.out).toMatch(/Declared in probe\.ssp:\d+: evaluate linear = /);
  expect(stage.out).toContain('`ssp why probe.ssp linear`');
  // What a file imports is told at length.
  const taken = await ssp(folder, ['docs', 'emoji', 'probe.ssp']);
  expect(taken.out).toContain('Parameters');
});

it.each([
  'table',
  'pivot',
  'mean',
  'std',
  'min',
  'max',
  'count',
  'ci95',
  'ranking',
  'spearman',
  'file',
  'env',
  '@gpu',
  'timeout',
])('explains the built-in %s', async (name) => {
  const { out, code } = await ssp(folder, ['docs', name]);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^ {2}@?${name}[.(]|${name}\\(`, 'm'));
  expect(out).not.toContain('```');
});

it('lists the params of a file in the help of a command', async () => {
  put('needs.ssp', '/// Where the\n/// images are.\nparam root: Folder\nparam n = 2\nlet a = n\n');
  const { out, code } = await ssp(folder, ['run', 'needs.ssp', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('  root: Folder  (required)\n      Where the\n      images are.\n');
  expect(out).toContain('  n: Int = 2');
});
