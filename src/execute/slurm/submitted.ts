import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { listed, statAt, textAt } from '../store/entry.js';
import type { Store } from '../store/store.js';
import { isDigest } from '../store/stored-form.js';
import { NAME } from './queue.js';
import { readStatus } from './status.js';
import type { Group } from './submission.js';

/**
 * One submission, as it lies in the store before sbatch is asked: `slurm/NAME/` with `tasks` (the keys
 * of each task, a line), `script.sh`, what the script of each task prints (`out-N.txt`), and what nodes say of
 * keys. Jobs are found by this name, so that no death between two steps loses or doubles one.
 */
export interface Submitted {
  readonly name: string;
  readonly folder: string;
  /** The number of the task that does a key. */
  readonly index: ReadonlyMap<string, number>;
}

const FORM = new RegExp(`^${NAME}[0-9a-f]{16}$`);
/** What was submitted so long ago and has left the queue is swept away. Milliseconds. */
const OLD = 7 * 86_400_000;

const folderOf = (store: Store, name: string): string => join(store.root, 'slurm', name);

/** Writes what a submission is about; `script` makes its text. */
export function prepareSubmission(
  store: Store,
  { tasks }: Group,
  script: (list: string, name: string) => string,
): Submitted {
  const name = `${NAME}${randomBytes(8).toString('hex')}`;
  const folder = folderOf(store, name);
  store.makeFolder(folder);
  store.replace(join(folder, 'script.sh'), script(listPath(folder), name));
  store.replace(listPath(folder), `${tasks.map((keys) => keys.join(' ')).join('\n')}\n`);
  return { name, folder, index: indexOf(tasks) };
}

export const listPath = (folder: string): string => join(folder, 'tasks');
/** Where the script of a task prints; `%a` is Slurm's word for its number. */
export const outputPath = (folder: string, task: number | '%a'): string =>
  join(folder, `out-${task}.txt`);
export const scriptPath = (folder: string): string => join(folder, 'script.sh');

function indexOf(tasks: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(tasks.flatMap((keys, n) => keys.map((key) => [key, n] as const)));
}

/** The keys of each task in a list. */
export const tasksIn = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter(isDigest));

/** All submissions that lie in a store; `known` are read already. */
export function submissionsIn(
  store: Store,
  known: ReadonlyMap<string, Submitted>,
): ReadonlyMap<string, Submitted> {
  const all = new Map<string, Submitted>();
  for (const name of listed(join(store.root, 'slurm'))) {
    if (!FORM.test(name)) continue;
    const folder = folderOf(store, name);
    const before = known.get(name);
    const list = before ? undefined : textAt(listPath(folder));
    if (before) all.set(name, before);
    else if (list !== undefined) all.set(name, { name, folder, index: indexOf(tasksIn(list)) });
  }
  return all;
}

/** Removes submissions of which everything is in the store, or that Slurm has long forgotten. */
export function sweepSubmissions(
  store: Store,
  all: Iterable<Submitted>,
  isQueued: (name: string) => boolean,
): void {
  for (const { name, folder, index } of all) {
    const isDone = [...index.keys()].every(
      (key) => readStatus(folder, key)?.state === 'done' || store.find(key).kind === 'hit',
    );
    const isOld = Date.now() - (statAt(folder)?.mtimeMs ?? 0) > OLD;
    if (isDone || (isOld && !isQueued(name))) store.disk.remove(folder);
  }
}
