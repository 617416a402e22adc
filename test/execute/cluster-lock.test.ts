import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { lockKey } from '../../src/execute/store/key-lock.js';
import { Store } from '../../src/execute/store/store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Is the lock free of a worker on another node that was not heard of for so many seconds? */
function isFree(seconds: number, squeue: string, job: string): boolean {
  const folder = temporaryFolder();
  const program = join(folder, 'squeue');
  writeFileSync(program, `#!/bin/sh\n${squeue}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  const store = new Store(join(folder, 'store'));
  const path = store.lockPath('a'.repeat(64));
  const slurm = { job, node: 'n1' };
  const holder = { pid: 7, start: '1', host: 'elsewhere', space: 'other', slurm };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(holder));
  const touched = Date.now() / 1000 - seconds;
  utimesSync(path, touched, touched);
  try {
    const free = lockKey(store, 'a'.repeat(64));
    free?.();
    return free !== undefined;
  } finally {
    vi.unstubAllEnvs();
  }
}

it.each([
  ['runs there', 120, 'echo RUNNING n1', false],
  ['was requeued and waits', 120, 'echo PENDING', true],
  ['was requeued and runs on another node', 120, 'echo RUNNING n2', true],
  ['runs on several nodes', 120, 'echo "RUNNING n[1-3]"', false],
  ['has ended', 120, 'echo COMPLETED n1', true],
  ['is forgotten', 120, 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1', true],
  ['cannot be asked for', 120, 'echo "Unable to contact slurm controller" >&2; exit 1', false],
  ['was heard of just now', 30, 'echo PENDING', false],
])('takes the lock of a job that %s as Slurm says', (what, seconds, squeue, free) => {
  // Answers hold for a while, so each has a job of its own.
  expect(isFree(seconds, squeue, String(what.length * 1000 + seconds))).toBe(free);
});

it('writes into a lock which job of Slurm holds it', () => {
  vi.stubEnv('SLURM_JOB_ID', '12');
  vi.stubEnv('SLURMD_NODENAME', 'n7');
  const store = new Store(temporaryFolder());
  const free = lockKey(store, 'b'.repeat(64));
  const text = readFileSync(store.lockPath('b'.repeat(64)), 'utf8');
  expect(JSON.parse(text).slurm).toEqual({ job: '12', node: 'n7' });
  free?.();
  vi.unstubAllEnvs();
});
