import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { siteOf } from '../../../src/execute/slurm/site.js';
import {
  arraysOf,
  type OpenPoint,
  staticScript,
} from '../../../src/execute/slurm/static-script.js';
import { ssp } from '../../support/ssp.js';

const need = { gpus: 0, cpus: 1, memoryBytes: undefined, timeoutSeconds: undefined };
const point = (id: string, after: readonly string[] = [], more = {}): OpenPoint => ({
  id,
  name: id.replace(/\[.*/, ''),
  need: { ...need, ...more },
  after,
});

it('makes an array of each declaration and need, behind those of its inputs', () => {
  const open = [
    point('a[x=1]'),
    point('a[x=2]'),
    point('a[x=3]', [], { gpus: 1 }),
    point('b[x=1]', ['a[x=1]', 'a[x=2]']),
    point('b[x=3]', ['a[x=3]']),
    point('c', ['b[x=1]', 'b[x=3]']),
  ];
  expect(arraysOf(open, siteOf({})).map(({ tasks, after }) => [tasks.flat(), after])).toEqual([
    [['a[x=1]', 'a[x=2]'], []],
    [['a[x=3]'], []],
    [
      ['b[x=1]', 'b[x=3]'],
      [0, 1],
    ],
    [['c'], [2]],
  ]);
  const small = arraysOf(open.slice(0, 2), siteOf({ max_array: 1 }));
  expect(small.map(({ tasks }) => tasks)).toEqual([[['a[x=1]']], [['a[x=2]']]]);
  const many = arraysOf(open.slice(0, 2), siteOf({ points_per_task: 2 }));
  expect(many.map(({ tasks }) => tasks)).toEqual([[['a[x=1]', 'a[x=2]']]]);
});

it('keeps points of a declaration apart that wait for each other', () => {
  const open = [point('t[x=1]'), point('t[x=2]', ['t[x=1]'])];
  expect(arraysOf(open, siteOf({})).map(({ after }) => after)).toEqual([[], [0]]);
});

it('ends a here-document with a word that no line of it is', () => {
  const site = siteOf({ prologue: ['cat <<END', 'END', 'END_'] });
  const text = staticScript(
    {
      file: 'study.ssp',
      cwd: '/a b',
      points: 1,
      command: ['ssp', 'run', 'study.ssp'],
      only: [],
      output: '/s/100%',
      arrays: arraysOf([point("a[x=it's\nEND__\n]")], site),
    },
    site,
  );
  expect(text).toContain("<<'END___'\n");
  expect(text).toContain('--output=/s/100%%/%x-%A_%a.log');
  execFileSync('bash', ['-n'], { input: text });
});

/** A study of two short stages with labels that a shell would read otherwise, and an `sbatch` that does all at once. */
function lab(site = '') {
  const at = mkdtempSync(join(tmpdir(), "ssp export's $HOME "));
  onTestFinished(() => rmSync(at, { recursive: true, force: true }));
  const [cluster, bin] = [join(at, 'cluster'), join(at, 'bin')];
  for (const folder of [cluster, bin]) mkdirSync(folder);
  copyFileSync(join(import.meta.dirname, 'fake-sbatch.mjs'), join(bin, 'sbatch'));
  chmodSync(join(bin, 'sbatch'), 0o755);
  writeFileSync(join(at, 'ssp.yaml'), `slurm:\n  partition: long\n${site}`);
  writeFileSync(
    join(at, 'work.sh'),
    `echo "$1" >> "$COUNT"\ntest "$1" != "$BAD"\necho "{\\"value\\": \${#1}}" > "$2/metrics.json"\n`,
  );
  const study = 'my study.ssp';
  writeFileSync(
    join(at, study),
    `extern stage word(text: String) -> Metrics{value: Int}
  command "sh -e work.sh {text} {out}"
  reads: ["work.sh"]

extern stage twice(of: Int, text: String) -> Metrics{value: Int}
  command "sh -e work.sh twice-{of} {out}"
  reads: ["work.sh"]

axis text = ["it's", "two words", "$HOME \`x\`", "a, b]"]

@cpus(2)
evaluate first = word(text)
evaluate second = twice(first.value, text)
report all = table(mean(second.value, over: text))
`,
  );
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    FAKE_SLURM: cluster,
    COUNT: join(at, 'count'),
    BAD: '',
  };
  return {
    at,
    study,
    export: (...words: string[]) => ssp(at, ['export', 'slurm', study, ...words], { env }),
    run: (...words: string[]) => ssp(at, ['run', study, ...words], { env }),
    submit: (script: string, more: Readonly<Record<string, string>> = {}) =>
      spawnSync('bash', [join(at, script)], {
        cwd: tmpdir(),
        env: { ...process.env, NO_COLOR: '1', SSP_STORE: '', ...env, ...more },
        encoding: 'utf8',
      }),
    jobs: () =>
      JSON.parse(readFileSync(join(cluster, 'jobs.json'), 'utf8')) as readonly {
        words: readonly string[];
        after: readonly number[];
        codes: readonly (number | null)[];
        cancelled: boolean;
      }[],
    done: () => readFileSync(join(at, 'count'), 'utf8').trim().split('\n').sort(),
    text: (name: string) => readFileSync(join(at, name), 'utf8'),
  };
}

