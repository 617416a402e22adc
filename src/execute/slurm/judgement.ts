import type { Failure } from '../schedule/executor.js';
import { stuckBecause } from './pending.js';
import { isOver, type Queued } from './queue.js';
import type { Status } from './status.js';

/** What is known of a point that was handed to Slurm. */
export interface Known {
  readonly id: string;
  readonly log: string;
  /** `12_3`; undefined while sbatch has not answered. */
  readonly job: string | undefined;
  /** What its node has said. */
  readonly status: Status | undefined;
  /** What squeue says; undefined when it does not know the job. */
  readonly queued: Queued | undefined;
  /** What sacct says; undefined without accounting. */
  readonly accounted: string | undefined;
  /** Its task has begun at another of its points. */
  readonly behind: boolean;
  /** What its node can still say may not be seen here yet. */
  readonly early: boolean;
  /** What the script has printed last, before the stage or instead of it. */
  readonly said: string;
}

export type Judgement =
  /** `stuck`: until somebody does something. */
  | { readonly kind: 'waits'; readonly why: string; readonly stuck?: true }
  | { readonly kind: 'works' }
  /** Its node says that the result is there. */
  | { readonly kind: 'done'; readonly outcome: 'hit' | 'ran' }
  /** Not its doing: it is to be submitted anew. `uncounted`: others came on meanwhile, so this ends. */
  | { readonly kind: 'lost'; readonly why: string; readonly uncounted?: true }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the daemon of a node prints where the state that Slurm gives the job is no more than FAILED. */
const ENDED_FOR_MEMORY = /^slurmstepd.*(exceeded (job )?memory limit|oom.?kill)/im;

/** How a task ends for what a point of it has done. */
const ENDED_AT_A_POINT = ['TIMEOUT', 'OUT_OF_MEMORY', 'FAILED', 'COMPLETED'];

/** How a point stands: a pure answer from all that is known. An end needs somebody's word. */
export function judge(known: Known): Judgement {
  const { status, queued } = known;
  if (status?.state === 'done') return { kind: 'done', outcome: status.outcome };
  if (status?.state === 'failed')
    return { kind: 'failed', failure: { ...status.failure, log: known.log } };
  if (queued !== undefined && !isOver(queued.state)) return onItsWay(known, queued);
  if (known.early) return { kind: 'waits', why: 'the word of its node' };
  return ended(known, queued?.state ?? known.accounted);
}

function onItsWay({ job = '' }: Known, { state, reason }: Queued): Judgement {
  if (['RUNNING', 'COMPLETING', 'SIGNALING', 'STAGE_OUT'].includes(state)) return { kind: 'works' };
  const stuck = stuckBecause(state, reason, job);
  if (stuck !== undefined) return { kind: 'waits', why: stuck, stuck: true };
  return { kind: 'waits', why: state === 'PENDING' ? reason : state.toLowerCase() };
}

function ended(known: Known, state: string | undefined): Judgement {
  const { id, job, status, log, said } = known;
  const its = `\`${id}\` (job ${job ?? 'unknown'})`;
  const failed = (code: string, message: string, retry: boolean, help?: string): Judgement => ({
    kind: 'failed',
    failure: { code, message, retry, log, ...(help === undefined ? {} : { help }) },
  });
  const begun = status !== undefined;
  const tooLittle = failed(
    'out-of-memory',
    `${its} ran out of the memory it had asked for`,
    true,
    moreMemory,
  );
  // What ended the task is of the point that it was at, not of those that it had not come to.
  if (!begun && known.behind && ENDED_AT_A_POINT.includes(state ?? '')) {
    return { kind: 'lost', why: 'its task ended before it came to it', uncounted: true };
  }
  switch (state) {
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return { kind: 'lost', why: 'its node failed' };
    case 'PREEMPTED':
    case 'REVOKED':
      return { kind: 'lost', why: 'another job took its place' };
    case 'CANCELLED':
      return failed(
        'cancelled',
        `${its} was cancelled${begun ? '' : ' before it began'}`,
        false,
        again,
      );
    case 'DEADLINE':
      return failed('cancelled', `${its} was ended at its deadline`, false, again);
    case 'TIMEOUT':
      return failed(
        'timeout',
        `${its} was ended at the limit of its allocation, and could not be saved before`,
        true,
        'give it more with `@timeout` or `time` in the site file',
      );
    case 'OUT_OF_MEMORY':
      return tooLittle;
    case 'FAILED':
    case 'COMPLETED':
      if (ENDED_FOR_MEMORY.test(said)) return tooLittle;
      if (status?.state === 'stopped')
        return { kind: 'lost', why: 'its allocation ended before it did' };
      return begun
        ? failed('crash', `${its} ended without a word`, true)
        : failed(
            'not-started',
            `${its} ended before its stage began${said === '' ? '' : `; it said last:\n${said}`}`,
            false,
            'see that the `prologue` of the site file works on the nodes, and that they see the same folders',
          );
    default:
      // Forgotten by Slurm: its controller lost it, or it ended long ago and accounting is off.
      return status?.state === 'stopped'
        ? failed(
            'cancelled',
            `${its} was asked to end, and Slurm does not say why (accounting is off): it was cancelled, or another job took its place`,
            true,
            again,
          )
        : { kind: 'lost', why: 'Slurm knows nothing of it any more' };
  }
}

const again = '`ssp run` submits it again';
const moreMemory = 'give it more with `@memory(…)`, or make batches or images smaller';
