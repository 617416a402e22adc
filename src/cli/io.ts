import { closeSync, fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { SspError, systemCode } from '../base/errors.js';

/** Everything a command sees of the outside: stdout is the result, stderr is progress. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Colour and live progress on this stream. */
  readonly colour: { readonly out: boolean; readonly err: boolean };
  readonly width: number;
  readonly live: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The streams of the process, and what became of the result. */
export interface ProcessIo extends Io {
  /** Why the result could not be written; undefined when it was, and when its reader went away. */
  readonly lost: () => unknown;
}

/**
 * The process's own streams; colour only on a terminal and without `NO_COLOR`. A lost stderr, and a
 * reader of stdout that has gone (`| head -1`, a closed terminal), are no errors: the work goes on.
 */
export function processIo(): ProcessIo {
  const { stdout, stderr, env } = process;
  letGoOfLostTerminals();
  const plain = Boolean(env.NO_COLOR) || env.TERM === 'dumb';
  let lost: unknown;
  const out = writer(stdout, 1, (error) => {
    const gone = systemCode(error) === 'EIO' && stdout.isTTY;
    if (!gone && !unread.includes(systemCode(error) ?? '')) lost ??= error;
  });
  return {
    get cwd() {
      return currentFolder();
    },
    env,
    colour: { out: stdout.isTTY === true && !plain, err: stderr.isTTY === true && !plain },
    width: stdout.columns || 100,
    live: stderr.isTTY === true && !plain,
    out,
    err: writer(stderr, 2, () => {}),
    lost: () => lost,
  };
}

/** @throws SspError where somebody has removed it. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause;
    throw new SspError('file-not-found', 'the current folder is not there any more', {
      help: 'go into one that is there: `cd`',
      cause,
    });
  }
}

/**
 * At its end Node puts terminals back as they were, and aborts where one is gone. A descriptor that
 * is closed by then it leaves alone.
 */
function letGoOfLostTerminals(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}

/** What writing fails with when the reader has gone. */
const unread: readonly string[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

/** Writes lines to a stream until it fails. */
function writer(
  stream: NodeJS.WriteStream,
  descriptor: number,
  onError: (error: unknown) => void,
): (text: string) => void {
  let failed = false;
  const fail = (error: unknown): void => {
    failed = true;
    onError(error);
  };
  stream.on('error', fail);
  const whole = isFile(descriptor);
  return (text) => {
    if (failed) return;
    try {
      if (whole) writeWhole(descriptor, `${text}\n`);
      else stream.write(`${text}\n`);
    } catch (error) {
      fail(error);
    }
  };
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** A stream of Node takes what fits on a disk that is nearly full for all. */
function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
