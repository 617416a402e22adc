import type { PlannedStage } from '../../plan/plan.js';
import type { Task } from '../task.js';
import type { WorkEvent } from '../worker/work-event.js';

/**
 * Carries stages to where they are done: this machine, a cluster. What is ready, in which order, and
 * how often it is tried, it leaves to the scheduler; the record in the store is the truth about an end.
 */
export interface Executor {
  /** A look at what is free; asked again whenever something may have become free. */
  readonly room: () => Room;
  readonly attempt: Attempting;
}

/** What is free, for stages in the order in which they ask. */
export interface Room {
  /** A lease, or undefined while there is no room for this stage. */
  readonly lease: (stage: PlannedStage) => Lease | undefined;
  /** Is there none for any stage? */
  readonly isFull: () => boolean;
}

/** What one stage holds while it runs. */
export interface Lease {
  readonly gpus: readonly number[];
  readonly threads: number;
  /** Gives everything back. */
  readonly free: () => void;
}

/** One attempt at a job: however it ends, the answer is a value. */
export type Attempting = (job: Job) => Promise<Attempt>;

/** One attempt at a stage whose task lies in the store. */
export interface Job {
  readonly task: Task;
  /** From 1. */
  readonly attempt: number;
  readonly log: string;
  /** How many points of the run have no end yet, those at work included. */
  readonly left: number;
  readonly onEvent: (event: WorkEvent) => void;
  readonly signal: AbortSignal;
  /** Seconds that a stage which is told to end has for saving what it has; default: 10. */
  readonly graceSeconds?: number;
}

export type Attempt =
  | { readonly kind: 'done'; readonly outcome: 'hit' | 'ran' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The code of an attempt that goes on without this run. */
export const HANDED_OVER = 'handed-over';

/** Why a stage has no result. */
export interface Failure {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  readonly help?: string;
  /** The machine's doing, not the stage's: worth another attempt. */
  readonly retry: boolean;
  readonly log: string;
}
