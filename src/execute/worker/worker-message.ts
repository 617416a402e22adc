import type { Executed } from './exec-stage.js';
import type { WorkEvent } from './work-event.js';

/** A stage that a driver gives to a worker which waits for one. */
export interface Assignment {
  readonly key: string;
  /** Gets what is printed from now on. */
  readonly log: string;
  /** Set in the environment for this stage. */
  readonly env: Readonly<Record<string, string>>;
  /** Wait for another one when it is done: what the user has written runs in programs of its own. */
  readonly stay: boolean;
}

/** What a worker sends to its driver. */
export type WorkerMessage =
  | WorkEvent
  /** A sign of life. */
  | { readonly kind: 'alive' }
  /** It has started a program, which leads a process group. */
  | { readonly kind: 'program'; readonly group: number }
  | { readonly kind: 'done'; readonly outcome: Executed['outcome'] }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly help?: string;
    };
