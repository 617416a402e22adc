import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';

const root = mkdtempSync(join(tmpdir(), 'ssp-results-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const take = (name: string) => rmSync(join(folder, name), { recursive: true });
const shown = async (...args: string[]) => {
  const { out, err, code } = await ssp(folder, ['show', 'study.ssp', '--json', ...args]);
  expect(code, err).toBe(0);
  const { stages, summary, tables } = JSON.parse(out);
  const outcomes = Object.fromEntries(
    stages.map((s: { id: string; outcome: string; metrics: { v?: number } }) => [
      s.id,
      `${s.outcome} ${s.metrics.v ?? '-'}`,
    ]),
  );
  return { outcomes, summary, tables, err };
};

/** Counts the bytes of a folder, then adds a parameter to the count. */
const study = String.raw`param k: Int = 5
extern stage bytes(root: Folder) -> Files
  command "sh -c 'cat $0/* | wc -c > $1/size.txt' {root} {out}"
extern stage add(to: Files, n: Int) -> Metrics{v: Int}
  command "sh -c 'echo {{\\\"v\\\": $(( $(cat $0/size.txt) + $1 ))}} > $2/metrics.json' {to} {n} {out}"
dataset size = bytes(root: "data")
evaluate sum = add(size, n: k)
evaluate one = add(size, n: 1)
report t = table({sum: sum.v, one: one.v})
expect sum.v > 1
`;

beforeAll(async () => {
  folder = join(root, 'done');
  mkdirSync(join(folder, 'data'), { recursive: true });
  put('data/a.txt', '12345678');
  put('study.ssp', study);
  const { code, err } = await ssp(folder, ['run', 'study.ssp']);
  expect(code, err).toBe(0);
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'study-'));
  cpSync(join(root, 'done'), folder, { recursive: true });
});

it('shows results whose data is not on this machine, and says so', async () => {
  take('data');
  const { outcomes, summary, err } = await shown();
  expect(outcomes).toEqual({ size: 'hit -', sum: 'hit 13', one: 'hit 9' });
  expect(summary).toEqual({ hit: 3, ran: 0, failed: 0, skipped: 0 });
  expect(err).toContain('`data` is not on this machine');
  expect(err).not.toContain('no result yet');
  // other parameters are other results
  expect((await shown('--set', 'k=6')).outcomes).toMatchObject({ sum: 'skipped -', one: 'hit 9' });
  take('study.ssp.lock');
  expect((await shown()).outcomes).toMatchObject({ sum: 'hit 13', one: 'hit 9' });
});

it('calls a result without its data by the point that shows it, not by the one that made it', async () => {
  put('study.ssp', `${study.replaceAll('sum', 'total')}evaluate again = add(size, n: 5)\n`);
  take('data');
  const { outcomes, tables } = await shown();
  expect(outcomes).toEqual({ size: 'hit -', total: 'hit 13', one: 'hit 9', again: 'hit 13' });
  expect(JSON.stringify(tables)).toContain('13');
});

it('takes of several results without their data the one of the lock', async () => {
  const lock = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  put('data/b.txt', '90');
  await ssp(folder, ['run', 'study.ssp']);
  take('data');
  expect((await shown()).outcomes).toMatchObject({ sum: 'hit 15' });
  put('study.ssp.lock', lock);
  expect((await shown()).outcomes).toMatchObject({ sum: 'hit 13' });
});

it('lets what waits for data wait in plan, and needs it in run only where it is read', async () => {
  take('data');
  const check = await ssp(folder, ['check', 'study.ssp']);
  expect(check.code).toBe(0);
  expect(check.out).toContain('warning[folder-not-found]');
  const plan = await ssp(folder, ['plan', 'study.ssp']);
  expect(plan.code).toBe(0);
  expect(plan.out).toMatch(/waits for data, which is not on this machine {2}study\.ssp:\d+:\d+\n/);
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/^ssp: study\.ssp:\d+: .*data does not exist$/m);
  put('two.ssp', `${study}extern stage free(n: Int) -> Files command "touch {out}/{n}"\n`);
  put('two.ssp', `${readFileSync(join(folder, 'two.ssp'), 'utf8')}dataset other = free(n: 1)\n`);
  expect((await ssp(folder, ['run', 'two.ssp', '--only', 'other'])).code).toBe(0);
});

