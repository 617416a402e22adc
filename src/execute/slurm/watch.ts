import type { Attempt, Job } from '../schedule/executor.js';
import { statAt, textAt } from '../store/entry.js';
import type { LockHolder } from '../store/key-lock.js';
import type { Controller } from './controller.js';
import { isOver, type Queued } from './queue.js';
import type { Site } from './site.js';
import { readStatus, type Status, statusPath } from './status.js';
import type { Submitted } from './submitted.js';

/** A point that the scheduler waits for. */
export interface Watch {
  readonly job: Job;
  readonly resolve: (attempt: Attempt) => void;
  readonly reject: (error: unknown) => void;
  /** When it became ready, or was lost. */
  since: number;
  at: Place | undefined;
  said: { readonly changed: number; readonly status: Status | undefined } | undefined;
  goneSince: number | undefined;
  /** When squeue was asked that said last that it waits. */
  pendingAt: number | undefined;
  losses: number;
}

/** What does a point, and since when. */
export interface Place {
  readonly by: Submitted;
  readonly index: number;
  readonly from: number;
}

/** How often files of nodes are looked at. Milliseconds. */
export const LOOK = 1000;

/** What Slurm says of a task, as far as it was asked. */
export const queuedAt = (controller: Controller, { by, index }: Place): Queued | undefined =>
  controller.job(by.name)?.tasks.of(index);

/** The number of a task as Slurm has it, `123_4`. */
export function jobOf(controller: Controller, { by, index }: Place): string | undefined {
  const job = controller.job(by.name)?.job ?? textAt(`${by.folder}/job`);
  return job === undefined ? undefined : `${job}_${index}`;
}

/** How a point stands, by what its node and Slurm say. */
export interface Standing {
  readonly watch: Watch;
  readonly status: Status | undefined;
  readonly queued: Queued | undefined;
  /** A word of the node may still come. */
  readonly early: boolean;
  /** Slurm does not know the task any more, and nobody has said how it ended. */
  readonly forgotten: boolean;
}

/** Looks at a point at a time. */
export function standingOf(
  watch: Watch,
  controller: Controller,
  { grace, poll }: Pick<Site, 'grace' | 'poll'>,
  now: number,
): Standing {
  const { at } = watch;
  const status = listen(watch);
  const queued =
    at === undefined
      ? undefined
      : (queuedAt(controller, at) ?? cancelled(watch, controller, at, poll));
  if (queued?.state === 'PENDING') watch.pendingAt = controller.knownAt();
  // A question asked before the job was there says nothing of it.
  const isNew = at === undefined || controller.knownAt() <= at.from;
  const unknown = !isNew && queued === undefined;
  const isGone = unknown || (queued !== undefined && isOver(queued.state));
  watch.goneSince = isGone ? (watch.goneSince ?? now) : undefined;
  // Where Slurm says what ended it, no further word is to come.
  const wordless = queued === undefined || ['COMPLETED', 'FAILED'].includes(queued.state);
  const waited = now - (watch.goneSince ?? now);
  const early = !isGone || waited < (wordless ? grace * 1000 : 2 * LOOK);
  return { watch, status, queued, early, forgotten: unknown && !early && !isEnd(status) };
}

/** Slurm remembers what has begun for longer, unless `MinJobAge` is shorter. Milliseconds. */
const REMEMBERED = 60_000;

/**
 * Slurm keeps nothing of a task of an array that is cancelled before it begins. So one that waited by the
 * answer before, a short while ago, and is missing beside others of its array, was cancelled.
 */
function cancelled(
  watch: Watch,
  controller: Controller,
  at: Place,
  poll: number,
): Queued | undefined {
  const waited = watch.pendingAt ?? Number.NEGATIVE_INFINITY;
  const isOthers = controller.job(at.by.name) !== undefined;
  // It may be asked less often than that.
  const ago = Math.max(REMEMBERED, 2 * poll * 1000);
  if (!isOthers || controller.knownAt() - waited > ago) return undefined;
  return { state: 'CANCELLED', reason: 'None' };
}

/** Has a node said how it ended? */
export const isEnd = (status: Status | undefined): boolean =>
  status?.state === 'done' || status?.state === 'failed';

const waitsFor = (status: Status | undefined): LockHolder | undefined =>
  status?.state === 'working' ? status.waiting : undefined;

const isAtWork = (status: Status | undefined): boolean =>
  status?.state === 'working' && status.waiting === undefined;

/** What a node says of a key, read again when it has changed. */
function listen(watch: Watch): Status | undefined {
  const { at, job } = watch;
  if (at === undefined) return undefined;
  const changed = statAt(statusPath(at.by.folder, job.task.key))?.mtimeMs;
  if (changed === undefined) return undefined;
  if (watch.said?.changed !== changed) {
    const status = readStatus(at.by.folder, job.task.key);
    const before = watch.said?.status;
    if (isAtWork(status) && !isAtWork(before)) job.onEvent({ kind: 'working' });
    const holder = waitsFor(status);
    if (holder && !waitsFor(before)) job.onEvent({ kind: 'waiting', holder });
    if (status?.state === 'working' && status.progress) {
      job.onEvent({ kind: 'progress', progress: status.progress });
    }
    watch.said = { changed, status };
  }
  return watch.said?.status;
}
