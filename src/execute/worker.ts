import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { worldError } from './disk.js';
import type { WorkEvent } from './exec-stage.js';
import { WORKER, type WorkerMessage } from './worker-channel.js';

/** A command to start: without a shell. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the driver's environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface WorkerOptions {
  readonly id: string;
  readonly command: Command;
  /** Gets what the worker prints; kept between attempts. */
  readonly log: string;
  readonly timeoutSeconds: number | undefined;
  readonly onEvent: (event: WorkEvent) => void;
  /** Ends the worker. */
  readonly signal: AbortSignal;
}

/** Why a stage has no result. */
export interface Failure {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  readonly help?: string;
  /** The machine's doing, not the stage's: worth another attempt. */
  readonly retry: boolean;
  readonly log: string;
}

export type Attempt =
  | { readonly kind: 'done'; readonly outcome: 'hit' | 'ran' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Time that a worker has to end itself before it is killed. Milliseconds. */
const GRACE = 2000;
/** Time that messages of a worker that has ended may still take. Milliseconds. */
const LATE = 1000;

/**
 * One attempt at a stage in a process of its own. However that process ends, the answer is a value:
 * a crash, a kill, a full memory and a timeout are ordinary failures.
 */
export function runWorker(options: WorkerOptions): Promise<Attempt> {
  const { command, log } = options;
  const file = openLog(options);
  const from = statSync(log).size;
  const child = spawn(command.command, command.args, {
    env: { ...process.env, ...command.env, [WORKER]: '1' },
    stdio: ['ignore', file, file, 'ipc'],
    // Leads a group, so that ending it ends the programs that it has started too.
    detached: true,
  });
  closeSync(file);
  return watch(child, options, from);
}

/** Opens the log behind what earlier attempts have left. Throws an SspError when it cannot. */
function openLog({ log, id }: WorkerOptions): number {
  try {
    mkdirSync(dirname(log), { recursive: true });
    const file = openSync(log, 'a');
    writeSync(file, `--- ${new Date().toISOString()} ${id}\n`);
    return file;
  } catch (error) {
    throw worldError(log, error);
  }
}

function watch(child: ChildProcess, options: WorkerOptions, from: number): Promise<Attempt> {
  const { id, log, timeoutSeconds, signal } = options;
  let last: WorkerMessage | undefined;
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  const limit = () => {
    clearTimeout(timer);
    if (timeoutSeconds === undefined) return;
    timer = setTimeout(() => {
      timedOut = true;
      end(child);
    }, timeoutSeconds * 1000);
  };
  const stop = () => end(child);
  limit();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  child.on('message', (message: WorkerMessage) => {
    if (message.kind === 'waiting') clearTimeout(timer);
    if (message.kind === 'working') limit();
    if (message.kind === 'done' || message.kind === 'failed') last = message;
    else options.onEvent(message);
  });
  const failed = (code: string, message: string, retry: boolean, help?: string): Attempt => ({
    kind: 'failed',
    failure: { code, message, retry, log, ...(help === undefined ? {} : { help }) },
  });
  return new Promise((resolve) => {
    const finish = (attempt: Attempt) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      // Whatever the worker has started and left behind ends with it.
      kill(child, 'SIGKILL');
      resolve(attempt);
    };
    child.on('error', (error) =>
      finish(
        failed('no-worker', `the worker of \`${id}\` cannot be started: ${error.message}`, false),
      ),
    );
    const ended = (exit: number | null, by: NodeJS.Signals | null) => {
      if (last?.kind === 'done' && exit === 0) {
        return finish({ kind: 'done', outcome: last.outcome });
      }
      if (signal.aborted) return finish(failed('interrupted', `\`${id}\` was interrupted`, false));
      if (timedOut) {
        return finish(
          failed(
            'timeout',
            `\`${id}\` took longer than ${timeoutSeconds} s`,
            true,
            'raise its `@timeout`',
          ),
        );
      }
      if (last?.kind === 'failed') return finish(failed(last.code, last.message, false, last.help));
      finish(died(id, exit, by, tailOf(log, from), failed));
    };
    child.on('exit', (exit, by) => {
      // What the worker said last may still lie in the channel.
      if (!child.connected) return ended(exit, by);
      const late = setTimeout(() => ended(exit, by), LATE);
      child.once('disconnect', () => {
        clearTimeout(late);
        ended(exit, by);
      });
    });
  });
}

function died(
  id: string,
  exit: number | null,
  by: NodeJS.Signals | null,
  tail: string,
  failed: (code: string, message: string, retry: boolean, help?: string) => Attempt,
): Attempt {
  if (/heap out of memory|Cannot allocate memory|std::bad_alloc/.test(tail)) {
    return failed(
      'out-of-memory',
      `the worker of \`${id}\` ran out of memory`,
      true,
      'give it more, or make batches or images smaller',
    );
  }
  if (by === 'SIGKILL' || exit === 137) {
    return failed(
      'killed',
      `the worker of \`${id}\` was killed (signal 9), most often because memory ran out`,
      true,
      'look at the memory of the machine; `@memory(…)` keeps stages from running together',
    );
  }
  const how = by ? `by ${by}` : `with exit code ${exit}`;
  const line = tail.trimEnd().split('\n').at(-1) ?? '';
  return failed(
    'crash',
    `the worker of \`${id}\` ended ${how}${line === '' ? '' : `; its last line: ${line}`}`,
    true,
  );
}

/** Asks a worker and what it has started to end, then makes it. */
function end(child: ChildProcess): void {
  kill(child, 'SIGTERM');
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) kill(child, 'SIGKILL');
  }, GRACE).unref();
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}

/** The end of what an attempt has printed, at most 4 KiB. */
function tailOf(path: string, from: number): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const start = Math.max(from, size - 4096);
  const buffer = Buffer.alloc(Math.max(0, size - start));
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, buffer.length, start);
  } finally {
    closeSync(file);
  }
  return buffer.toString('utf8');
}
