import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { plainText } from '../../base/plain-text.js';
import { type MemoryWatch, watchMemory } from '../processes/oom-kills.js';
import type { WorkContext } from '../task.js';
import { cannotStart, type Why } from './cannot-start.js';

/** Of what a failed program said last: lines and characters that the message repeats, bytes that are kept. */
const tailLines = 10;
const tailLength = 1500;
const tailBytes = 8192;
/** How often what a program says on standard error is handed on. Milliseconds, and bytes at once. */
const HAND_ON = 200;
const chunk = 1 << 20;
/** The exit code by which a program says that another attempt may do: EX_TEMPFAIL of sysexits.h. */
const TRY_AGAIN = 75;
/** A shell adds this to the number of the signal that has ended its program. */
const BY_SIGNAL = 128;

/**
 * Starts a program and waits for its end. What it prints goes to the log, which is this process's
 * standard error: standard output straight, standard error by way of a file, since its end is in the
 * message of a failure. (A pipe costs many times as much for a program that writes line by line.)
 * A process that the program leaves behind with its output open is not waited for. Throws an
 * SspError that says how it ended.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  folder: string,
  context: WorkContext,
): Promise<void> {
  if ([program, ...args].some((word) => word.includes('\0'))) {
    throw asError(['command-failed', `an argument of \`${program}\` has a zero character`]);
  }
  const env = { OMP_NUM_THREADS: String(context.threads), ...process.env };
  const from = sizeOfLog();
  const memory = watchMemory();
  // No parameter begins with a dot: nothing else is laid out there.
  const errors = errorFile(join(context.temporary, '.stderr'));
  // Who ends this process's group asks the program too: its own way to end is waited for.
  const wait = (): void => {};
  process.on('SIGTERM', wait);
  try {
    const stdio: StdioOptions = ['ignore', 2, errors.descriptor];
    const detached = context.onProgram !== undefined;
    const child = start(program, args, { cwd: folder, env, stdio, detached });
    if (child.pid !== undefined) context.onProgram?.(child.pid);
    const why = await ended(child, program, folder, memory);
    const last = errors.end();
    if (why === undefined) return;
    if (isFull(context.temporary)) throw asError(onFullDisk(why, context.temporary));
    throw asError(
      withLast(why, lastLines(context.masked(last.trim() === '' ? endOfLog(from) : last))),
    );
  } finally {
    errors.end();
    memory.stop();
    process.off('SIGTERM', wait);
  }
}

const asError = ([code, message, help]: Why): SspError =>
  new SspError(code, message, help === undefined ? {} : { help });

const lackOfMemory = /MemoryError|out of memory|Cannot allocate memory|bad_alloc/i;

/** The failure with what the program said last; by that some of them are for lack of memory. */
function withLast([code, message, help]: Why, said: string): Why {
  if (said === '') return [code, message, help];
  const lack = code === 'command-failed' && lackOfMemory.test(said);
  return [lack ? 'out-of-memory' : code, `${message}; it said last:\n${said}`, help];
}

/** So little space is none: not a block of every file that is written. */
const LEAST = 64 * 1024;

/** Is there no space left where a program writes? */
function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < LEAST;
}

/** The failure where what the program said last has found no space either. */
const onFullDisk = ([code, message]: Why, folder: string): Why => [
  code === 'command-failed' ? 'disk-full' : code,
  `${message}, and no space is left on the disk of ${folder}`,
  'free some space and run again; what the program said of it may be lost',
];

/** Starts it; what the system refuses at once comes as an error too. */
function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (error) {
    throw asError(cannotStart(program, options.cwd, error));
  }
}

/** Waits for the end of the program itself; says why it failed, if it did. */
function ended(
  child: ChildProcess,
  program: string,
  folder: string,
  memory: MemoryWatch,
): Promise<Why | undefined> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(cannotStart(program, folder, error)));
    child.on('exit', (exit, signal) => {
      if (exit === 0) return resolve(undefined);
      const inside = exit !== null && exit > BY_SIGNAL && exit <= BY_SIGNAL + 64;
      const killed = signal === 'SIGKILL' || exit === BY_SIGNAL + 9;
      if (killed && memory.ranOut()) {
        return resolve(['out-of-memory', `\`${program}\` was killed because memory ran out`]);
      }
      if (signal !== null) return resolve(['killed', `\`${program}\` was killed by ${signal}`]);
      const code = inside ? 'killed' : exit === TRY_AGAIN ? 'try-again' : 'command-failed';
      const by = inside ? ` (signal ${exit - BY_SIGNAL})` : '';
      resolve([code, `\`${program}\` ended with exit code ${exit}${by}`]);
    });
  });
}

/** A file for standard error, which is handed on to the log while it grows. */
function errorFile(path: string): {
  readonly descriptor: number;
  /** Hands on what is left, and gives the end of all. */
  readonly end: () => string;
} {
  const descriptor = openSync(path, 'a+');
  const bytes = Buffer.alloc(chunk);
  let at = 0;
  let last: string | undefined;
  const handOn = (): void => {
    for (let read = chunk; read === chunk; at += read) {
      read = readSync(descriptor, bytes, 0, chunk, at);
      if (read > 0) process.stderr.write(Buffer.from(bytes.subarray(0, read)));
    }
  };
  const timer = setInterval(handOn, HAND_ON);
  return {
    descriptor,
    end: () => {
      if (last !== undefined) return last;
      clearInterval(timer);
      handOn();
      const tail = Buffer.alloc(Math.min(at, tailBytes));
      readSync(descriptor, tail, 0, tail.length, at - tail.length);
      closeSync(descriptor);
      last = tail.toString('utf8');
      return last;
    },
  };
}

/** How long the log is, where standard error is a file. */
function sizeOfLog(): number | undefined {
  const stat = fstatSync(2);
  return stat.isFile() ? stat.size : undefined;
}

/** What has been written to the log since then: its end. */
function endOfLog(from: number | undefined): string {
  const size = sizeOfLog();
  if (from === undefined || size === undefined) return '';
  const start = Math.max(from, size - tailBytes);
  const bytes = Buffer.alloc(Math.max(0, size - start));
  try {
    return bytes.toString('utf8', 0, readSync(2, bytes, 0, bytes.length, start));
  } catch {
    // Opened for writing alone: whoever opened it can read it.
    return '';
  }
}

function lastLines(text: string): string {
  return plainText(text)
    .trimEnd()
    .split('\n')
    .slice(-tailLines)
    .join('\n')
    .slice(-tailLength)
    .trim();
}