it('shows the numbers of the lock where there is no store', async () => {
  take('.ssp');
  const { outcomes, summary, err } = await shown();
  expect(outcomes).toEqual({ size: 'locked -', sum: 'locked 13', one: 'locked 9' });
  expect(summary).toEqual({ hit: 0, ran: 0, failed: 0, skipped: 0, locked: 3 });
  expect(err).toContain('3 of 3 results are those of the lock');
  const text = await ssp(folder, ['show', 'study.ssp']);
  expect(text.out).toContain('13');
  expect(text.out).toContain('✓ sum.v > 1');
  // A file that has changed since is not what the lock is of.
  const other = await shown('--set', 'k=6');
  expect(other.outcomes).toMatchObject({ sum: 'skipped -', one: 'locked 9' });
  expect(other.err).toContain('1 of 3 stages have no result yet');
  expect(other.err).toContain('`sum`');
});

it('shows the numbers of the lock where there is neither a store nor data', async () => {
  take('.ssp');
  take('data');
  const { outcomes, err } = await shown();
  expect(outcomes).toEqual({ size: 'locked -', sum: 'locked 13', one: 'locked 9' });
  expect(err).toContain('could not be held against the file');
  const report = await ssp(folder, ['report', 'study.ssp', '-o', 'page']);
  expect(report.code, report.err).toBe(0);
  expect(report.err).toContain('the files of size are not in the store');
  const page = readFileSync(join(folder, 'page/index.html'), 'utf8');
  expect(page).toContain('3 from the lock');
  // of other settings the lock says nothing that can be trusted
  expect((await shown('--set', 'k=6')).outcomes).toMatchObject({ sum: 'skipped -' });
});

it('shows of each setting its own lock, where there is neither a store nor data', async () => {
  expect((await ssp(folder, ['run', 'study.ssp', '--set', 'k=6'])).code).toBe(0);
  take('.ssp');
  take('data');
  expect((await shown()).outcomes).toMatchObject({ sum: 'locked 13' });
  expect((await shown('--set', 'k=6')).outcomes).toMatchObject({ sum: 'locked 14' });
  const odd = await shown('--set', 'k=7');
  expect(odd.outcomes).toMatchObject({ sum: 'skipped -' });
  const page = await ssp(folder, ['report', 'study.ssp', '--set', 'k=6', '-o', 'six']);
  expect(page.code, page.err).toBe(0);
  expect(readFileSync(join(folder, 'six/report.md'), 'utf8')).toContain('14');
});

it('shows what the store has although the lock is damaged', async () => {
  put('study.ssp.lock', '<<<<<<< HEAD\n');
  const { outcomes, err } = await shown();
  expect(outcomes).toMatchObject({ sum: 'hit 13' });
  expect(err).toContain('it is not looked at');
});

it('shows what the store has although the lock cannot be read', async () => {
  rmSync(join(folder, 'study.ssp.lock'));
  mkdirSync(join(folder, 'study.ssp.lock'));
  const { outcomes, err } = await shown();
  expect(outcomes).toMatchObject({ sum: 'hit 13' });
  const note = 'the lock study.ssp.lock cannot be read (it is a folder): it is not looked at';
  expect(err).toContain(note);
  for (const args of [
    ['report', 'study.ssp', '-o', 'r'],
    ['trace', 'study.ssp', '13'],
  ]) {
    const done = await ssp(folder, args);
    expect([...args, done.code, done.err]).toEqual([...args, 0, expect.stringContaining(note)]);
  }
  expect((await ssp(folder, ['diff', 'study.ssp', 'study.ssp'])).code).toBe(0);
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect([run.code, run.err]).toEqual([1, expect.stringMatching(/^ssp: .*\n {2}help: .*\n$/)]);
});

