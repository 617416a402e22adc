import { inspect } from 'node:util';
import { SspError, systemCode } from '../../base/errors.js';
import { plainText } from '../../base/plain-text.js';
import { BEAT } from '../processes/watch-worker.js';
import type { Executed } from './exec-stage.js';
import type { WorkEvent } from './work-event.js';

/** What a worker sends to its driver. */
export type WorkerMessage =
  | WorkEvent
  /** A sign of life. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'done'; readonly outcome: Executed['outcome'] }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly help?: string;
    };

/** In the environment of a worker: it leads a process group of its own. */
export const WORKER = 'SSP_WORKER';

/**
 * Lines and steps of progress that the driver is told in a second, and characters of a line; the log
 * has all.
 */
const perSecond = 20;
const lineLength = 1000;

/**
 * The worker's end: runs `work` with a way to tell the driver of its progress, tells how it ended,
 * and returns the exit code. Without a driver (`exec-stage` by hand or by Slurm) events go to
 * `print`. Ends the process when the driver is gone.
 */
export async function serveWorker(
  work: (onEvent: (event: WorkEvent) => void) => Promise<Executed>,
  print: (event: WorkerMessage) => void,
): Promise<number> {
  const driven = process.send !== undefined;
  const tell = (message: WorkerMessage): Promise<void> =>
    new Promise((done) => {
      if (!driven || !process.connected) {
        print(message);
        done();
      } else process.send?.(message, undefined, {}, () => done());
    });
  if (driven) {
    process.on('disconnect', endGroup);
    // The channel alone is no reason to stay.
    process.channel?.unref();
  }
  const beat = setInterval(() => void (driven && tell({ kind: 'alive' })), BEAT);
  beat.unref();
  const isDue = { log: sparse(perSecond), progress: sparse(perSecond) };
  try {
    const { outcome } = await work((event) => {
      // The driver shows what is said; the log, which is standard output, keeps it.
      if (driven && event.kind === 'log') process.stdout.write(`${event.line}\n`);
      if (driven && event.kind === 'remark') process.stdout.write(`remark: ${event.text}\n`);
      if (driven && (event.kind === 'log' || event.kind === 'progress') && !isDue[event.kind]())
        return;
      void tell(event.kind === 'log' ? { ...event, line: shown(event.line) } : event);
    });
    await tell({ kind: 'done', outcome });
    return 0;
  } catch (error) {
    if (!(error instanceof SspError)) process.stderr.write(`${stackOf(error)}\n`);
    await tell(failureOf(error));
    return 1;
  } finally {
    clearInterval(beat);
    if (driven) process.off('disconnect', endGroup);
  }
}

/** Lets through so many a second. */
function sparse(limit: number): () => boolean {
  let since = 0;
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - since > 1000) {
      since = now;
      count = 0;
    }
    count += 1;
    return count <= limit;
  };
}

const shown = (line: string): string => plainText(line.slice(0, lineLength));

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : inspect(error);

function failureOf(error: unknown): WorkerMessage {
  if (error instanceof SspError) {
    const { code, message, help } = error;
    return {
      kind: 'failed',
      code,
      message: plainText(message),
      ...(help === undefined ? {} : { help: plainText(help) }),
    };
  }
  const message = plainText(saidBy(error));
  const place = placeOf(error);
  return {
    kind: 'failed',
    code: codeOf(error, message),
    message,
    ...(place === undefined ? {} : { help: `it was thrown at ${plainText(place)}` }),
  };
}

/** What an error says, with what caused it: `fetch failed: connect ECONNREFUSED`. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : inspect(error);
  const own = error.message === '' ? error.name : error.message;
  const { cause } = error;
  const why = cause instanceof Error && cause !== error ? saidBy(cause) : '';
  return why === '' || own.includes(why) ? own : `${own}: ${why}`;
}

/** Where a module of the user threw it. */
function placeOf(error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const ours = new URL('..', import.meta.url).href;
  for (const line of lines) {
    const [, url = '', at = ''] = /\(?(file:\/\/[^)]+?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (url !== '' && !url.startsWith(ours) && !url.includes('/node_modules/')) {
      return `${decodeURIComponent(new URL(url).pathname)}${at}`;
    }
  }
  return undefined;
}

/** Errors of the system that the next attempt may not meet. */
const passing: readonly string[] = ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'ESTALE'];

function codeOf(error: unknown, message: string): string {
  if (/\bOOM when allocating|RESOURCE_EXHAUSTED|[Aa]rray buffer allocation failed/.test(message)) {
    return 'out-of-memory';
  }
  return passing.includes(systemCode(error) ?? '') ? 'machine' : 'stage-error';
}

/** Ends this process and the programs that it has started. */
function endGroup(): void {
  if (process.env[WORKER] === '1' && process.platform !== 'win32')
    process.kill(-process.pid, 'SIGKILL');
  process.exit(1);
}
