import { dirname, join } from 'node:path';
import { systemCode } from '../../base/errors.js';
import { digestOfRecord, keyOfTraining } from '../../plan/key.js';
import type { KeptEpochs, Task } from '../task.js';
import { listed, statAt } from './entry.js';
import type { Store } from './store.js';

/**
 * The checkpoints that a training keeps of some epochs: `epochs/KEY/10.safetensors` of the store, under
 * the key of the training. For the task of the training and for those of the encoders on its way; none
 * for other tasks.
 */
export function keptEpochs(store: Store, task: Task): KeptEpochs | undefined {
  const { record, keep: wanted = [], rungs = [] } = task;
  const { epoch: until } = record;
  if (wanted.length === 0 && until === undefined) return undefined;
  // a training itself goes on from what was kept only where it stopped there
  const last = until ?? Math.max(0, ...rungs);
  const folder = store.epochsPath(keyOfTraining(record));
  const path = (epoch: number): string => join(folder, `${epoch}.safetensors`);
  return {
    wanted,
    until,
    keep: (epoch, checkpoint) => {
      if (statAt(path(epoch))) return;
      store.makeFolder(folder);
      put(store, checkpoint, path(epoch));
    },
    nearest: () => {
      const epochs = listed(folder).flatMap((name) => /^(\d+)\.safetensors$/.exec(name)?.[1] ?? []);
      const before = epochs.map(Number).filter((epoch) => epoch <= last);
      if (before.length === 0) return undefined;
      return path(Math.max(...before));
    },
  };
}

/** How long a training took up to where it goes on: at each rung it went on from the one before. */
export function secondsOfRungs(store: Store, { record, rungs = [] }: Task): number {
  return rungs.reduce((sum, epoch) => {
    const found = store.find(digestOfRecord({ ...record, epoch }));
    return found.kind === 'hit' ? sum + found.record.seconds : sum;
  }, 0);
}

/** A checkpoint is never changed, but replaced: a second name keeps it as it is. */
function put(store: Store, from: string, to: string): void {
  try {
    store.disk.link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    // A file system without links.
    const copy = store.temporary('epoch');
    store.makeFolder(dirname(copy));
    store.disk.copyNow(from, copy);
    store.disk.rename(copy, to);
  }
}
