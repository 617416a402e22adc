import { groupState } from './process-group.js';

/** How often a worker says that it is there. Milliseconds. */
export const BEAT = 5000;
/** How often a driver looks. Milliseconds. */
const LOOK = 5000;
/** A worker that was not heard and did not compute for so long is called silent. Milliseconds. */
const SILENT = 60_000;
/** The same where the system does not say whether it computes: native calls may take long. */
const LONG_SILENT = 600_000;

/**
 * Watches over the groups of processes of a worker, its own first, and tells when it, or a program that
 * it has started, is stopped, or when nothing is heard of it and it does not compute; `undefined` when that
 * is over. A worker in a native call cannot answer, so what computes is never called silent.
 */
export function watchWorker(
  groups: () => readonly number[],
  tell: (why: string | undefined) => void,
): { readonly heard: () => void; readonly stop: () => void } {
  let sign = performance.now();
  let ticks = 0;
  let said: string | undefined;
  const timer = setInterval(() => {
    const states = groups().flatMap((group) => groupState(group) ?? []);
    const now = states.reduce((sum, state) => sum + state.ticks, 0);
    if (now !== ticks) {
      ticks = now;
      sign = performance.now();
    }
    const stopped = states.flatMap((state) => state.stopped);
    const why = trouble(stopped, performance.now() - sign, states.length > 0);
    if (why === said) return;
    said = why;
    tell(why);
  }, LOOK);
  timer.unref();
  return {
    heard: () => {
      sign = performance.now();
    },
    stop: () => clearInterval(timer),
  };

  function trouble(stopped: readonly number[], silent: number, known: boolean): string | undefined {
    if (stopped.length > 0) {
      const [pid] = stopped;
      return `its process ${pid} is stopped; \`kill -CONT ${pid}\` lets it go on`;
    }
    if (silent < (known ? SILENT : LONG_SILENT)) return undefined;
    const [group = 0] = groups();
    return `its worker (process ${group}) does not answer${known ? ' and computes nothing' : ''}; \`kill ${group}\` ends this attempt`;
  }
}
