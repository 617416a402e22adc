import type { Attempting } from '../schedule/executor.js';
import type { Store } from '../store/store.js';
import { fetchEntry, type Objection, orUnanswered } from './fetch-entry.js';
import type { Remote } from './remote.js';

/**
 * Attempts that first ask remotes for the result. So what becomes known only in a run is shared
 * too. A remote that does not answer costs nothing but the work.
 */
export function readThrough(
  remotes: readonly Remote[],
  store: Store,
  attempt: Attempting,
  objection?: Objection,
): Attempting {
  return async (job) => {
    const { task, onEvent } = job;
    for (const remote of remotes) {
      const fetched = await orUnanswered(
        () => fetchEntry(remote, store, task.key, objection),
        (why) => ({ kind: 'refused', why }) as const,
      );
      if (fetched.kind === 'refused') onEvent({ kind: 'log', line: fetched.why });
      if (fetched.kind !== 'came') continue;
      // Whether it is of what code of the user's own sees now, the worker finds out.
      return task.code === undefined ? { kind: 'done', outcome: 'hit' } : attempt(job);
    }
    return attempt(job);
  };
}
