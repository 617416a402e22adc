import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A command to start: without a shell. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the driver's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a stage wants its worker to be. */
export type Wanted =
  /** A new process, with nothing loaded. */
  | 'new'
  /** One that may have done commands, and stays for more. */
  | 'for-commands'
  /** One that has done nothing, with TensorFlow for the processor and so many threads. */
  | { readonly threads: number };

/** Workers of this machine: processes that wait for a stage. */
export interface WorkerPool {
  /** One that waits, or else a new one whose output goes to an open file; says whether it is new. */
  readonly take: (
    wanted: Wanted,
    log: number,
  ) => { readonly child: ChildProcess; readonly isNew: boolean };
  /** Takes one back that has done a command and waits again. */
  readonly back: (child: ChildProcess) => void;
  /** Starts one ahead, which loads TensorFlow meanwhile; not more than there are processors. */
  readonly prepare: (wanted: { readonly threads: number }) => void;
}

/** One that nothing was found for in so long a time ends: it holds memory. Milliseconds. */
const IDLE = 30_000;

/**
 * Workers that a command starts, with the number of threads as its last word where they are to load
 * TensorFlow. Those that wait end with this process, and do not hold it.
 */
export function workerPool({ command, args, env }: Command): WorkerPool {
  const waiting = new Map<ChildProcess, string>();
  const start = (wanted: Wanted, log: number | 'ignore'): ChildProcess =>
    spawn(command, typeof wanted === 'string' ? args : [...args, String(wanted.threads)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log, 'ipc'],
      // Leads a group, so that ending it ends the programs that it has started too.
      detached: true,
    });
  const add = (child: ChildProcess, kind: string): void => {
    waiting.set(child, kind);
    child.unref();
    child.channel?.unref();
    const leave = (): boolean => waiting.delete(child);
    child.once('exit', leave).once('error', leave);
    setTimeout(() => waiting.has(child) && leave() && child.disconnect(), IDLE).unref();
  };
  return {
    take: (wanted, log) => {
      const kind = kindOf(wanted);
      for (const [child, has] of waiting) {
        if (has !== kind) continue;
        waiting.delete(child);
        child.ref();
        child.channel?.ref();
        if (child.connected && child.exitCode === null) return { child, isNew: false };
      }
      return { child: start(wanted, log), isNew: true };
    },
    back: (child) => add(child, kindOf('for-commands')),
    prepare: (wanted) => {
      const kind = kindOf(wanted);
      const alike = [...waiting.values()].filter((has) => has === kind);
      if (alike.length < availableParallelism()) add(start(wanted, 'ignore'), kind);
    },
  };
}

const kindOf = (wanted: Wanted): string =>
  typeof wanted === 'string' ? wanted : `tensorflow ${wanted.threads}`;
