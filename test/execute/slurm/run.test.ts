import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { digestOf } from '../../../src/base/canonical.js';
import { lockKey } from '../../../src/execute/store/key-lock.js';
import { Store } from '../../../src/execute/store/store.js';
import { type Finished, ssp } from '../../support/ssp.js';

/** A study of some short stages, and a cluster that is none. */
function lab(fate: Readonly<Record<string, unknown>> = {}, site = '', before = '') {
  const at = mkdtempSync(join(tmpdir(), 'ssp-slurm-'));
  onTestFinished(() => rmSync(at, { recursive: true, force: true }));
  const cluster = join(at, 'cluster');
  const bin = join(at, 'bin');
  for (const folder of [cluster, bin]) mkdirSync(folder);
  const fake = join(bin, 'fake-slurm.mjs');
  copyFileSync(join(import.meta.dirname, 'fake-slurm.mjs'), fake);
  chmodSync(fake, 0o755);
  for (const name of ['sbatch', 'squeue', 'sacct', 'scontrol']) symlinkSync(fake, join(bin, name));
  writeFileSync(join(cluster, 'fate.json'), JSON.stringify(fate));
  writeFileSync(
    join(at, 'ssp.yaml'),
    `slurm:\n  poll: 1\n${site.includes('grace') ? '' : '  grace: 3\n'}${site}`,
  );
  writeFileSync(
    join(at, 'work.sh'),
    `echo "$1" >> "$COUNT"\n${before}\necho "{\\"value\\": $1}" > "$2/metrics.json"\n`,
  );
  writeFileSync(
    join(at, 'study.ssp'),
    `extern stage point(n: Int) -> Metrics{value: Int}
  command "sh work.sh {n} {out}"
  reads: ["work.sh"]

axis n = 1..3
evaluate result = point(n)
report all = table(mean(result.value, over: n))
`,
  );
  const env = { PATH: `${bin}:${process.env.PATH}`, FAKE_SLURM: cluster, COUNT: join(at, 'count') };
  return {
    at,
    gc: (...words: string[]) => ssp(at, ['gc', ...words], { env }),
    local: (...words: string[]) => ssp(at, ['run', 'study.ssp', ...words], { env }),
    set: (name: string, text: string) => writeFileSync(join(cluster, name), text),
    run: (more: Parameters<typeof ssp>[2] = {}, ...words: string[]): Promise<Finished> =>
      ssp(at, ['run', 'study.ssp', '--executor', 'slurm', ...words], { ...more, env }),
    asked: (program: string) =>
      readFileSync(join(cluster, 'asked'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${program} `)),
    done: () => readFileSync(join(at, 'count'), 'utf8').trim().split('\n').sort(),
  };
}

it('does what is ready as one array, once', async () => {
  const l = lab();
  const { code, out, err } = await l.run();
  expect(err).toContain('3 points submitted as job 1');
  expect([code, out.includes('2')]).toEqual([0, true]);
  expect(l.done()).toEqual(['1', '2', '3']);
  expect(l.asked('sbatch')).toHaveLength(1);
  expect((await l.run()).err).toContain('0 ran, 3 hit');
});

it('leaves with --detach, and a later run picks the jobs up', async () => {
  const l = lab({ all: 'hold' });
  const first = await l.run({}, '--detach');
  expect(first.err).toMatch(
    /3 points go on in Slurm; .*`scancel --name=ssp-[0-9a-f]{16}` ends them/,
  );
  expect(first.code).toBe(0);
  const second = await l.run({}, '--detach');
  expect(second.err).toContain('with Slurm already: 3 points');
  expect(l.asked('sbatch')).toHaveLength(1);
});

it('says what goes on after Ctrl-C, and what a job waits for', async () => {
  const l = lab({ 0: 'hold' });
  let told = false;
  const { code, err } = await l.run({
    onErr: (said, kill) => {
      if (told || !said.includes('it is held')) return;
      told = true;
      kill('SIGINT');
    },
  });
  expect(err).toContain('(`result[n=1]`) waits: it is held; `scontrol release 1_0` lets it go on');
  expect(err).toMatch(/points? goe?s? on in Slurm; the next `ssp run` picks them up/);
  expect(code).toBe(130);
});

it.each([
  ['cancel', '`result[n=1]` (job 1_0) was cancelled before it began'],
  ['memory', '`result[n=1]` (job 1_0) ran out of the memory it had asked for'],
  ['time', 'was ended at the limit of its allocation'],
  ['silent', 'ended before its stage began'],
])('says what the cluster did: %s', async (fate, message) => {
  const l = lab({ 0: fate });
  const { code, err } = await l.run({}, '--keep-going');
  expect(err).toContain(message);
  expect([code, l.done()]).toEqual([1, ['2', '3']]);
});

it.each(['node', 'preempt', 'forget'])('submits again what the cluster lost: %s', async (fate) => {
  const l = lab(fate === 'preempt' ? { 0: 'preempt' } : { 0: fate }, '  requeues: 1\n');
  const { code, err } = await l.run();
  expect(err).toContain('1 point to be submitted again');
  if (fate === 'preempt') expect(err).toContain('was lost 2 times');
  else expect([code, l.done()]).toEqual([0, ['1', '2', '3']]);
});

it('learns from accounting what squeue has forgotten', async () => {
  const l = lab({ 0: 'forget', accounting: 'OUT_OF_MEMORY' });
  expect((await l.run()).err).toContain('ran out of the memory');
  expect(l.asked('sacct')).toHaveLength(1);
});

it('waits for a controller that does not answer, and doubles nothing that it took', async () => {
  const l = lab({ mute: true });
  l.set('down', '1');
  const { code, err } = await l.run();
  expect(err).toContain('Unable to contact slurm controller');
  expect(err).toContain('Socket timed out');
  expect([code, l.done()]).toEqual([0, ['1', '2', '3']]);
  expect(l.asked('sbatch')).toHaveLength(1);
});

it('blames a point alone for what ends its task, and does those behind it', async () => {
  const l = lab(
    { 0: 'memory-at-work' },
    '  points_per_task: 3\n  requeues: 0\n',
    'if [ $1 = 1 ]; then sleep 60; fi',
  );
  const { code, err } = await l.run({}, '--keep-going');
  expect(err).toContain('`result[n=1]` (job 1_0) ran out of the memory it had asked for');
  expect(err).toContain('2 points to be submitted again: its task ended before it came to it');
  expect(err).toContain('2 ran, 0 hit, 1 failed');
  expect(code).toBe(1);
});

it('does a point once for two drivers, and neither waits for a word that the other has heard', async () => {
  const l = lab({}, '  grace: 600\n', 'sleep 2');
  for (const { code, out } of await Promise.all([l.run(), l.run()])) {
    expect([code, out.includes('2')]).toEqual([0, true]);
  }
  expect(l.done()).toEqual(['1', '2', '3']);
  expect(l.asked('sbatch')).toHaveLength(1);
});

it('says whom it waits for: another driver that submits, and who does a point already', async () => {
  // What is done here goes on until the other has said that it waits for it.
  const until = 'for i in $(seq 600); do [ -e "$COUNT.go" ] && break; sleep 0.1; done';
  const l = lab({}, '', `[ -z "$SLURM_ARRAY_JOB_ID" ] && ${until}`);
  const here = l.local('--only', 'result[n=1]');
  await vi.waitFor(() => expect(l.done()).toEqual(['1']), 10_000);
  const store = new Store(join(l.at, '.ssp'));
  store.prepare();
  const free = lockKey(store, digestOf('slurm', { lock: 'submission' }));
  const waits = /wait {2}result\[n=1\]: process \d+ of another run on/;
  const { code, err } = await l.run({
    onErr: (said) => {
      if (said.includes('to submit')) free?.();
      if (waits.test(said)) writeFileSync(join(l.at, 'count.go'), '');
    },
  });
  expect(err).toContain(`slurm: waits to submit: process ${process.pid} of another run on`);
  expect(err).toMatch(waits);
  expect(err).toContain('2 ran, 1 hit');
  expect([code, (await here).code, l.done()]).toEqual([0, 0, ['1', '2', '3']]);
});

it('leaves nothing of jobs whose driver has left once they are done and the store is swept', async () => {
  const l = lab();
  await l.run({}, '--detach');
  await vi.waitFor(() => expect(l.done()).toHaveLength(3), 10_000);
  await vi.waitFor(async () => expect((await l.local()).err).toContain('3 hit'), 10_000);
  const left = () => readdirSync(join(l.at, '.ssp', 'slurm'));
  expect(left()).toHaveLength(1);
  expect((await l.gc('--apply')).code).toBe(0);
  expect(left()).toEqual([]);
});

it('asks again, and says once why, where a user may not submit more for now', async () => {
  const l = lab({ full: 3 });
  const { code, err } = await l.run();
  expect(err.match(/AssocMaxSubmitJobLimit.*`max_array`/g)).toHaveLength(1);
  expect(err.match(/it answers again/g)).toHaveLength(1);
  expect([code, l.done(), l.asked('sbatch').length]).toEqual([0, ['1', '2', '3'], 4]);
});

it.each([
  'invalid partition specified: gpu',
  'QOSMaxWallDurationPerJobLimit; Job violates accounting/QOS policy (job submit limit, or others)',
])('says once what Slurm refuses: %s', async (refuse) => {
  const l = lab({ refuse });
  const { code, err } = await l.run();
  expect(err).toContain(`failed  result[n=1]: Slurm does not take it: ${refuse}`);
  expect(err).toContain('failed  result[n=2]: as result[n=1]');
  // What never began has no log.
  expect(err).not.toContain('its log is');
  expect([code, l.asked('sbatch').length]).toEqual([1, 1]);
});