const WORK = [
  '$HOME `x`',
  'a, b]',
  "it's",
  'twice-4',
  'twice-5',
  'twice-9',
  'twice-9',
  'two words',
];

it('writes a script that does all points once, in order, and then the lock', async () => {
  const l = lab('  prologue: ["export SEEN=yes"]\n');
  const { code, err } = await l.export('-o', 'all of it.sh');
  expect([code, err]).toEqual([0, '8 results to be made in 2 arrays, 0 there\n']);
  const script = l.text('all of it.sh');
  expect(script).toContain(`--only 'first[text=it'\\''s]'`);
  expect(script).toContain('\nexport SEEN=yes\n');
  execFileSync('bash', ['-n', join(l.at, 'all of it.sh')]);
  const { status, stdout, stderr } = l.submit('all of it.sh', { SBATCH_PARTITION: 'other' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^1 {2}first: 4 points\n2 {2}second: 4 points\n3 {2}tables and lock\nthe tables come into .*\/tables-3\.log\n$/,
  );
  const jobs = l.jobs();
  expect(jobs.map(({ after, codes }) => [after, codes])).toEqual([
    [[], [0, 0, 0, 0]],
    [[1], [0, 0, 0, 0]],
    [[1, 2], [0]],
  ]);
  expect(jobs[0]?.words).toEqual(
    expect.arrayContaining([
      '--parsable',
      '--kill-on-invalid-dep=yes',
      '--array=0-3',
      '--partition=long',
      '--cpus-per-task=2',
    ]),
  );
  expect(l.done()).toEqual(WORK);
  expect(l.text('.ssp/slurm/export/tables-3.log')).toContain('8 hit');
  expect(existsSync(join(l.at, `${l.study}.lock`))).toBe(true);
  // Nothing is left to do, for the script as for a driver.
  expect(l.submit('all of it.sh').status).toBe(0);
  expect((await l.run('--frozen')).err).toContain('0 ran, 8 hit');
  expect(l.done()).toEqual(WORK);
  const again = await l.export();
  expect(again.err).toBe('0 results to be made in 0 arrays, 8 there\n');
  expect(again.out).not.toContain('--array');
}, 120_000);

it('leaves out what is there, writes no lock beside others, and stops behind a failure', async () => {
  const l = lab();
  expect((await l.run('--only', "first[text: it's]")).code).toBe(0);
  const { err } = await l.export('-o', 's.sh');
  expect(err).toBe('7 results to be made in 3 arrays, 1 there\n');
  const { status } = l.submit('s.sh', { BAD: 'two words' });
  expect(status).toBe(0);
  expect(l.jobs().at(-1)?.cancelled).toBe(true);
  expect(existsSync(join(l.at, `${l.study}.lock`))).toBe(false);
  // The script goes on where it stopped.
  const before = l.done().length;
  expect(l.submit('s.sh').status).toBe(0);
  expect(l.jobs().at(-1)?.codes).toEqual([0]);
  expect(l.done().length - before).toBe(WORK.length + 1 - before);
  expect(existsSync(join(l.at, `${l.study}.lock`))).toBe(true);
}, 120_000);

it('does all points of a task, whatever becomes of one', async () => {
  const l = lab('  points_per_task: 4\n');
  await l.export('-o', 's.sh');
  expect(l.submit('s.sh', { BAD: "it's" }).status).toBe(0);
  expect(l.done()).toHaveLength(4);
  expect(l.jobs().map(({ cancelled }) => cancelled)).toEqual([false, true, true]);
}, 60_000);

it('asks for GPUs where the site has them, and never computes without', async () => {
  const l = lab('  gpu: {gres: "gpu:a100"}\n');
  const { out } = await l.export();
  expect(out).toContain('--gres=gpu:a100:1');
  const { err, code } = await ssp(l.at, ['run', l.study, '--executor', 'allocation'], {
    env: { SLURM_JOB_ID: '1', CUDA_VISIBLE_DEVICES: '', COUNT: join(l.at, 'count'), BAD: '' },
  });
  expect([code, err.includes('needs 1 GPU; this job of Slurm has 0')]).toEqual([1, true]);
  expect(existsSync(join(l.at, 'count'))).toBe(false);
});

it.each([
  [['export', 'pbs', 'x.ssp'], '`pbs` is nothing to export to'],
  [['run', 'my study.ssp', '--executor', 'allocation'], 'SLURM_JOB_ID is not set'],
])('says what is wrong: %j', async (words, message) => {
  const { code, err } = await ssp(lab().at, words, { env: { BAD: '' } });
  expect([code, err.includes(message)]).toEqual([2, true]);
});
