import { expect, it } from 'vitest';
import { parseSite, siteOf } from '../../../src/execute/slurm/site.js';
import {
  type Group,
  grouped,
  inPattern,
  resourceOptions,
  sbatchWords,
  scriptText,
} from '../../../src/execute/slurm/submission.js';
import { outputPath } from '../../../src/execute/slurm/submitted.js';
import type { Task } from '../../../src/execute/task.js';

const task = (key: string, needs: Partial<Task> = {}): Task =>
  ({ key, gpus: [], threads: 1, ...needs }) as unknown as Task; // the rest is not read
const none: Group = {
  need: { gpus: 0, cpus: 1, memoryBytes: undefined, timeoutSeconds: undefined },
  tasks: [],
};
const many = (count: number): Task[] => Array.from({ length: count }, (_, n) => task(String(n)));

it('submits a thousand points at once, and what needs something else apart', () => {
  const site = siteOf({});
  expect(grouped(many(1000), site)).toHaveLength(1);
  expect(grouped(many(1001), site).map(({ tasks }) => tasks.length)).toEqual([1000, 1]);
  const gpu = task('g', { gpus: [0] });
  expect(grouped([...many(2), gpu], site).map(({ tasks }) => tasks.flat())).toEqual([
    ['0', '1'],
    ['g'],
  ]);
  expect(grouped(many(5), siteOf({ points_per_task: 2 }))[0]?.tasks).toEqual([
    ['0', '1'],
    ['2', '3'],
    ['4'],
  ]);
});

it('asks for what annotations and the site file say', () => {
  const site = siteOf({
    partition: 'gpu',
    account: 'lab',
    gpu: { gres: 'gpu:a100' },
    time: '24h',
    memory: '4G',
    options: ['--exclude=n9'],
  });
  const needs = { gpus: [0, 1], threads: 8, memoryBytes: 16e9, timeoutSeconds: 3600 };
  const [group = none] = grouped([task('a', needs)], site);
  expect(resourceOptions(group, site)).toEqual([
    '--partition=gpu',
    '--account=lab',
    '--nodes=1',
    '--ntasks=1',
    '--cpus-per-task=8',
    '--mem=15259M',
    '--time=65',
    '--gres=gpu:a100:2',
    '--exclude=n9',
  ]);
  const [long] = grouped([task('a', { timeoutSeconds: 90_000_000 })], site);
  expect(long && resourceOptions(long, site)).toContain('--time=1440');
  expect(long && resourceOptions(long, site)).toContain('--mem=4G');
  const words = sbatchWords(
    group,
    { ...site, atOnce: 4 },
    { name: 'ssp-1', script: 's.sh', output: outputPath(inPattern('a%b'), '%a') },
  );
  expect(words).toEqual(
    expect.arrayContaining([
      '--array=0-0%4',
      '--requeue',
      '--signal=B:USR2@120',
      '--output=a%%b/out-%a.txt',
    ]),
  );
});

it('writes a script that a shell takes for what it is', () => {
  const text = scriptText(['/usr/bin/node', "it's/main.js"], {
    name: 'ssp-1',
    list: '/a b/tasks',
    store: '/s',
    prologue: ['module load cuda'],
  });
  expect(text).toContain(
    "\nmodule load cuda\nexec /usr/bin/node 'it'\\''s/main.js' exec-stage --many '/a b/tasks' --store /s --line \"$SLURM_ARRAY_TASK_ID\"\n",
  );
});

it.each([
  [
    'slurm:\n  partiton: gpu\n',
    'ssp.yaml:2: `slurm.partiton` is not known',
    'did you mean `partition`?',
  ],
  [
    'slurm:\n  cpus: 1\n  time: 24\n',
    'ssp.yaml:3: `slurm.time` is 24, and must be string',
    'the longest time of one allocation',
  ],
  [
    'slurm:\n  options:\n    - --exclude=n1\n    - --job-name=x\n',
    'ssp.yaml:4: `--job-name` cannot be given to sbatch',
    'jobs are found again by it',
  ],
  ['slurm: [\n', 'ssp.yaml:2: ', 'a site file is YAML'],
  ['- slurm\n', 'ssp.yaml:1: the file is ["slurm"], and has to have `slurm` or', 'have examples'],
])('says where a site file is wrong: %j', (text, message, help) => {
  expect(() => parseSite(text, 'ssp.yaml')).toThrow(
    expect.objectContaining({
      code: 'bad-site',
      message: expect.stringContaining(message),
      help: expect.stringContaining(help),
    }),
  );
});

it('takes an empty site file', () => {
  expect(parseSite('', 'ssp.yaml')).toEqual({ slurm: siteOf({}), remotes: {} });
  const remotes = { lab: '../shared' };
  expect(parseSite('remotes: {lab: ../shared}', 'ssp.yaml').remotes).toEqual(remotes);
  expect(() => parseSite('remotes:\n  "a b": x', 'ssp.yaml')).toThrow(/ssp\.yaml/);
});
