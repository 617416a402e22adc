import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SspError, UsageError } from '../../base/errors.js';
import { inWorker } from '../../execute/local/local-executor.js';
import { doArrayTask } from '../../execute/slurm/array-task.js';
import { tasksIn } from '../../execute/slurm/submitted.js';
import { isDigest } from '../../execute/store/stored-form.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { storeFolder } from '../study/store-folder.js';
import { storeThere } from '../study/store-there.js';
import { workerCommand } from './local-workers.js';

/** `exec-stage --many LIST`: the keys of a list, or of one line of it as a task of an array of Slurm. */
export async function execMany(
  io: Io,
  key: string,
  list: string,
  options: Options & { readonly line?: string | undefined },
): Promise<number> {
  if (key !== '') throw new UsageError('a key was given beside --many', 'write it into the list');
  const store = storeThere(storeFolder(io, options));
  const path = resolve(io.cwd, list);
  const text = listText(path);
  checkList(text, list);
  const lines = tasksIn(text);
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
    onEnd: (ended, end) => {
      if (end.state === 'done') io.out(`${ended} ${end.outcome}`);
      else {
        const { message, help } = end.failure;
        io.err(`${ended} failed: ${message}${help === undefined ? '' : `\n  help: ${help}`}`);
      }
    },
  });
}

function listText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SspError('no-list', `the list ${path} cannot be read`, { cause: error });
  }
}

/** @throws SspError `no-list` where something else stands in it than keys. */
function checkList(text: string, list: string): void {
  const help = 'a line has one key or several, each of 64 hexadecimal digits, with spaces between';
  const lines = text.split('\n').map((line) => line.split(' ').filter((word) => word !== ''));
  const at = lines.findIndex((words) => !words.every(isDigest));
  if (at >= 0)
    throw new SspError('no-list', `${list}:${at + 1} has something else than keys`, { help });
  if (lines.flat().length === 0) throw new SspError('no-list', `${list} has no keys`, { help });
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
