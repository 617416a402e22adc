import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { SspError, systemCode } from '../base/errors.js';
import { plainText } from '../base/plain-text.js';
import { type MemoryWatch, watchMemory } from './oom-kills.js';
import type { WorkContext } from './task.js';

/** Of what a failed program said last: lines and characters that the message repeats, bytes that are kept. */
const tailLines = 10;
const tailLength = 1500;
const tailBytes = 8192;
/** Time in which what a program has said is still read after its end. Milliseconds. */
const LATE = 300;
/** The exit code by which a program says that another attempt may do: EX_TEMPFAIL of sysexits.h. */
const TRY_AGAIN = 75;
/** A shell adds this to the number of the signal that has ended its program. */
const BY_SIGNAL = 128;

type Why = readonly [code: string, message: string, help?: string | undefined];

/**
 * Starts a program and waits for its end. Standard output goes straight to the log, which is this
 * process's standard error, and standard error byte by byte: its end is in the message of a failure.
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
  // Who ends this process's group asks the program too: its own way to end is waited for.
  const wait = (): void => {};
  process.on('SIGTERM', wait);
  try {
    const child = start(program, args, folder, env);
    const tail = forwarded(child.stderr ?? Readable.from([]));
    const why = await ended(child, program, folder, memory);
    const errors = await tail.last();
    if (why === undefined) return;
    const said = lastLines(errors.trim() === '' ? endOfLog(from) : errors);
    throw asError(withLast(why, said));
  } finally {
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

/** Starts it; what the system refuses is a message. */
function start(
  program: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  try {
    return spawn(program, args, { cwd: folder, env, stdio: ['ignore', 2, 'pipe'] });
  } catch (error) {
    throw asError(cannotStart(program, folder, error));
  }
}

function cannotStart(program: string, folder: string, error: unknown): Why {
  const code = systemCode(error) ?? '';
  const place = `\`${program}\` cannot be started in ${folder}`;
  if (code === 'ENOENT') return ['command-failed', `${place}: there is no such program`];
  if (code === 'E2BIG') {
    return [
      'command-failed',
      `${place}: its arguments and the environment are longer than this system takes`,
      'pass fewer parameters as words: a Path to a file can hold the rest',
    ];
  }
  const passing = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'ETXTBSY'];
  const said = error instanceof Error ? error.message : String(error);
  return [passing.includes(code) ? 'machine' : 'command-failed', `${place}: ${said}`];
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

/** Hands a stream on to the log, and keeps its end. */
function forwarded(stream: Readable): { readonly last: () => Promise<string> } {
  let tail = Buffer.alloc(0);
  const over = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
    if (process.stderr.write(chunk)) return;
    stream.pause();
    process.stderr.once('drain', () => stream.resume());
  });
  return {
    last: async () => {
      const late = setTimeout(() => stream.destroy(), LATE);
      await over;
      clearTimeout(late);
      return tail.toString('utf8');
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
