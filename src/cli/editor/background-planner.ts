import { Worker } from 'node:worker_threads';
import type { StageState, StageStates } from '../../language/editor/stage-state.js';
import type { NumericClass } from '../../plan/plan.js';
import type { Planner, PlanRequest } from '../../server/services.js';
import type { Io } from '../io.js';

export interface PlannerOptions {
  /** `--store` or `$SSP_STORE`; else that of the file, or `.ssp` in the folder that is open. */
  readonly store: string | undefined;
  readonly numeric: NumericClass;
}

/** What goes to the thread. */
export interface PlanJob extends PlanRequest, PlannerOptions {
  readonly id: number;
  readonly cwd: string;
}

/** What comes back; none where there is nothing to say. */
export interface PlanAnswer {
  readonly id: number;
  readonly states: readonly (readonly [string, StageState])[] | undefined;
}

/** Plans in a thread of its own, so that no editor waits for a store or for large data. */
export function backgroundPlanner(io: Io, options: PlannerOptions): Planner {
  const waiting = new Map<number, (states: StageStates | undefined) => void>();
  let worker: Worker | undefined;
  let count = 0;

  function thread(): Worker {
    if (worker) return worker;
    const made = new Worker(new URL('./plan-thread.js', import.meta.url));
    const end = () => {
      if (worker === made) worker = undefined;
      for (const settle of waiting.values()) settle(undefined);
      waiting.clear();
    };
    made.on('message', ({ id, states }: PlanAnswer) => {
      waiting.get(id)?.(states && new Map(states));
      waiting.delete(id);
    });
    // a thread that dies takes its answers along, and the next request starts another
    made.on('error', end);
    made.on('exit', end);
    made.unref();
    worker = made;
    return made;
  }

  return {
    plan: (request) =>
      new Promise((resolve) => {
        const id = count++;
        waiting.set(id, resolve);
        thread().postMessage({ ...request, ...options, id, cwd: io.cwd } satisfies PlanJob);
      }),
    stop: () => {
      void worker?.terminate();
    },
  };
}
