import type { Executor } from '../../execute/schedule/executor.js';
import type { Device } from '../../runtime/recipe.js';
import type { Io } from '../io.js';

/** An executor before whose first stage that needs TensorFlow it is set up. */
export function withRuntime<E extends Executor>(io: Io, device: Device, executor: E): E {
  let ready: Promise<unknown> | undefined;
  return {
    ...executor,
    attempt: async (job) => {
      // Commands and modules of the user bring what they compute with.
      const { code, record } = job.task;
      if (code === undefined && record.numeric !== null) {
        ready ??= import('../runtime.js').then((runtime) => runtime.ensureRuntime(io, device));
        await ready;
      }
      return executor.attempt(job);
    },
  };
}
