import { setImmediate } from 'node:timers/promises';
import { SspError } from './errors.js';

/** How long synchronous work may keep signals and timers waiting. Milliseconds. */
const STRETCH = 50;

/** The end of work that was asked to end before anything was started. */
export const interrupted = (): SspError =>
  new SspError('interrupted', 'interrupted while files were read; nothing was started');

/** To be awaited between pieces of long synchronous work: lets signals in, and ends it when asked to. */
export function breather(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
      if (signal?.aborted) throw interrupted();
    });
  };
}
