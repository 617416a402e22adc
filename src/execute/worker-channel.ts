import { SspError } from '../base/errors.js';
import type { Executed, WorkEvent } from './exec-stage.js';

/** What a worker sends to its driver. */
export type WorkerMessage =
  | WorkEvent
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
 * The worker's end: runs `work` with a way to tell the driver of its progress, tells how it ended,
 * and returns the exit code. Without a driver (`exec-stage` by hand or by Slurm) events go to
 * `print`. Ends the process when the driver is gone.
 */
export async function serveWorker(
  work: (onEvent: (event: WorkEvent) => void) => Promise<Executed>,
  print: (event: WorkerMessage) => void,
): Promise<number> {
  const driven = process.send !== undefined;
  if (driven) process.on('disconnect', endGroup);
  const tell = (message: WorkerMessage): Promise<void> =>
    new Promise((done) => {
      if (!driven || !process.connected) {
        print(message);
        done();
      } else process.send?.(message, undefined, {}, () => done());
    });
  try {
    const { outcome } = await work((event) => {
      // The driver shows what is said; the log, which is standard output, keeps it.
      if (driven && event.kind === 'log') process.stdout.write(`${event.line}\n`);
      if (driven && event.kind === 'remark') process.stdout.write(`remark: ${event.text}\n`);
      void tell(event);
    });
    await tell({ kind: 'done', outcome });
    return 0;
  } catch (error) {
    await tell(failureOf(error));
    if (!(error instanceof SspError)) process.stderr.write(`${stackOf(error)}\n`);
    return 1;
  } finally {
    if (driven) process.off('disconnect', endGroup);
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function failureOf(error: unknown): WorkerMessage {
  if (error instanceof SspError) {
    const { code, message, help } = error;
    return { kind: 'failed', code, message, ...(help === undefined ? {} : { help }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', code: 'stage-error', message };
}

/** Ends this process and the programs that it has started. */
function endGroup(): void {
  if (process.env[WORKER] === '1' && process.platform !== 'win32')
    process.kill(-process.pid, 'SIGKILL');
  process.exit(1);
}
