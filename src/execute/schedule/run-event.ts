import type { Plan, PlannedStage, Reason } from '../../plan/plan.js';
import type { StageOutcome, StageRecord } from '../record.js';
import type { LockHolder } from '../store/key-lock.js';
import type { Progress } from '../task.js';
import type { Failure } from './executor.js';

/** What happens in a run, as it happens. */
export type RunEvent =
  /** Once, before anything is started: what `ssp plan` shows. */
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** A stage that waited has its key now. */
  | { readonly kind: 'planned'; readonly id: string; readonly planned: PlannedStage }
  | {
      readonly kind: 'start';
      readonly id: string;
      readonly key: string;
      /** From 1. */
      readonly attempt: number;
      readonly gpus: readonly number[];
      readonly log: string;
    }
  /** Another run does this stage; its result will be taken. */
  | { readonly kind: 'waiting'; readonly id: string; readonly holder?: LockHolder | undefined }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  /** It goes on from a checkpoint there, after so many seconds in earlier attempts. */
  | {
      readonly kind: 'resumed';
      readonly id: string;
      readonly progress: Progress;
      readonly seconds: number;
    }
  | { readonly kind: 'log'; readonly id: string; readonly line: string }
  /** What has to be known of the result; its record keeps it. */
  | { readonly kind: 'remark'; readonly id: string; readonly text: string }
  /** The processes of a stage are stopped, or do not answer; undefined: they go on. */
  | { readonly kind: 'stalled'; readonly id: string; readonly why: string | undefined }
  /** An attempt failed and another will be made: the `next` `of` so many, or after lost inputs were made again. */
  | {
      readonly kind: 'retry';
      readonly id: string;
      readonly failure: Failure;
      readonly next?: number;
      readonly of?: number;
    }
  | {
      readonly kind: 'finish';
      readonly id: string;
      readonly outcome: 'hit' | 'ran';
      readonly record: StageRecord;
    }
  | {
      readonly kind: 'fail';
      readonly id: string;
      readonly failure: NonNullable<StageOutcome['failure']>;
    }
  /** Halving went on without it. */
  | { readonly kind: 'drop'; readonly id: string; readonly reason: Reason }
  | { readonly kind: 'skip'; readonly id: string; readonly message: string };
