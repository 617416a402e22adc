import { canonical } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import { isFileGone, type RunOf, rootsOf, type StoredRoot } from './roots.js';
import type { Store } from './store.js';

/** Under which keys points were seen last, as runs have written it down. */
export interface LastSeen {
  /** The key of a point in the latest run that had one of this id. */
  readonly key: (stage: string, id: string) => string | undefined;
  /** The same in runs of this file, or of one that is gone, as this one may have been called. */
  readonly own: (stage: string, id: string) => string | undefined;
  /** Keys of points of a stage, those of the latest run first, at most `limit`. */
  readonly recent: (stage: string, limit: number) => readonly string[];
}

/** Whose points are looked for: runs of this file come first, those with these settings before others. */
export type SeenBy = Pick<RunOf, 'file' | 'set'>;

/** Reads the roots of a store when it is asked first, and once. */
export function lastSeen(store: Store, by?: SeenBy): LastSeen {
  let roots: readonly Ranked[] | undefined;
  const read = (): readonly Ranked[] => {
    roots ??= rootsOf(store)
      .map((root) => ({ root, rank: by === undefined ? 0 : rankFor(by, root) }))
      .sort((a, b) => a.rank - b.rank);
    return roots;
  };
  const keyIn = (of: readonly Ranked[], stage: string, id: string): string | undefined => {
    for (const { root } of of) {
      const key = own(own(root.stages, stage) ?? {}, id);
      if (key !== undefined) return key;
    }
    return undefined;
  };
  return {
    key: (stage, id) => keyIn(read(), stage, id),
    own: (stage, id) =>
      keyIn(
        read().filter(({ rank }) => rank < OTHERS),
        stage,
        id,
      ),
    recent: (stage, limit) => {
      const found = new Set<string>();
      for (const { root } of read()) {
        for (const key of Object.values(own(root.stages, stage) ?? {})) {
          if (found.size >= limit) return [...found];
          found.add(key);
        }
      }
      return [...found];
    },
  };
}

interface Ranked {
  readonly root: StoredRoot;
  readonly rank: number;
}

/** The rank of a run of another file that is there. */
const OTHERS = 3;

function rankFor({ file, set }: SeenBy, root: StoredRoot): number {
  if (root.at === file) return canonical({ ...root.set }) === canonical({ ...set }) ? 0 : 1;
  return isFileGone(root) ? 2 : OTHERS;
}
