import type { LockHolder } from '../store/key-lock.js';
import type { Progress } from '../task.js';

/** What a worker tells while it works. */
export type WorkEvent =
  /** Another process does this stage. */
  | { readonly kind: 'waiting'; readonly holder?: LockHolder | undefined }
  /** The work begins now: what was waited for is over. */
  | { readonly kind: 'working' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** It goes on from a checkpoint there, after so many seconds in earlier attempts. */
  | { readonly kind: 'resumed'; readonly progress: Progress; readonly seconds: number }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'remark'; readonly text: string }
  /** Its processes are stopped, or do not answer; undefined: they go on. */
  | { readonly kind: 'stalled'; readonly why: string | undefined };
