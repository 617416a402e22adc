#!/usr/bin/env node
// `sbatch` that does the script on its stdin at once: all tasks of an array beside each other, and nothing
// when a job that it waits for has failed. FAKE_SLURM is a folder: `jobs.json` has what was submitted, and the
// exit codes of tasks.
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const state = join(process.env.FAKE_SLURM, 'jobs.json');
const jobs = existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : [];
const words = process.argv.slice(2);
const option = (name) => words.find((w) => w.startsWith(`--${name}=`))?.slice(name.length + 3);
const script = readFileSync(0, 'utf8');
const id = jobs.length + 1;
const [, last] = /^0-(\d+)/.exec(option('array') ?? '') ?? [];
const after = (option('dependency') ?? 'afterok').split(':').slice(1).map(Number);
const isDone = (n) => jobs[n - 1]?.codes.every((code) => code === 0) === true;
const tasks = after.every(isDone) ? Array.from({ length: Number(last ?? 0) + 1 }, (_, n) => n) : [];
const codes = await Promise.all(tasks.map(codeOf));
const cancelled = codes.length === 0;
jobs.push({ id, words, after, codes: cancelled ? [null] : codes, cancelled });
writeFileSync(state, JSON.stringify(jobs));
console.log(`${id};cluster`);

/** Does one task. */
function codeOf(n) {
  const values = { x: option('job-name'), A: id, j: id, a: n, '%': '%' };
  const path = option('output').replaceAll(/%([xAja%])/g, (_, name) => values[name]);
  const out = openSync(path, 'a');
  const child = spawn('bash', ['-s'], {
    env: {
      ...process.env,
      SLURM_JOB_ID: String(id),
      ...(last === undefined ? {} : { SLURM_ARRAY_TASK_ID: String(n) }),
    },
    stdio: ['pipe', out, out],
  });
  child.stdin.end(script);
  return new Promise((resolve) => child.on('close', resolve));
}
