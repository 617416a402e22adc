import type { Attempting, Executor } from '../schedule/executor.js';
import { type MachineOptions, machineOf } from './machine.js';
import { runWorker } from './run-worker.js';
import { type Command, workerPool } from './worker-pool.js';

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

/** Attempts each job in a process that a command starts. */
export function inWorker(command: Command): Attempting {
  const pool = workerPool(command);
  return ({ task, log, onEvent, signal }) => {
    const { key, code, result } = task;
    const env = {
      CUDA_VISIBLE_DEVICES: task.gpus.length > 0 ? task.gpus.join(',') : '-1',
      // As `nvidia-smi` counts them, not the fastest first.
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    };
    return runWorker({
      id: task.id,
      pool,
      // To check an encoder its network is loaded, which may be the user's.
      assignment: { key, log, env, stay: code?.kind === 'command' && result !== 'Encoder' },
      secrets: Object.values(task.secrets ?? {}).flatMap((name) => process.env[name] ?? []),
      timeoutSeconds: task.timeoutSeconds,
      onEvent,
      signal,
    });
  };
}
