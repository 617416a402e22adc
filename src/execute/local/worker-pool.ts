import { type ChildProcess, spawn } from 'node:child_process';

/** A command to start: without a shell. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the driver's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Workers of this machine: processes that wait for a stage. */
export interface WorkerPool {
  /**
   * A new one whose output goes to an open file, or, for a stage after which it stays, one that waits.
   * Says whether it is new.
   */
  readonly take: (
    log: number,
    stay: boolean,
  ) => { readonly child: ChildProcess; readonly isNew: boolean };
  /** Takes one back that waits again. */
  readonly back: (child: ChildProcess) => void;
}

/** Workers that a command starts. Those that wait end with this process, and do not hold it. */
export function workerPool({ command, args, env }: Command): WorkerPool {
  const waiting = new Set<ChildProcess>();
  return {
    take: (log, stay) => {
      for (const child of stay ? waiting : []) {
        waiting.delete(child);
        child.ref();
        child.channel?.ref();
        if (child.connected && child.exitCode === null) return { child, isNew: false };
      }
      const child = spawn(command, args, {
        env: { ...process.env, ...env },
        stdio: ['ignore', log, log, 'ipc'],
        // Leads a group, so that ending it ends the programs that it has started too.
        detached: true,
      });
      return { child, isNew: true };
    },
    back: (child) => {
      waiting.add(child);
      child.unref();
      child.channel?.unref();
      child.once('exit', () => waiting.delete(child));
    },
  };
}
