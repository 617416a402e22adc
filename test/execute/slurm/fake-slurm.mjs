#!/usr/bin/env node
// `sbatch`, `squeue`, `sacct` and `scontrol` as far as ssp uses them, by the name that this is called by.
// Each task of an array is a process here. FAKE_SLURM is a folder: `jobs.json` has what was submitted,
// `asked` a line for each call; `fate.json` says what the cluster does: {"0": "cancel"} by task, or
// {"all": …}; `down` lets that many calls fail as if the controller did not answer.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = process.env.FAKE_SLURM;
const at = (name) => join(root, name);
const json = (name, none) =>
  existsSync(at(name)) ? JSON.parse(readFileSync(at(name), 'utf8')) : none;
const [program, words] = [basename(process.argv[1]), process.argv.slice(2)];
appendFileSync(at('asked'), `${program} ${words.join(' ')}\n`);
const down = json('down', 0);
if (down > 0 && program !== 'scontrol') {
  writeFileSync(at('down'), String(down - 1));
  console.error(`${program}: error: Unable to contact slurm controller (connect failure)`);
  process.exit(1);
}
const option = (name) => words.find((w) => w.startsWith(`--${name}=`))?.slice(name.length + 3);
const jobs = json('jobs.json', []);
const fate = json('fate.json', {});

/** What ends a task that never runs, or that runs. */
const fates = {
  cancel: 'CANCELLED',
  node: 'NODE_FAIL',
  preempt: 'PREEMPTED',
  memory: 'OUT_OF_MEMORY',
  time: 'TIMEOUT',
  silent: 'FAILED',
};

if (program === 'sbatch') {
  if (fate.refuse) {
    console.error(`sbatch: error: ${fate.refuse}`);
    process.exit(1);
  }
  if (fate.full) {
    console.error('sbatch: error: AssocMaxSubmitJobLimit');
    console.error(
      "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
    );
    writeFileSync(at('fate.json'), JSON.stringify({ ...fate, full: fate.full - 1 }));
    process.exit(1);
  }
  const [, last = '0'] = /^0-(\d+)/.exec(option('array')) ?? [];
  const id = jobs.length + 1;
  const tasks = {};
  for (let n = 0; n <= Number(last); n += 1) {
    const mine = fate[n] ?? fate.all;
    // What the cluster does to a task it does once, unless it holds it.
    if (mine === 'hold') tasks[n] = { held: true };
    else if (mine === 'forget' && id === 1) tasks[n] = { forgotten: true };
    else if (mine in fates && (id === 1 || mine !== 'node')) tasks[n] = { state: fates[mine] };
    else {
      const out = openSync(
        option('output').replace(/%(%|a)/g, (_, c) => (c === 'a' ? String(n) : '%')),
        'a',
      );
      const env = {
        ...process.env,
        SLURM_ARRAY_JOB_ID: String(id),
        SLURM_ARRAY_TASK_ID: String(n),
      };
      const child = spawn('bash', [words.at(-1)], {
        env,
        detached: true,
        stdio: ['ignore', out, out],
      });
      child.unref();
      tasks[n] = { pid: child.pid, ...(mine === 'memory-at-work' && { over: 'OUT_OF_MEMORY' }) };
    }
  }
  writeFileSync(
    at('jobs.json'),
    JSON.stringify([...jobs, { id, name: option('job-name'), words, tasks }]),
  );
  if (fate.mute) {
    console.error(
      'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
    );
    writeFileSync(at('fate.json'), '{}');
    process.exit(1);
  }
  console.log(id);
}
const stateOf = ({ held, state, pid, over }) => {
  if (held) return 'PENDING|JobHeldUser';
  if (state) return `${state}|None`;
  if (over && existsSync(process.env.COUNT)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has been asked before.
    }
    return `${over}|None`;
  }
  try {
    process.kill(pid, 0);
    return 'RUNNING|None';
  } catch {
    return 'COMPLETED|None';
  }
};
if (program === 'squeue') {
  for (const { id, name, tasks } of jobs) {
    for (const [n, task] of Object.entries(tasks)) {
      if (!task.forgotten) console.log(`${id}|${n}|${stateOf(task)}|${name}`);
    }
  }
}
if (program === 'sacct') {
  if (!fate.accounting) {
    console.error('Slurm accounting storage is disabled');
    process.exit(1);
  }
  for (const { id, tasks } of jobs) {
    for (const n of Object.keys(tasks)) console.log(`${id}_${n}|${fate.accounting}`);
  }
}
