import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { statAt } from '../store/entry.js';
import { lockKey } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import type { Task, WorkContext } from '../task.js';
import { checkedTask, checkInputs } from './exec-stage.js';
import { pathsInKey } from './paths-in-key.js';
import { secretsOf } from './secrets.js';
import { contextOf } from './work-context.js';
import type { WorkEvent } from './work-event.js';

/** A key of a store, and who hears of the work. */
export interface OfTask {
  readonly key: string;
  readonly store: Store;
  readonly onEvent?: (event: WorkEvent) => void;
}

/**
 * Looks into a stage that an attempt has left without a result: `work` gets what its work got, with the
 * checkpoint that it left. Nothing is published.
 * @throws SspError `no-task`, `wrong-task`, `input-lost`, `nothing-to-replay`, `busy`.
 */
export async function withTask<Result>(
  { key, store, ...options }: OfTask,
  work: (task: Task, context: WorkContext) => Promise<Result>,
): Promise<Result> {
  const found = store.find(key);
  if (found.kind === 'hit') throw noCheckpoint(found.record.id, 'it has a result: nothing broke');
  const task = checkedTask(store, key);
  const checkpoint = store.checkpointPath(key);
  if (statAt(checkpoint)?.isDirectory() !== true) throw noCheckpoint(task.id, 'run it first');
  const free = lockKey(store, key);
  if (free === undefined) {
    throw new SspError('busy', `\`${task.id}\` is at work in another process`, {
      help: 'wait until it has ended',
    });
  }
  const folder = store.temporary(key);
  try {
    const secrets = secretsOf(task, process.env);
    if (task.code === undefined) await checkInputs(task, store);
    await pathsInKey(task, store);
    const [out, temporary] = [join(folder, 'out'), join(folder, 'temporary')];
    for (const path of [out, temporary]) store.makeFolder(path);
    const folders = { out, temporary, checkpoint };
    return await work(task, contextOf(task, folders, new Set(), secrets, { store, ...options }));
  } finally {
    store.disk.remove(folder);
    free();
  }
}

const noCheckpoint = (id: string, help: string): SspError =>
  new SspError('nothing-to-replay', `\`${id}\` has left no checkpoint`, { help });
