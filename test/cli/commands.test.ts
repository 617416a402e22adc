import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

it('lists its commands, and says how to use each', async () => {
  const { code, out } = await ssp(folder, ['--help']);
  expect(code).toBe(0);
  for (const name of ['check', 'fmt', 'plan', 'run', 'show', 'report', 'why', 'doctor', 'setup']) {
    expect(out).toContain(`  ${name} `);
    const help = await ssp(folder, [name, '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('Examples:');
  }
});

it('answers wrong usage with 2 and the nearest command', async () => {
  const wrong = await ssp(folder, ['chekc']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('did you mean `ssp check`?');
  expect((await ssp(folder, [])).code).toBe(2);
  expect((await ssp(folder, ['plan'])).code).toBe(2);
  expect((await ssp(folder, ['plan', 'a.ssp', '--nonsense'])).code).toBe(2);
  put('one.ssp', 'param n: Int = 1\n');
  expect((await ssp(folder, ['plan', 'one.ssp', '--set', 'n'])).code).toBe(2);
  expect((await ssp(folder, ['exec-stage', 'xyz'])).code).toBe(2);
});

it('names a file that is not there, without a stack trace', async () => {
  const { code, err } = await ssp(folder, ['check', 'none.ssp']);
  expect(code).toBe(1);
  expect(err).toContain('there is no file `none.ssp`');
  expect(err).not.toContain('    at ');
});

it('reports all mistakes of a file at once, as text and as JSON', async () => {
  put('bad.ssp', 'import std.data.emojii\n\nparam n: Int = "x"\n\nlet a = b + 1\n');
  const text = await ssp(folder, ['check', 'bad.ssp']);
  expect(text.code).toBe(1);
  expect(text.out).toContain('bad.ssp:1:17');
  expect(text.out).toContain('emoji');
  const json = await ssp(folder, ['check', 'bad.ssp', '--json']);
  expect(json.code).toBe(1);
  const { version, diagnostics } = JSON.parse(json.out);
  expect(version).toBe(1);
  const errors = diagnostics.filter((d: { severity: string }) => d.severity === 'error');
  expect(errors.map((d: { start: { line: number } }) => d.start.line)).toEqual([1, 3, 5]);
  const run = await ssp(folder, ['run', 'bad.ssp']);
  expect(run.code).toBe(1);
  expect(run.err).toContain('3 errors');
});

it('formats files in place, and only says so with --check', async () => {
  put('loose.ssp', '// kept\nparam   n:Int=1\n');
  const dry = await ssp(folder, ['fmt', '--check', 'loose.ssp']);
  expect(dry.code).toBe(1);
  expect(readFileSync(join(folder, 'loose.ssp'), 'utf8')).toContain('param   n');
  expect((await ssp(folder, ['fmt', 'loose.ssp'])).code).toBe(0);
  expect(readFileSync(join(folder, 'loose.ssp'), 'utf8')).toBe('// kept\nparam n: Int = 1\n');
  expect((await ssp(folder, ['fmt', '--check', 'loose.ssp'])).code).toBe(0);
});

it('says what the machine can do', async () => {
  const { code, out } = await ssp(folder, ['doctor', '--json']);
  expect(code).toBe(0);
  const { facts } = JSON.parse(out) as { facts: { id: string; value: string }[] };
  const value = (id: string) => facts.find((fact) => fact.id === id)?.value;
  expect(value('tensorflow')).toMatch(/^2\./);
  expect(value('device')).toBe('cpu');
  expect(value('store')).toContain(folder);
});

it('finds a runtime that is set up already, and says where', async () => {
  const { code, out } = await ssp(folder, ['setup']);
  expect(code).toBe(0);
  expect(out).toContain('ready in');
});

it('names a variable that is not set, and plans the stages as waiting', async () => {
  put(
    'env.ssp',
    'import std.data.emoji\nimport std.pairs.semantic_pairs\n\ndataset emojis = emoji(size: 8px)\ndataset pairs = semantic_pairs(emojis, split: env.SSP_TEST_SPLIT)\n',
  );
  const plan = await ssp(folder, ['plan', 'env.ssp', '--json']);
  const stages = JSON.parse(plan.out).stages as { id: string; reason: { kind: string } }[];
  expect(stages.find(({ id }) => id === 'pairs')?.reason.kind).toBe('environment');
  const run = await ssp(folder, ['run', 'env.ssp']);
  expect(run.code).toBe(1);
  expect(run.err).toContain('SSP_TEST_SPLIT');
});
