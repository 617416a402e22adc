import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, Attempting } from '../schedule/executor.js';
import { listed, statAt } from '../store/entry.js';
import type { Store } from '../store/store.js';
import type { Progress, Task } from '../task.js';
import { checkedTask } from '../worker/exec-stage.js';
import type { WorkEvent } from '../worker/work-event.js';
import { readStatus, type Status, writeStatus } from './status.js';

export interface ArrayTaskOptions {
  readonly store: Store;
  /** The folder of the submission. */
  readonly folder: string;
  readonly keys: readonly string[];
  /** Makes an attempt in a process of this node. */
  readonly attempt: Attempting;
  /** Asked to end (SIGTERM): cancelled, preempted, or over its limit. */
  readonly ending: AbortSignal;
  /** Told that the allocation ends soon. */
  readonly expiring: AbortSignal;
  /** Lets Slurm start this task again; false when it does not. */
  readonly requeue: () => Promise<boolean>;
  /** How often Slurm has requeued this. */
  readonly restarts: number;
  /** Told how each key has ended. */
  readonly onEnd?: (
    key: string,
    end: Extract<StateOf<Status>, { state: 'done' | 'failed' }>,
  ) => void;
}

/** Progress is told so often. Milliseconds. */
const TELL = 5000;
/** How often a checkpoint is looked for. Milliseconds. */
const LOOK = 500;
/** A worker that was killed is known by now to have been killed with all of us. Milliseconds. */
const SAME_SIGNAL = 500;
/** How long a stage may take to save what it has. Seconds. */
const SAVING = 90;

/**
 * What one task of an array does on its node: its keys, one after the other, each in a process of its
 * own, and what became of each in a file. Returns the exit code of the job.
 */
export async function doArrayTask(options: ArrayTaskOptions): Promise<number> {
  let worst = 0;
  let worked = false;
  for (const [n, key] of options.keys.entries()) {
    if (options.ending.aborted) return 143;
    // What it has not come to begins in the next allocation, not at the end of this one.
    if (n > 0 && options.expiring.aborted) return (await options.requeue()) ? 0 : 143;
    const ended = await doKey(key, options.keys.length - n - 1, !worked, options);
    if (ended === 'stopped') return 143;
    if (ended === 'requeued') return 0;
    if (ended === 'failed') worst = 1;
    worked ||= ended !== 'hit';
  }
  return worst;
}

type Ended = 'hit' | 'ran' | 'failed' | 'stopped' | 'requeued';

/** Does a key; `first`: it has the allocation from its beginning. */
async function doKey(
  key: string,
  left: number,
  first: boolean,
  options: ArrayTaskOptions,
): Promise<Ended> {
  const { store, folder, restarts, ending, expiring } = options;
  const earlier = readStatus(folder, key);
  const before =
    restarts > 0 && earlier?.state === 'stopped' ? earlier.before + earlier.seconds : 0;
  const begun = performance.now();
  const spent = (): number => Math.round((performance.now() - begun) / 1000);
  const common = { node: hostnameHere(), restarts, before };
  const say = (status: StateOf<Status>): void => {
    writeStatus(store, folder, key, { ...common, ...status });
    if (status.state === 'done' || status.state === 'failed') options.onEnd?.(key, status);
  };
  // A task that was requeued may have done it before; what is done has no task any more.
  if (store.find(key).kind === 'hit') {
    say({ state: 'done', outcome: 'hit' });
    return 'hit';
  }
  // It has had its end before its task was requeued for another.
  if (restarts > 0 && earlier?.state === 'failed' && options.keys.length > 1) return 'failed';
  say({ state: 'working' });
  let task: Task;
  try {
    task = checkedTask(store, key);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ state: 'failed', failure: { code: 'no-task', message, retry: false } });
    return 'failed';
  }
  const stop = new AbortController();
  const onEnding = (): void => {
    say({ state: 'stopped', seconds: spent() });
    stop.abort();
  };
  ending.addEventListener('abort', onEnding, { once: true });
  const from = checkpointState(store, key);
  const onExpiring = async (): Promise<void> => {
    // A training of ours saves when it is told to end; what is the user's may only save now and then.
    if (task.code?.kind === 'module' || task.code?.kind === 'command') {
      await saves(store, key, stop.signal);
    }
    stop.abort();
  };
  const expire = () => void onExpiring();
  expiring.addEventListener('abort', expire, { once: true });
  if (expiring.aborted) expire();
  const attempt = await options.attempt({
    task: withTimeLeft(task, before),
    attempt: 1,
    left,
    log: logOf(store, key),
    signal: stop.signal,
    graceSeconds: SAVING,
    onEvent: telling(say),
  });
  // A signal to all processes of the job may end the worker before it is heard of here.
  if (attempt.kind === 'failed' && !stop.signal.aborted) await sleep(SAME_SIGNAL);
  ending.removeEventListener('abort', onEnding);
  expiring.removeEventListener('abort', expire);
  if (attempt.kind === 'done') {
    say({ state: 'done', outcome: attempt.outcome });
    return attempt.outcome;
  }
  if (ending.aborted) return 'stopped';
  if (!expiring.aborted || !stop.signal.aborted) return failedBy(attempt, say);
  const saved = checkpointState(store, key) > from;
  if (!saved && first) {
    say({ state: 'failed', failure: outOfTime(task) });
    return 'failed';
  }
  // What came late and has saved nothing begins anew, with all of an allocation.
  say({ state: 'stopped', seconds: saved ? spent() : 0 });
  return (await options.requeue()) ? 'requeued' : 'stopped';
}

