import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SspError, UsageError } from '../../base/errors.js';
import { inWorker } from '../../execute/local/local-executor.js';
import { doArrayTask } from '../../execute/slurm/array-task.js';
import { tasksIn } from '../../execute/slurm/submitted.js';
import { Store } from '../../execute/store/store.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { storeFolder } from '../study/store-folder.js';
import { workerCommand } from './local-workers.js';

/** `exec-stage --many LIST`: the keys of a list, or of one line of it as a task of an array of Slurm. */
export async function execMany(
  io: Io,
  key: string,
  list: string,
  options: Options & { readonly line?: string | undefined },
): Promise<number> {
  if (key !== '') throw new UsageError('a key was given beside --many', 'write it into the list');
  const store = new Store(storeFolder(io, options));
  const path = resolve(io.cwd, list);
  const lines = tasksIn(listText(path));
  const ending = new AbortController();
  const expiring = new AbortController();
  process.on('SIGTERM', () => ending.abort());
  process.on('SIGINT', () => ending.abort());
  process.on('SIGUSR2', () => expiring.abort());
  const keys =
    options.line === undefined ? lines.flat() : lines[lineOf(options.line, lines.length)];
  return doArrayTask({
    store,
    folder: dirname(path),
    keys: keys ?? [],
    attempt: inWorker(
      workerCommand(store),
      // The cluster says which GPUs are ours.
      () => io.env.CUDA_VISIBLE_DEVICES ?? '-1',
    ),
    ending: ending.signal,
    expiring: expiring.signal,
    requeue: () => requeued(io.env),
    restarts: Number(io.env.SLURM_RESTART_COUNT ?? 0),
  });
}

function listText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SspError('no-list', `the list ${path} cannot be read`, { cause: error });
  }
}

function lineOf(text: string, count: number): number {
  const line = Number(text);
  if (Number.isInteger(line) && line >= 0 && line < count) return line;
  throw new UsageError(`--line ${text}: the list has ${count} lines, from 0`);
}

/** Asks Slurm to start this task again later. */
async function requeued(env: Io['env']): Promise<boolean> {
  const { SLURM_ARRAY_JOB_ID: job, SLURM_ARRAY_TASK_ID: task } = env;
  if (job === undefined || task === undefined) return false;
  try {
    await promisify(execFile)('scontrol', ['requeue', `${job}_${task}`]);
    return true;
  } catch {
    return false;
  }
}
