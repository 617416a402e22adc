import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import threads, { BroadcastChannel } from 'node:worker_threads';
import { pathOf, stampOf, type Touch, watchFileCalls } from './file-calls.js';

/** The channel on which threads that a module starts tell what they touch; all are of one process. */
export const THREADS = 'ssp: touched in a thread';

/** What a thread touches: an absolute path, and the stamp of what lay there then. */
export interface ThreadTouch extends Touch {
  readonly stamp: string;
}

const threadStart = new URL('./thread-start.js', import.meta.url).href;

/**
 * Lets each thread that this one starts tell what it touches; of one whose script is a file only if `watch`
 * says so. Those who call it have to call `syncBuiltinESMExports` then.
 */
export function watchThreads(watch: (script: string) => boolean): void {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(...[script, options]: ConstructorParameters<typeof Worker>) {
      const path = options?.eval === true ? undefined : pathOf(script);
      const execArgv = [...(options?.execArgv ?? process.execArgv), '--import', threadStart];
      super(script, path === undefined || watch(path) ? { ...options, execArgv } : options);
    }
  };
}

/** Tells the main thread what this one touches, from now on. */
export function tellTouches(): void {
  const channel = new BroadcastChannel(THREADS);
  channel.unref();
  let busy = false;
  watchFileCalls((touches) => {
    if (busy) return;
    busy = true;
    try {
      for (const { path, how } of touches()) {
        const at = resolve(path);
        channel.postMessage({ path: at, how, stamp: stampOf(at) } satisfies ThreadTouch);
      }
    } finally {
      busy = false;
    }
  });
  watchThreads(() => true);
  syncBuiltinESMExports();
}
