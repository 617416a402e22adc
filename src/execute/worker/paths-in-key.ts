import { SspError } from '../../base/errors.js';
import { type ContentState, contentState, isUntouched } from '../store/content.js';
import type { Store } from '../store/store.js';
import type { Task } from '../task.js';

/** The code of the failure of a stage whose files were changed after it was planned. */
export const STALE = 'input-stale';

type Path = Task['paths'][number];

/**
 * The state of the files and folders that a key names, before the work. Throws a STALE SspError when
 * one is not what it was when the key was made.
 */
export async function pathsInKey(
  task: Task,
  store: Store,
): Promise<ReadonlyMap<Path, ContentState>> {
  const states = new Map<Path, ContentState>();
  for (const of of task.paths) {
    const state = await contentState(of.path, of.kind, { memory: store.memory });
    if (state.digest !== of.digest) throw stale(of.path, task);
    states.set(of, state);
  }
  return states;
}

/** A file that is no longer what it was when a stage was planned. */
export function stale(path: string, task: Task): SspError {
  return new SspError(STALE, `${path} was changed after \`${task.id}\` was planned`, {
    help: 'run `ssp run` again: the key is made from its content now',
  });
}

/**
 * After the work: throws an SspError when something was written to a file that the key names, put
 * back or not. A module counts as it was imported, whatever became of its file then.
 */
export async function checkUntouched(
  task: Task,
  before: ReadonlyMap<Path, ContentState>,
  imported: ReadonlyMap<string, string>,
  store: Store,
): Promise<void> {
  for (const [of, state] of before) {
    if (of.kind === 'file' && imported.get(of.path) === of.digest) continue;
    if (isUntouched(state, await contentState(of.path, of.kind, { memory: store.memory })))
      continue;
    throw new SspError('input-changed', `${of.path} was written to while \`${task.id}\` ran`, {
      help: 'what the result was made of is not certain, so it is not kept; run again',
    });
  }
}