/** What differs between states. */
type StateOf<S> = S extends Status ? Omit<S, 'node' | 'restarts' | 'before'> : never;

function failedBy(
  attempt: Extract<Attempt, { kind: 'failed' }>,
  say: (status: StateOf<Status>) => void,
): Ended {
  const { log: _, ...failure } = attempt.failure;
  say({ state: 'failed', failure });
  return 'failed';
}

const outOfTime = (task: Task) => ({
  code: 'timeout',
  message: `\`${task.id}\` reached the limit of its allocation and had saved nothing that it could go on from`,
  help: 'give it more with `time` in the site file or `@timeout`, or let it save more often',
  retry: false,
});

/** A task that goes on has what is left of its time. */
function withTimeLeft(task: Task, before: number): Task {
  const { timeoutSeconds } = task;
  return timeoutSeconds === undefined || before === 0
    ? task
    : { ...task, timeoutSeconds: Math.max(1, timeoutSeconds - before) };
}

function logOf(store: Store, key: string): string {
  const log = store.logPath(key);
  store.clearWay(log, 'file');
  return log;
}

/** Tells of progress, now and then, and of whom it waits for. */
function telling(say: (status: StateOf<Status>) => void): (event: WorkEvent) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.kind === 'waiting' && event.holder) say({ state: 'working', waiting: event.holder });
    // What was waited for is over.
    if (event.kind === 'working') say({ state: 'working' });
    if (event.kind !== 'progress' || performance.now() - told < TELL) return;
    told = performance.now();
    // What epochs ended with is told only now and then, so it is left to the result, which has all.
    const { rows: _, ...progress }: Progress = event.progress;
    say({ state: 'working', progress });
  };
}

/** Waits until a stage has saved what it has, if it does. */
async function saves(store: Store, key: string, signal: AbortSignal): Promise<void> {
  const asked = checkpointState(store, key);
  const until = performance.now() + SAVING * 1000;
  while (performance.now() < until && !signal.aborted && checkpointState(store, key) === asked) {
    await sleep(LOOK);
  }
}

/** When something of a checkpoint was written last; 0 without one. Milliseconds since 1970. */
function checkpointState(store: Store, key: string): number {
  const folder = store.checkpointPath(key);
  return Math.max(0, ...listed(folder).map((name) => statAt(`${folder}/${name}`)?.mtimeMs ?? 0));
}

/** A node as Slurm calls it. */
const hostnameHere = (): string => process.env.SLURMD_NODENAME ?? hostname();
