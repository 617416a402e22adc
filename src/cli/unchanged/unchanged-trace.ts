import { isStore } from '../../execute/store/store-place.js';
import { lineageOf } from '../../execute/trace/lineage.js';
import type { Options } from '../command.js';
import { numericClass } from '../executors/numeric-class.js';
import type { Io } from '../io.js';
import { storeFolder } from '../study/store-folder.js';
import type { OpenedPage, TracePage } from '../study/trace-page.js';
import { pageFrom, plainPage } from './page-form.js';
import { numericAnswer } from './question.js';
import { remembering } from './remembering.js';
import type { Witness } from './witness.js';

export interface UnchangedTrace {
  readonly witness: Witness;
  /** The page that was kept when all was as it is now; undefined where something is otherwise. */
  readonly recall: () => Promise<TracePage | undefined>;
  /** Keeps a page whose results are all in the store. */
  readonly keep: (page: OpenedPage) => void;
}

/** Undefined for a page that is always made: without a store, and of what GPUs and other machines make. */
export function unchangedTrace(
  io: Io,
  file: string,
  { set, store: named, points, eager, gpus, executor }: Options,
): UnchangedTrace | undefined {
  if (gpus !== undefined || executor !== undefined) return undefined;
  const options = {
    ...(set && { set }),
    ...(named !== undefined && { store: named }),
    ...(points !== undefined && { points }),
    ...(eager && { eager }),
  };
  if (!isStore(storeFolder(io, options, file))) return undefined;
  const words = { command: 'trace' };
  const remembered = remembering(io, { words, file, options, read: pageFrom });
  if (remembered === undefined) return undefined;
  const { witness } = remembered;
  return {
    witness,
    recall: async () => {
      const known = await remembered.recall();
      if (known === undefined) return undefined;
      const { end, store } = known;
      const recordOf = (key: string | undefined) => {
        const found = key === undefined ? undefined : store.find(key);
        return found?.kind === 'hit' ? found.record : undefined;
      };
      return {
        ...end,
        lineage: (ids) =>
          lineageOf(ids, end.stages).map((stage) => ({ ...stage, record: recordOf(stage.key) })),
        sources: [],
      };
    },
    keep: ({ path, again, origins, stages, sources, locks, store }) => {
      if (sources.length > 0 || witness.said().length > 0) return;
      const end = plainPage({ path, again, origins, stages });
      // Of a missing result the store was not asked all that would change that.
      if (pageFrom(end) === undefined) return;
      // Where one is no lock that can be read, that is told.
      for (const lock of locks) witness.file(lock);
      witness.note(['numeric'], numericAnswer(numericClass(options, io.env)));
      remembered.keep(store, end);
    },
  };
}
