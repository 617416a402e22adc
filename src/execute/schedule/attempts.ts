import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, Attempting, Failure, Job } from './executor.js';

/** Pause before the second attempt, then twice as long each time up to the longest. Milliseconds. */
const PAUSE = 200;
const LONGEST = 60_000;

/**
 * Attempts a job until it is done, fails by itself, or was tried `retries` times more. What the
 * machine did (crash, kill, full memory, timeout) is worth another attempt; a stage's own error is
 * not.
 */
export async function attempts(
  attempting: Attempting,
  job: Omit<Job, 'attempt'>,
  retries: number,
  onStart: (attempt: number) => void,
  onRetry: (failure: Failure, next: number) => void,
): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    onStart(attempt);
    const result = await attempting({ ...job, attempt });
    const again = result.kind === 'failed' && result.failure.retry && attempt <= retries;
    if (!again || job.signal.aborted) return attempt === 1 ? result : counted(result, attempt);
    onRetry(result.failure, attempt + 1);
    const pause = Math.min(LONGEST, PAUSE * 2 ** (attempt - 1));
    await sleep(pause, undefined, { signal: job.signal }).catch(() => {});
  }
}

/** Says of a failure how often it was tried. */
function counted(result: Attempt, attempts: number): Attempt {
  if (result.kind !== 'failed' || !result.failure.retry) return result;
  const { failure } = result;
  return {
    ...result,
    failure: { ...failure, message: `in attempt ${attempts} of ${attempts}: ${failure.message}` },
  };
}
