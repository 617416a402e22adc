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
 * Watches over a worker that leads a group of processes, and tells when it, or a program that it has
 * started, is stopped, or when nothing is heard of it and it does not compute; `undefined` when that
 * is over. A worker in a native call cannot answer, so what computes is never called silent.
 */
export function watchWorker(
  group: number,
  tell: (why: string | undefined) => void,
): { readonly heard: () => void; readonly stop: () => void } {
  let sign = performance.now();
  let ticks = 0;
  let said: string | undefined;
  const timer = setInterval(() => {
    const state = groupState(group);
    if (state !== undefined && state.ticks !== ticks) {
      ticks = state.ticks;
      sign = performance.now();
    }
    const why = trouble(state?.stopped ?? [], performance.now() - sign, state !== undefined);
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
    return `its worker (process ${group}) does not answer${known ? ' and computes nothing' : ''}; \`kill ${group}\` ends this attempt`;
  }
}
