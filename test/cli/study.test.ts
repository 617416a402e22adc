import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { type Finished, ssp } from '../support/ssp.js';

/** A whole study in seconds: no training, but every other part is real. */
const study = `/// Which features tell the groups apart?
import std.data.emoji
import std.backbone.{resnet18, pixels}
import std.train.random_init
import std.probe.knn_probe

/// Neighbours that vote.
param k: Int(1..) = 5

axis seed = [1, 2]
dataset emojis = emoji(size: 8px)
axis control = {
  random: random_init(resnet18(width: 2, stem: "small"), seed),
  pixels: random_init(pixels(size: 8px)),
}
evaluate group = knn_probe(control, emojis, label: "group", k)

report groups = table({top1: group.top1}, rows: control, over: seed)
expect mean(group.top1[control: pixels], over: seed) > 13%
expect mean(group.top1[control: pixels], over: seed) > 99%
`;

const folder = mkdtempSync(join(tmpdir(), 'ssp-cli-'));
const file = join(folder, 'study.ssp');
let first: Finished;

const write = (text: string) => writeFileSync(file, text);
const actions = async (): Promise<Record<string, string>> => {
  const { out, err } = await ssp(folder, ['plan', 'study.ssp', '--json']);
  expect(err).toBe('');
  const { stages } = JSON.parse(out) as { stages: { id: string; action: string }[] };
  return Object.fromEntries(stages.map(({ id, action }) => [id, action]));
};

