import { Worker } from 'node:worker_threads';
import type { HostArrays } from '../../tensor/views/draws/host-array.js';
import type { Drawn, DrawRequest } from './draw-thread.js';
import { type Drawing, drawnViews } from './drawn-views.js';

/** What the steps of a training draw for their views, drawn before they come. */
export interface DrawsAhead {
  /** Begins to draw for a step. */
  fetch(step: number): Promise<void> | undefined;
  /** What is drawn for a step: fetched, or drawn now. It holds until the next is fetched. */
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
  let thread: DrawThread | undefined;
  const isMany = drawing.extent.count * drawing.views.views.length >= worthAThread;
  return {
    fetch(step) {
      if (!isMany) return undefined;
      thread ??= drawThread(drawing);
      return thread.draw(step);
    },
    of: (step) => thread?.take(step) ?? drawnViews(drawing, step),
    end() {
      thread?.end();
      thread = undefined;
    },
  };
}

interface DrawThread {
  draw(step: number): Promise<void>;
  /** What was drawn for a step, until the next is drawn. */
  take(step: number): HostArrays | undefined;
  end(): void;
}

/** The thread fills rooms of memory that it shares: arrays in messages would be made anew here each step. */
function drawThread(drawing: Drawing): DrawThread {
  const thread = new Worker(new URL('./draw-thread.js', import.meta.url), { workerData: drawing });
  const waiting = new Map<number, { give(): void; fail(error: Error): void }>();
  const rooms: (HostArrays | undefined)[] = [];
  const free: number[] = [];
  /** Rooms that are asked about still. */
  const taken: number[] = [];
  const ready = new Map<number, number>();
  const roomOf = (): number => {
    const found = free.pop();
    if (found !== undefined) return found;
    rooms.push(undefined);
    return rooms.length - 1;
  };
  thread.on('message', ({ step, room, arrays }: Drawn) => {
    rooms[room] ??= arrays;
    ready.set(step, room);
    waiting.get(step)?.give();
    waiting.delete(step);
  });
  thread.on('error', (error: Error) => {
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  });
  return {
    draw(step) {
      free.push(...taken.splice(0));
      const request: DrawRequest = { step, room: roomOf() };
      return new Promise((give, fail) => {
        waiting.set(step, { give, fail });
        thread.postMessage(request);
      });
    },
    take(step) {
      const room = ready.get(step);
      if (room === undefined) return undefined;
      ready.delete(step);
      taken.push(room);
      return rooms[room];
    },
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