it('says of a lock in which a merge left a conflict where that is, in one line', async () => {
  const lock = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  const lines = lock.split('\n').length;
  put('study.ssp.lock', `<<<<<<< HEAD\r\n${lock}=======\n${lock}>>>>>>> theirs\n`);
  for (const command of [['run'], ['run', '--frozen'], ['diff']]) {
    const files = command[0] === 'diff' ? ['study.ssp', 'study.ssp.lock'] : ['study.ssp'];
    const { err, code } = await ssp(folder, [...command, ...files]);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(`lines 1 to ${2 * lines + 1} are a merge conflict`);
    expect(err.trim().split('\n')).toHaveLength(2);
  }
  put('study.ssp.lock', '');
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('it is empty');
});

it('compares without data or store', async () => {
  put('six.ssp', study.replace('k: Int = 5', 'k: Int = 6'));
  await ssp(folder, ['run', 'six.ssp']);
  renameSync(join(folder, 'data'), join(folder, 'away'));
  const files = await ssp(folder, ['diff', 'study.ssp', 'six.ssp']);
  expect(files.code, files.err).toBe(1);
  expect(files.out).toContain('n  5 → 6');
  expect(files.out).toContain('sum v  13 → 14');
  expect(files.err).toContain('`data` cannot be read here');
  const lock = await ssp(folder, ['diff', 'study.ssp', 'study.ssp.lock']);
  expect(lock.code, lock.err).toBe(0);
  expect(lock.out).toContain('the same experiment');
  const other = await ssp(folder, ['diff', 'six.ssp', 'study.ssp.lock']);
  expect(other.code).toBe(1);
  expect(other.out).toContain('n  6 → 5');
  take('.ssp');
  const locks = await ssp(folder, ['diff', 'study.ssp', 'six.ssp']);
  expect(locks.out).toContain('sum v  13 → 14');
});

it('compares a file with itself under other settings', async () => {
  const same = await ssp(folder, ['diff', 'study.ssp', 'study.ssp', '--set', 'k=6']);
  expect(same.code).toBe(0);
  expect(same.err).toContain('--set-b');
  const other = await ssp(folder, ['diff', 'study.ssp', 'study.ssp', '--set-b', 'k=6']);
  expect(other.code, other.err).toBe(1);
  expect(other.out).toContain('study.ssp → study.ssp --set k=6: not the same experiment');
  expect(other.out).toContain('n  5 → 6');
  const lock = await ssp(folder, ['diff', 'study.ssp', 'study.ssp.lock', '--set-b', 'k=6']);
  expect(lock.code).toBe(2);
});

it('says which field a frozen run disagrees on, and the settings of the lock', async () => {
  const lock = () => readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  const before = lock();
  const trial = await ssp(folder, ['run', 'study.ssp', '--set', 'k=6']);
  expect(trial.code).toBe(0);
  expect(trial.err).toContain('lock: study.ssp@k=6.lock, as study.ssp.lock is of no `--set`');
  expect(lock()).toBe(before);
  expect((await ssp(folder, ['run', 'study.ssp', '--frozen', '--set', 'k=6'])).code).toBe(0);
  take('study.ssp@k=6.lock');
  const frozen = await ssp(folder, ['run', 'study.ssp', '--frozen', '--set', 'k=6']);
  expect(frozen.code).toBe(1);
  expect(frozen.err).toContain('`sum` (study.ssp:7): n 5 → 6');
  take('study.ssp.lock');
  await ssp(folder, ['run', 'study.ssp', '--set', 'k=6']);
  expect(lock()).toContain('k: "6"');
  const six = lock();
  const seven = await ssp(folder, ['run', 'study.ssp', '--set', 'k=7']);
  expect(seven.err).toContain('lock: study.ssp@k=7.lock, as study.ssp.lock is of `--set k=6`');
  const plain = await ssp(folder, ['run', 'study.ssp', '--frozen']);
  expect(plain.code).toBe(1);
  expect(plain.err).toContain('n 6 → 5');
  expect(plain.err).toContain('the lock was made with `--set k=6`');
  expect((await ssp(folder, ['run', 'study.ssp', '--frozen', '--set', 'k=6'])).code).toBe(0);
  // The file's own settings are what the lock beside it is of.
  const own = await ssp(folder, ['run', 'study.ssp']);
  expect(own.err).toContain('was of `--set k=6`, whose lock is study.ssp@k=6.lock now');
  expect(lock()).toBe(before);
  expect(readFileSync(join(folder, 'study.ssp@k=6.lock'), 'utf8')).toBe(six);
});
