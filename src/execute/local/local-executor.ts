import type { Attempting, Executor } from '../schedule/executor.js';
import type { Task } from '../task.js';
import { type MachineOptions, machineOf } from './machine.js';
import { runWorker } from './run-worker.js';
import { type Command, type Wanted, workerPool } from './worker-pool.js';

/** For shorter stages it pays that TensorFlow is loaded when they begin. Milliseconds. */
const SHORT = 20_000;

/** Does each job in a process of this machine, started by a command that serves a driver. */
export const localExecutor = (command: Command, options: MachineOptions): Executor =>
  onMachine(options, inWorker(command));

/** Makes attempts where this machine has room for them. */
export function onMachine(options: MachineOptions, attempt: Attempting): Executor {
  const machine = machineOf(options);
  return {
    room: () => {
      const passed = new Set<string>();
      return {
        lease: (stage) => machine.lease(stage, passed),
        isFull: () => passed.has('jobs'),
      };
    },
    attempt,
  };
}

/** The GPUs that a task was leased. */
const leased = ({ gpus }: Task): string => (gpus.length > 0 ? gpus.join(',') : '-1');

/** Attempts each job in a process that a command starts, and that sees certain GPUs. */
export function inWorker(command: Command, gpusOf: (task: Task) => string = leased): Attempting {
  const pool = workerPool(command);
  /** Was the last stage that computes with tensors a short one? Then the next worker is prepared. */
  let areShort = false;
  let running = 0;
  return ({ task, log, left, onEvent, signal, graceSeconds = 10 }) => {
    const wanted = wantedFor(task);
    const begun = performance.now();
    const env = {
      CUDA_VISIBLE_DEVICES: gpusOf(task),
      // As `nvidia-smi` counts them, not the fastest first.
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    };
    const attempt = runWorker({
      id: task.id,
      pool,
      wanted,
      assignment: { key: task.key, log, env, stay: wanted === 'for-commands' },
      secrets: Object.values(task.secrets ?? {}).flatMap((name) => process.env[name] ?? []),
      timeoutSeconds: task.timeoutSeconds,
      onEvent,
      signal,
      graceSeconds,
    });
    running += 1;
    if (typeof wanted === 'object' && areShort && left > running) pool.prepare(wanted);
    return attempt.finally(() => {
      running -= 1;
      if (typeof wanted === 'object') areShort = performance.now() - begun < SHORT;
    });
  };
}

/** What a task wants its worker to be. */
function wantedFor({ code, result, record, gpus, threads }: Task): Wanted {
  // To check an encoder its network is loaded, which may be the user's.
  if (code?.kind === 'command') return result === 'Encoder' ? 'new' : 'for-commands';
  // Which GPUs a worker may see is known only with its stage.
  return code === undefined && record.numeric !== null && gpus.length === 0 ? { threads } : 'new';
}
