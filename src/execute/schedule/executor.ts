import type { Task } from '../task.js';
import type { WorkEvent } from '../worker/work-event.js';
import { type Attempt, type Command, runWorker } from './worker.js';

/** One attempt at a stage whose task lies in the store. */
export interface Job {
  readonly task: Task;
  /** From 1. */
  readonly attempt: number;
  readonly log: string;
  readonly onEvent: (event: WorkEvent) => void;
  readonly signal: AbortSignal;
}

/** Carries a job to where it is done; the record in the store is the truth about its end. */
export type Executor = (job: Job) => Promise<Attempt>;

/** Does each job in a process of this machine, started by a command that runs `execStage`. */
export function localExecutor(commandOf: (key: string) => Command): Executor {
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
