import { canonical } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import type { StageRecord } from '../record.js';
import { isFileGone, keysIn, type RunOf, rootsOf, type StoredRoot } from './roots.js';
import type { Store } from './store.js';

/** Under which keys points were seen last, as runs have written it down. A key need not have a result. */
export interface LastSeen {
  /** The keys of a point in runs that had one of this id, that of the latest first. */
  readonly keys: (stage: string, id: string) => readonly string[];
  /**
   * The same in runs of this file with these settings; where none of them had one of this id, in those with other
   * settings; where none of these, of a file that is gone, as this one may have been called.
   */
  readonly own: (stage: string, id: string) => readonly string[];
  /** Records of points of a stage, those of the latest run first, at most `limit`. */
  readonly recent: (stage: string, limit: number) => readonly StageRecord[];
}

/** Keys whose records are looked for, for each one that is wanted: a run may have been interrupted at its start. */
const LOOKS = 20;

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
  const keysOf = (of: readonly Ranked[], stage: string, id: string): readonly string[] =>
    of.flatMap(({ root }) => keysIn(root, stage, id));
  return {
    keys: (stage, id) => keysOf(read(), stage, id),
    own(stage, id) {
      for (let rank = 0; rank < OTHERS; rank++) {
        const those = read().filter((ranked) => ranked.rank === rank);
        const keys = keysOf(those, stage, id);
        if (keys.length > 0) return keys;
      }
      return [];
    },
    recent: (stage, limit) => {
      const looked = new Set<string>();
      const found: StageRecord[] = [];
      for (const { root } of read()) {
        for (const id of Object.keys(own(root.stages, stage) ?? {})) {
          for (const key of keysIn(root, stage, id)) {
            if (found.length >= limit || looked.size >= limit * LOOKS) return found;
            const record = looked.has(key) ? undefined : store.record(key);
            looked.add(key);
            if (record) found.push(record);
          }
        }
      }
      return found;
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
