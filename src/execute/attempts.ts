import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, Job } from './executor.js';
import type { Attempt, Failure } from './worker.js';

/** Pause before the second attempt, then twice as long each time. Milliseconds. */
const PAUSE = 200;

/**
 * Attempts a job until it is done, fails by itself, or was tried `retries` times more. What the
 * machine did (crash, kill, full memory, timeout) is worth another attempt; a stage's own error is
 * not.
 */
export async function attempts(
  execute: Executor,
  job: Omit<Job, 'attempt'>,
  retries: number,
  onStart: (attempt: number) => void,
  onRetry: (failure: Failure) => void,
): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    onStart(attempt);
    const result = await execute({ ...job, attempt });
    const again = result.kind === 'failed' && result.failure.retry && attempt <= retries;
    if (!again || job.signal.aborted) return result;
    onRetry(result.failure);
    await sleep(PAUSE * 2 ** (attempt - 1), undefined, { signal: job.signal }).catch(() => {});
  }
}
