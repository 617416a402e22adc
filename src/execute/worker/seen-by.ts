import { resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import type { Seen } from '../../plan/point-code.js';
import { seenInKey } from '../../plan/seen.js';
import type { Store } from '../store/store.js';
import type { Task } from '../task.js';
import type { Observe } from './observe.js';
import { stale } from './paths-in-key.js';
import { seenAt, seenFolder } from './seen-files.js';

/** What the work of a stage of the user's own has seen beside what its key names. */
export interface SeenBy {
  /** To be called when the module is loaded: throws a STALE error if it is another than planned. */
  readonly loaded: () => void;
  /** The SHA-256 of modules as they were imported, by path. */
  readonly imported: () => ReadonlyMap<string, string>;
  /** What goes beside the result; none for a stage of the library. */
  readonly ended: () => Seen | undefined;
}

/** Begins to watch. Throws a STALE SspError when what the key has seen is otherwise now. */
export function seenBy(
  task: Task,
  { observe, store }: { readonly observe?: Observe; readonly store: Store },
): SeenBy {
  const { code, declared = '' } = task;
  if (code === undefined) {
    return { loaded: () => {}, imported: () => new Map(), ended: () => undefined };
  }
  if (code.kind === 'command' || observe === undefined) {
    return { loaded: () => {}, imported: () => new Map(), ended: () => ({ declared }) };
  }
  const keyed = new Map(Object.entries(seenInKey(task.record)?.files ?? {}));
  const folder = seenFolder(code.path);
  for (const [path, state] of keyed) {
    if (seenAt(folder, path) !== state) throw stale(resolve(folder, path), task);
  }
  const inKey = task.paths.map(({ path }) => path);
  const observed = observe({ module: code.path, inKey, without: [store.root] });
  /** The first that is otherwise than the key has it. */
  const differing = (): string | undefined => {
    const files = observed.files();
    return [...keyed].find(([path, state]) => (files.get(path) ?? state) !== state)?.[0];
  };
  return {
    loaded: () => {
      const path = differing();
      if (path !== undefined) throw stale(resolve(folder, path), task);
    },
    imported: observed.imported,
    ended: () => {
      const path = differing();
      if (path !== undefined) {
        const at = resolve(folder, path);
        throw new SspError('input-changed', `${at} was written to while \`${task.id}\` ran`, {
          help: 'what the result was made of is not certain, so it is not kept; run again',
        });
      }
      const files = [...observed.files()].filter(([file]) => !keyed.has(file));
      return { declared, ...(files.length > 0 ? { files: Object.fromEntries(files) } : {}) };
    },
  };
}