beforeAll(async () => {
  write(study);
  first = await ssp(folder, ['run', 'study.ssp', '--json']);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('runs a study and prints one document that its schema describes', () => {
  expect(first.err).toMatch(/\d ran, \d hit/);
  expect(first.code).toBe(0);
  const document = JSON.parse(first.out);
  expectShape('run', document);
  const outcomes = document.stages.map((s: { outcome: string }) => s.outcome);
  expect(new Set(outcomes)).toEqual(new Set(['ran']));
  expect(document.expectations.map((e: { holds: boolean }) => e.holds)).toEqual([true, false]);
});

it('does nothing the second time and says so', async () => {
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(again.code).toBe(0);
  expect(again.err).toContain('0 ran, 13 hit');
  expect(again.err).toContain('nothing has changed');
  expect(again.out).toContain('1 of 2 expectations hold');
});

it('exits with 1 under --strict when an expectation does not hold', async () => {
  expect((await ssp(folder, ['run', 'study.ssp', '--strict'])).code).toBe(1);
});

it('hits after comments, other layout, other names and another order', async () => {
  const other = study
    .replace('axis seed = [1, 2]\n', '')
    .replaceAll('seed', 'repeat')
    .replaceAll('emojis', 'drawings')
    .replace(
      'random_init(resnet18(width: 2, stem: "small"), repeat)',
      'random_init(seed: repeat, backbone: resnet18(stem: "small", width: 2))',
    )
    .concat('\n// the axis last, its labels reversed\naxis repeat = [\n  2,\n  1,\n]\n');
  write(other);
  const { out } = await ssp(folder, ['plan', 'study.ssp', '--json']);
  write(study);
  expect(JSON.parse(out).summary).toEqual({ hit: 13, run: 0, await: 0 });
});

it('reruns exactly what depends on a changed parameter, and says which', async () => {
  write(study.replace('= 5', '= 7'));
  const { out } = await ssp(folder, ['plan', 'study.ssp', '--json']);
  write(study);
  const document = JSON.parse(out);
  expectShape('plan', document);
  expect(document.summary).toEqual({ hit: 9, run: 4, await: 0 });
  for (const stage of document.stages) {
    if (stage.name !== 'group') continue;
    expect(stage.reason.kind).toBe('changed');
    expect(stage.reason.changes).toMatchObject([
      { path: 'params.k', before: 5, after: 7, at: { file: 'study.ssp' } },
    ]);
  }
});

it('stops a rerun where the bytes are the same again', async () => {
  // A split that nothing reads: the images are made anew, and are the same.
  write(study.replace('size: 8px)\naxis', 'size: 8px, hold_out: "openmoji")\naxis'));
  const before = await actions();
  write(study);
  expect(new Set(Object.values(before))).toEqual(new Set(['hit']));
});

it('shows results, why, and a report without running anything', async () => {
  const shown = await ssp(folder, ['show', 'study.ssp']);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/random +\d+\.\d ± \d/);
  const why = await ssp(folder, ['why', 'study.ssp', 'group[control: pixels, seed: 1]', '--json']);
  const [answer] = JSON.parse(why.out).stages;
  expect(answer).toMatchObject({ action: 'hit', record: { stage: 'std.probe.knn_probe' } });
  const report = await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  expect(report.code).toBe(0);
  expect(readFileSync(join(folder, 'page/index.html'), 'utf8')).toContain('Which features');
});

it('writes a lock that --frozen holds a run to', async () => {
  const lock = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  expect(lock).toContain('group[control=pixels,seed=1]');
  const same = await ssp(folder, ['run', 'study.ssp', '--frozen']);
  expect(same.code).toBe(0);
  expect(same.err).toContain('4 of 4 metrics are the same');
  write(study.replace('= 5', '= 7'));
  const other = await ssp(folder, ['run', 'study.ssp', '--frozen']);
  write(study);
  expect(other.code).toBe(1);
  expect(other.err).toContain('does not agree with the lock');
  expect(readFileSync(join(folder, 'study.ssp.lock'), 'utf8')).toBe(lock);
});

it('finds a file and its lock the same, and says what a change makes of it', async () => {
  const same = await ssp(folder, ['diff', 'study.ssp', 'study.ssp.lock']);
  expect(same.code).toBe(0);
  expect(same.out).toContain('the same experiment\nresults: 0 of 4 numbers differ');
  writeFileSync(join(folder, 'seven.ssp'), study.replace('= 5', '= 7'));
  const other = await ssp(folder, ['diff', 'study.ssp.lock', 'seven.ssp']);
  expect(other.code).toBe(1);
  expect(other.out).toContain('stage group, 4 points\n  k  5 → 7  at all 4 points');
  expect(other.out).not.toContain('stage control');
});

it('keeps the lock of the last whole run, and says in it what was set', async () => {
  const before = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  const failed = await ssp(folder, ['run', 'study.ssp', '--set', 'k=100000']);
  expect(failed.code).toBe(1);
  expect(readFileSync(join(folder, 'study.ssp.lock'), 'utf8')).toBe(before);
  expect((await ssp(folder, ['run', 'study.ssp', '--set', 'k=5'])).code).toBe(0);
  expect(readFileSync(join(folder, 'study.ssp.lock'), 'utf8')).toBe(before);
  expect(readFileSync(join(folder, 'study.ssp@k=5.lock'), 'utf8')).toContain('set:\n  k: "5"');
  const page = await ssp(folder, ['report', 'study.ssp', '--set', 'k=5', '-o', 'set']);
  expect(page.code).toBe(0);
  expect(readFileSync(join(folder, 'set/report.md'), 'utf8')).toContain('`--set k=5`');
});

it('writes no lock of a part of another experiment', async () => {
  await ssp(folder, ['run', 'study.ssp']);
  const lock = join(folder, 'study.ssp.lock');
  const before = readFileSync(lock, 'utf8');
  const only = 'group[control: pixels, seed: 1]';
  const part = await ssp(folder, ['run', 'study.ssp', '--set', 'k=3', '--only', only]);
  expect(part, part.err).toMatchObject({ code: 0 });
  expect(part.err).toContain(
    'lock: not written, as 2 of 13 points of the file have no result under these settings',
  );
  expect(readFileSync(lock, 'utf8')).toBe(before);
  expect((await ssp(folder, ['run', 'study.ssp', '--frozen'])).code).toBe(0);
  rmSync(lock);
  const known = await ssp(folder, ['run', 'study.ssp', '--only', only]);
  expect(known.err).not.toContain('lock:');
  expect(readFileSync(lock, 'utf8')).toBe(before);
});

it('runs all that --only names, given more than once', async () => {
  const only = ['group[control: pixels, seed: 1]', 'group[control: pixels, seed: 2]'];
  const words = ['run', 'study.ssp', '--set', 'k=7', '--json'];
  const both = await ssp(folder, [...words, ...only.flatMap((name) => ['--only', name])]);
  const ids = JSON.parse(both.out).stages.map(({ id }: { readonly id: string }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(only.map((id) => id.replaceAll(': ', '=').replaceAll(', ', ','))),
  );
  const wrong = await ssp(folder, [...words, '--only', 'group', '--only', 'grup']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('did you mean `group`?');
});

it('never takes results of --eager for those of a plain run', async () => {
  const lock = join(folder, 'study.ssp.lock');
  const before = readFileSync(lock, 'utf8');
  const eager = await ssp(folder, ['run', 'study.ssp', '--eager', '--set', 'k=4']);
  expect(eager, eager.err).toMatchObject({ code: 0 });
  expect(eager.err).toContain('lock: not written, as this run was `--eager`');
  expect(eager.err).toContain('12 ran, 1 hit');
  expect(readFileSync(lock, 'utf8')).toBe(before);
  const again = await ssp(folder, ['run', 'study.ssp', '--set', 'k=4'], {
    env: { SSP_EAGER: '1' },
  });
  expect(again.err).toContain('0 ran, 13 hit');
  const plan = await ssp(folder, ['plan', 'study.ssp', '--set', 'k=4']);
  expect(plan.out).toContain('9 hit, 4 run');
  expect(plan.out).toContain('training  op by op (--eager) → as one graph');
  expect((await ssp(folder, ['plan', 'study.ssp', '--set', 'k=4', '--eager'])).out).toContain(
    '13 hit',
  );
  const why = await ssp(folder, ['why', 'study.ssp', 'group', '--eager', '--set', 'k=4', '--json']);
  expectShape('why', JSON.parse(why.out));
});

it('prints the records of many points only with --all', async () => {
  const many = await ssp(folder, ['why', 'study.ssp', 'group']);
  expect(many.out).toContain('differs from');
  expect(many.out).not.toContain('format: ssp-key/1');
  expect(many.err).toContain('`--all`');
  const all = await ssp(folder, ['why', 'study.ssp', 'group', '--all']);
  expect(all.out.match(/format: ssp-key\/1/g)).toHaveLength(4);
});

it('takes a store to another place', async () => {
  const store = { SSP_STORE: join(folder, '.ssp') };
  const elsewhere = mkdtempSync(join(tmpdir(), 'ssp-cli-'));
  copyFileSync(file, join(elsewhere, 'renamed.ssp'));
  const { out } = await ssp(elsewhere, ['plan', 'renamed.ssp', '--json'], { env: store });
  rmSync(elsewhere, { recursive: true });
  expect(JSON.parse(out).summary).toEqual({ hit: 13, run: 0, await: 0 });
});
