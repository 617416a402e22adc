import type { ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../base/files/make-folder.js';
import { plainText } from '../../base/plain-text.js';
import { masked } from '../../base/secret.js';
import { logHead, logNote } from '../log-head.js';
import { after } from '../processes/long-timer.js';
import { type MemoryWatch, watchMemory } from '../processes/oom-kills.js';
import { endGroup, signalGroup } from '../processes/process-group.js';
import { watchWorker } from '../processes/watch-worker.js';
import type { Attempt } from '../schedule/executor.js';
import { worldError } from '../store/disk.js';
import type { WorkEvent } from '../worker/work-event.js';
import type { Assignment, WorkerMessage } from '../worker/worker-message.js';
import type { Wanted, WorkerPool } from './worker-pool.js';

export interface WorkerOptions {
  readonly id: string;
  readonly pool: WorkerPool;
  readonly wanted: Wanted;
  /** Its log is kept between attempts. */
  readonly assignment: Assignment;
  readonly timeoutSeconds: number | undefined;
  /** What its messages are not to repeat. */
  readonly secrets: readonly string[];
  readonly onEvent: (event: WorkEvent) => void;
  /** Ends the worker. */
  readonly signal: AbortSignal;
  /** What the worker and its program then have to end themselves before they are killed. */
  readonly graceSeconds: number;
}

/** The same for what is left when a worker has ended. Milliseconds. */
const LEFT = 2000;
/** Time that messages of a worker that has ended may still take. Milliseconds. */
const LATE = 1000;

/**
 * One attempt at a stage in a process of its own. However that process ends, the answer is a value:
 * a crash, a kill, a full memory and a timeout are ordinary failures.
 */
export async function runWorker(options: WorkerOptions): Promise<Attempt> {
  const { pool, wanted, assignment } = options;
  for (;;) {
    const file = openLog(options);
    const from = statSync(assignment.log).size;
    const { child, isNew } = pool.take(wanted, file);
    closeSync(file);
    const attempt = await watch(child, options, from);
    // One that had waited for long may be gone before it has heard of the stage.
    if (attempt.kind !== 'unheard') return attempt;
    if (isNew || options.signal.aborted) return attempt.as;
  }
}

/** Opens the log behind what earlier attempts have left. Throws an SspError when it cannot. */
function openLog({ id, assignment: { log } }: WorkerOptions): number {
  try {
    makeFolder(dirname(log));
    // Of what its program has said, the worker reads the end.
    const file = openSync(log, 'a+');
    writeSync(file, `${logHead(id)}\n`);
    return file;
  } catch (error) {
    throw worldError(log, error);
  }
}

/** It ended without a word; what that is taken for. */
interface Unheard {
  readonly kind: 'unheard';
  readonly as: Attempt;
}

/** Gives a worker its stage, and waits until the stage has ended, or the worker has. */
function watch(
  child: ChildProcess,
  options: WorkerOptions,
  from: number,
): Promise<Attempt | Unheard> {
  const { id, pool, assignment, timeoutSeconds, signal, secrets } = options;
  const { log, stay } = assignment;
  /** The worker's own, and that of a program which leads one. */
  const groups = child.pid === undefined ? [] : [child.pid];
  let last: WorkerMessage | undefined;
  let isHeard = false;
  let timedOut = false;
  let isOver = false;
  let callOff = (): void => {};
  const limit = () => {
    callOff();
    if (timeoutSeconds === undefined) return;
    callOff = after(timeoutSeconds, () => {
      timedOut = true;
      stop();
    });
  };
  const stop = () => end(groups, options.graceSeconds, () => isOver);
  limit();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const memory = watchMemory();
  const watched = watchWorker(
    () => groups,
    (why) => options.onEvent({ kind: 'stalled', why }),
  );
  const failed = (code: string, message: string, retry: boolean, help?: string): Attempt => ({
    kind: 'failed',
    failure: { code, message, retry, log, ...(help === undefined ? {} : { help }) },
  });
  return new Promise((resolve) => {
    const finish = async (attempt: Attempt | Unheard): Promise<void> => {
      if (isOver) return;
      isOver = true;
      child.off('message', onMessage).off('error', onError).off('exit', onExit);
      callOff();
      memory.stop();
      watched.stop();
      signal.removeEventListener('abort', stop);
      // Whatever the worker has started and left behind ends with it.
      const [worker, program] = groups;
      const own = stays(attempt) ? [program] : [worker, program];
      for (const group of own) {
        if (group === undefined || !signalGroup(group, 0)) continue;
        note(log, 'ended what the stage has left running');
        await endGroup(group, LEFT);
      }
      if (stays(attempt)) pool.back(child);
      resolve(attempt);
    };
    const stays = ({ kind }: Attempt | Unheard): boolean => stay && kind === 'done';
    const onMessage = (message: WorkerMessage): void => {
      isHeard = true;
      watched.heard();
      if (message.kind === 'waiting') callOff();
      if (message.kind === 'working') limit();
      if (message.kind === 'program') groups[1] = message.group;
      else if (message.kind === 'done' || message.kind === 'failed') last = message;
      else if (message.kind !== 'alive') options.onEvent(message);
      if (message.kind === 'done' && stay) void finish(message);
    };
    const onError = (error: Error): void => {
      // Of a message that a worker which is gone could not be sent, its end says more.
      if (child.pid !== undefined) return;
      void finish(
        failed('no-worker', `the worker of \`${id}\` cannot be started: ${error.message}`, false),
      );
    };
    const attemptOf = (exit: number | null, by: NodeJS.Signals | null): Attempt => {
      if (last?.kind === 'done' && exit === 0) return { kind: 'done', outcome: last.outcome };
      if (signal.aborted) return failed('interrupted', `\`${id}\` was interrupted`, false);
      if (timedOut) {
        const message = `\`${id}\` took longer than ${spelled(timeoutSeconds ?? 0)}`;
        return failed('timeout', message, true, 'raise its `@timeout`');
      }
      if (last?.kind === 'failed') {
        return failed(last.code, last.message, mended.includes(last.code), last.help);
      }
      return died(id, exit, by, { tail: masked(tailOf(log, from), secrets), memory }, failed);
    };
    const ended = (exit: number | null, by: NodeJS.Signals | null): void => {
      const as = attemptOf(exit, by);
      void finish(isHeard ? as : { kind: 'unheard', as });
    };
    const onExit = (exit: number | null, by: NodeJS.Signals | null): void => {
      // What the worker said last may still lie in the channel.
      if (!child.connected) {
        ended(exit, by);
        return;
      }
      const late = setTimeout(() => ended(exit, by), LATE);
      child.once('disconnect', () => {
        clearTimeout(late);
        ended(exit, by);
      });
    };
    child.on('message', onMessage).on('error', onError).on('exit', onExit);
    // A worker that is gone does not hear it: its end says so.
    child.send(assignment, () => {});
  });
}

/** What a worker can fail with that is the machine's doing. */
const mended: readonly string[] = ['killed', 'stopped', 'out-of-memory', 'machine', 'try-again'];

function died(
  id: string,
  exit: number | null,
  by: NodeJS.Signals | null,
  { tail, memory }: { readonly tail: string; readonly memory: MemoryWatch },
  failed: (code: string, message: string, retry: boolean, help?: string) => Attempt,
): Attempt {
  if (/heap out of memory|Cannot allocate memory|std::bad_alloc/.test(tail)) {
    return failed('out-of-memory', `the worker of \`${id}\` ran out of memory`, true, moreMemory);
  }
  if (by === 'SIGKILL' || exit === 137) {
    return memory.ranOut()
      ? failed(
          'out-of-memory',
          `the worker of \`${id}\` was killed because memory ran out`,
          true,
          moreMemory,
        )
      : failed('killed', `the worker of \`${id}\` was killed (signal 9)`, true);
  }
  if (exit === 0) {
    return failed(
      'no-result',
      `the worker of \`${id}\` ended before the stage did`,
      false,
      'a module must not call `process.exit`',
    );
  }
  const how = by ? `by ${by}` : `with exit code ${exit}`;
  const line = lastWords(tail);
  return failed(
    'crash',
    `the worker of \`${id}\` ended ${how}${line === '' ? '' : `; its last line: ${line}`}`,
    true,
  );
}

/** The last line that says something: what Node prints behind an error does not. */
function lastWords(tail: string): string {
  const lines = plainText(tail).split('\n');
  return (
    lines.findLast((line) => /\w/.test(line) && !/^(Node\.js v\d|\s+at )/.test(line))?.trim() ?? ''
  );
}

/** Seconds in the largest unit that says them exactly, as `@timeout` is written. */
function spelled(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds % size === 0 && seconds > 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

/** Asks a worker and what it has started to end, then makes it, unless that is over by then. */
function end(groups: readonly number[], seconds: number, isOver: () => boolean): void {
  for (const group of groups) signalGroup(group, 'SIGTERM');
  setTimeout(() => {
    if (!isOver()) for (const group of groups) signalGroup(group, 'SIGKILL');
  }, seconds * 1000).unref();
}

/** A line of ours in a log. */
function note(log: string, text: string): void {
  try {
    appendFileSync(log, `${logNote(text)}\n`);
  } catch {
    // The log is for people; the result does not need it.
  }
}

const moreMemory =
  'give it more, or make batches or images smaller; `@memory(…)` keeps stages from running together';

/** The end of what an attempt has printed, at most 4 KiB. */
function tailOf(path: string, from: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const start = Math.max(from, size - 4096);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, start));
    } finally {
      closeSync(file);
    }
  } catch {
    // Somebody has removed the log: what is known without it is said.
    return '';
  }
}
