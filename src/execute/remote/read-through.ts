import type { Attempting } from '../schedule/executor.js';
import type { Store } from '../store/store.js';
import { fetchEntry, type Objection, orUnanswered } from './fetch-entry.js';
import type { Remote } from './remote.js';

/** A remote that did not answer is not asked for so long: each point would wait for it. Milliseconds. */
const AGAIN = 60_000;

export interface ReadThroughOptions {
  readonly objection?: Objection;
  /** Told what was refused, and of each remote once that it does not answer. */
  readonly tell?: (line: string) => void;
}

/**
 * Attempts that first ask remotes for the result. So what becomes known only in a run is shared
 * too. A remote that does not answer costs nothing but the work.
 */
export function readThrough(
  remotes: readonly Remote[],
  store: Store,
  attempt: Attempting,
  { objection, tell = () => {} }: ReadThroughOptions = {},
): Attempting {
  const silent = new Map<Remote, number>();
  const unanswered = (remote: Remote, why: string): void => {
    if (!silent.has(remote)) tell(`${why}; what it may have is made here`);
    silent.set(remote, performance.now() + AGAIN);
  };
  return async (job) => {
    const { task } = job;
    for (const remote of remotes) {
      if (performance.now() < (silent.get(remote) ?? 0)) continue;
      const fetched = await orUnanswered(
        () => fetchEntry(remote, store, task.key, objection),
        (why) => ({ kind: 'unanswered', why }) as const,
      );
      if (fetched.kind === 'unanswered') unanswered(remote, fetched.why);
      if (fetched.kind === 'refused') tell(`refused: ${fetched.why}`);
      if (fetched.kind !== 'came') continue;
      // Whether it is of what code of the user's own sees now, the worker finds out.
      return task.code === undefined ? { kind: 'done', outcome: 'hit' } : attempt(job);
    }
    return attempt(job);
  };
}
