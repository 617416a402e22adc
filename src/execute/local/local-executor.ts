import type { Attempting, Executor } from '../schedule/executor.js';
import { type MachineOptions, machineOf } from './machine.js';
import { type Command, runWorker } from './run-worker.js';

/** Does each job in a process of this machine, started by a command that runs `execStage`. */
export const localExecutor = (
  commandOf: (key: string) => Command,
  options: MachineOptions,
): Executor => onMachine(options, inWorker(commandOf));

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

/** Attempts a job in a process of its own. */
export function inWorker(commandOf: (key: string) => Command): Attempting {
  return ({ task, log, onEvent, signal }) => {
    const command = commandOf(task.key);
    const gpus = {
      CUDA_VISIBLE_DEVICES: task.gpus.length > 0 ? task.gpus.join(',') : '-1',
      // As `nvidia-smi` counts them, not the fastest first.
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    };
    return runWorker({
      id: task.id,
      command: { ...command, env: { ...gpus, ...command.env } },
      log,
      secrets: Object.values(task.secrets ?? {}).flatMap((name) => process.env[name] ?? []),
      timeoutSeconds: task.timeoutSeconds,
      onEvent,
      signal,
    });
  };
}
