import { own } from '../../base/own.js';
import { rootsOf, type StoredRoot } from './roots.js';
import type { Store } from './store.js';

/** Under which keys points were seen last, as runs have written it down. */
export interface LastSeen {
  /** The key of a point in the latest run that had one of this id. */
  readonly key: (stage: string, id: string) => string | undefined;
  /** Keys of points of a stage, those of the latest run first, at most `limit`. */
  readonly recent: (stage: string, limit: number) => readonly string[];
}

/** Reads the roots of a store when it is asked first, and once. */
export function lastSeen(store: Store): LastSeen {
  let roots: readonly StoredRoot[] | undefined;
  const read = (): readonly StoredRoot[] => {
    roots ??= rootsOf(store);
    return roots;
  };
  return {
    key: (stage, id) => {
      for (const { stages } of read()) {
        const key = own(own(stages, stage) ?? {}, id);
        if (key !== undefined) return key;
      }
      return undefined;
    },
    recent: (stage, limit) => {
      const found = new Set<string>();
      for (const { stages } of read()) {
        for (const key of Object.values(own(stages, stage) ?? {})) {
          if (found.size >= limit) return [...found];
          found.add(key);
        }
      }
      return [...found];
    },
  };
}
