import { Worker } from 'node:worker_threads';
import type { HostArrays } from '../../tensor/views/draws/host-array.js';
import { type Drawing, drawnViews } from './drawn-views.js';

/** What the steps of a training draw for their views, drawn before they come. */
export interface DrawsAhead {
  /** Begins to draw for a step. */
  fetch(step: number): Promise<void> | undefined;
  /** What is drawn for a step: fetched, or drawn now. */
  of(step: number): HostArrays;
  /** Ends the thread; what comes later is drawn when it is asked for. */
  end(): void;
}

/** So many views take a millisecond; fewer are drawn in less time than they take to come from a thread. */
const worthAThread = 128;

/**
 * Draws for the views of a training ahead of its steps, in a thread of its own: while a step runs, this one
 * waits for TensorFlow. What is drawn follows from the step alone, whoever draws it.
 */
export function drawsAhead(drawing: Drawing): DrawsAhead {
  const ready = new Map<number, HostArrays>();
  let thread: DrawThread | undefined;
  const isMany = drawing.extent.count * drawing.views.views.length >= worthAThread;
  return {
    fetch(step) {
      if (!isMany) return undefined;
      thread ??= drawThread(drawing);
      return thread.draw(step).then((arrays) => void ready.set(step, arrays));
    },
    of(step) {
      const found = ready.get(step) ?? drawnViews(drawing, step);
      ready.delete(step);
      return found;
    },
    end() {
      thread?.end();
      thread = undefined;
    },
  };
}

interface DrawThread {
  draw(step: number): Promise<HostArrays>;
  end(): void;
}

function drawThread(drawing: Drawing): DrawThread {
  const thread = new Worker(new URL('./draw-thread.js', import.meta.url), { workerData: drawing });
  const waiting = new Map<number, { give(arrays: HostArrays): void; fail(error: Error): void }>();
  thread.on('message', ({ step, arrays }: { step: number; arrays: HostArrays }) => {
    waiting.get(step)?.give(arrays);
    waiting.delete(step);
  });
  thread.on('error', (error: Error) => {
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  });
  return {
    draw: (step) =>
      new Promise((give, fail) => {
        waiting.set(step, { give, fail });
        thread.postMessage(step);
      }),
    end() {
      waiting.clear();
      void thread.terminate();
    },
  };
}

/** Waits for pixels and for draws, where there is anything to wait for. */
export function bothAhead(
  pixels: Promise<void> | undefined,
  draws: Promise<void> | undefined,
): Promise<void> | undefined {
  if (pixels === undefined || draws === undefined) return pixels ?? draws;
  return Promise.all([pixels, draws]).then(() => {});
}
