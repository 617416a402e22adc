import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../base/canonical.js';
import { counted } from '../../base/counted.js';
import type { PlannedStage } from '../../plan/plan.js';
import { type Attempt, type Executor, type Failure, HANDED_OVER } from '../schedule/executor.js';
import { textAt } from '../store/entry.js';
import { holderText } from '../store/holder-text.js';
import { holderOf, lockKey } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import type { Ask } from './client.js';
import { controllerBy } from './controller.js';
import { type Judgement, judge } from './judgement.js';
import { isOver, type Queued } from './queue.js';
import type { Site } from './site.js';
import { readStatus, statusPath } from './status.js';
import { gpusFor, grouped, inPattern, sbatchWords, scriptText } from './submission.js';
import {
  outputPath,
  prepareSubmission,
  type Submitted,
  scriptPath,
  submissionsIn,
  sweepSubmissions,
} from './submitted.js';

import { isEnd, jobOf, LOOK, type Place, queuedAt, standingOf, type Watch } from './watch.js';
export interface SlurmOptions {
  readonly store: Store;
  readonly site: Site;
  readonly ask: Ask;
  /** The words that start ssp on a node. */
  readonly command: readonly string[];
  /** Says something about all jobs, such as that the controller does not answer. */
  readonly tell: (line: string) => void;
  /** Called when everything that is ready is with Slurm. */
  readonly onSubmitted?: (() => void) | undefined;
}

export interface SlurmExecutor extends Executor {
  /** The jobs that go on when the driver leaves now. */
  readonly left: () => { readonly points: number; readonly names: readonly string[] };
}

/** How long points gather before they are submitted, when nothing else is on its way. Milliseconds. */
const GATHER = 200;
/** How often it is said how far all jobs are. Milliseconds. */
const SAY = 60_000;
/** How long another driver may submit before it is said that it is waited for. Milliseconds. */
const OTHER = 5000;
/** Held while points are submitted, so that two drivers never submit one. */
const SUBMITTING = digestOf('slurm', { lock: 'submission' });

/**
 * Does jobs by arrays of Slurm. What is ready together and needs the same is one array. How points
 * stand is learnt from small files that nodes write into the store, and from one question to the
 * controller for all jobs. Jobs that an earlier driver has left are found by their names and picked up.
 */
export function slurmExecutor(options: SlurmOptions): SlurmExecutor {
  const { store, site, tell } = options;
  const controller = controllerBy(options.ask, tell);
  const watches = new Map<string, Watch>();
  let submitted: ReadonlyMap<string, Submitted> = new Map();
  let looping = false;
  let spoke = performance.now();
  let handedOver = false;
  let otherSince: number | undefined;
  const stuck = new Set<string>();
  const signals = new Set<AbortSignal>();

  /** The live job that does a key, whoever has submitted it. */
  const workOn = (key: string): Place | undefined => {
    for (const by of submitted.values()) {
      const index = by.index.get(key);
      if (index === undefined) continue;
      const at = { by, index, from: performance.now() };
      const queued = queuedAt(controller, at);
      if (queued === undefined || isOver(queued.state)) continue;
      if (!isEnd(readStatus(by.folder, key))) return at;
    }
    return undefined;
  };

  /** Another driver submits: said once, when it takes long. */
  const tellOfOther = (): void => {
    const now = performance.now();
    otherSince ??= now;
    if (now - otherSince < OTHER) return;
    otherSince = Number.POSITIVE_INFINITY;
    tell(`slurm: waits to submit: ${holderText(holderOf(store, SUBMITTING))}`);
  };

  /** Submits what is ready, and picks up what somebody has submitted. */
  const submit = async (ready: readonly Watch[]): Promise<void> => {
    const free = lockKey(store, SUBMITTING);
    if (free === undefined) return tellOfOther();
    otherSince = undefined;
    try {
      if (!(await controller.askQueue())) return;
      submitted = submissionsIn(store, submitted);
      const found = ready.filter((watch) => {
        watch.at = workOn(watch.job.task.key);
        return watch.at !== undefined;
      });
      if (found.length > 0) tell(`slurm: with Slurm already: ${counted(found.length, 'point')}`);
      const missing = ready.filter(({ at }) => at === undefined);
      // A submission whose answer was lost, or another driver, may have made it meanwhile.
      const made = missing.filter(({ job }) => isMade(job.task.key));
      for (const watch of made) end(watch, { kind: 'done', outcome: 'hit' });
      if (missing.length === 0) controller.troubled('sbatch', undefined);
      await submitNew(missing.filter((watch) => !made.includes(watch)));
    } finally {
      free();
    }
  };

  const submitNew = async (fresh: readonly Watch[]): Promise<void> => {
    for (const group of grouped(
      fresh.map(({ job }) => job.task),
      site,
    )) {
      const { prologue } = site;
      const by = prepareSubmission(store, group, (list, name) =>
        scriptText(options.command, { name, list, store: store.root, prologue }),
      );
      const { name, folder, index } = by;
      const paths = {
        name,
        script: scriptPath(folder),
        output: outputPath(inPattern(folder), '%a'),
      };
      const answer = await controller.submit(sbatchWords(group, site, paths));
      const mine = [...index.keys()].flatMap((key) => watches.get(key) ?? []);
      if (answer.kind === 'error' && answer.passing) {
        // It may have been taken all the same: the next look at the queue finds it by its name.
        controller.troubled('sbatch', `${answer.said}${adviceFor(answer.said)}`);
        submitted = new Map([...submitted, [name, by]]);
        return;
      }
      if (answer.kind === 'error') {
        store.disk.remove(folder);
        for (const watch of mine) end(watch, refused(watch, answer.said));
        continue;
      }
      controller.troubled('sbatch', undefined);
      const [job = ''] = answer.text.trim().split(';');
      submitted = new Map([...submitted, [name, by]]);
      const from = performance.now();
      for (const watch of mine) watch.at = { by, index: index.get(watch.job.task.key) ?? 0, from };
      store.replace(`${folder}/job`, job, false);
      tell(`slurm: ${counted(mine.length, 'point')} submitted as job ${job}`);
    }
  };

  const isMade = (key: string): boolean => store.find(key).kind === 'hit';

  /** Has the task begun at a point? Of those that are done the word is taken away. */
  const hasBegun = ({ by: { index, folder }, index: task }: Place): boolean =>
    [...index].some(
      ([key, n]) => n === task && (readStatus(folder, key) !== undefined || isMade(key)),
    );

  const end = (watch: Watch, attempt: Attempt): void => {
    const { key } = watch.job.task;
    if (watches.get(key) !== watch) return;
    watches.delete(key);
    watch.resolve(attempt);
  };

  /** Looks at all points that are with Slurm, and enters what has come of them. */
  const look = async (): Promise<void> => {
    const now = performance.now();
    const all = [...watches.values()].filter(({ at }) => at !== undefined);
    const states = all.map((watch) => standingOf(watch, controller, site, now));
    const gone = states.filter(({ forgotten }) => forgotten);
    const accounted = await controller.accountsOf(
      gone.flatMap(
        ({ watch: { at } }) => (at && jobOf(controller, at)?.replace(/_\d+$/, '')) ?? [],
      ),
    );
    const losses = new Map<string, number>();
    for (const { watch, queued, status, early } of states) {
      const { at, job } = watch;
      if (at === undefined) continue;
      // Another driver of the store may have heard the word of the node, and taken it away.
      if (watch.goneSince !== undefined && !isEnd(status) && isMade(job.task.key)) {
        end(watch, { kind: 'done', outcome: 'ran' });
        continue;
      }
      const id = jobOf(controller, at);
      const judgement = judge({
        id: job.task.id,
        log: job.log,
        job: id,
        status,
        queued,
        accounted: id === undefined ? undefined : accounted.get(id),
        behind: !early && status === undefined && hasBegun(at),
        early,
        said: early ? '' : lastOf(textAt(outputPath(at.by.folder, at.index)) ?? ''),
      });
      const why = enter(watch, at, judgement, now);
      if (why !== undefined) losses.set(why, (losses.get(why) ?? 0) + 1);
    }
    for (const [why, count] of losses)
      tell(`slurm: ${counted(count, 'point')} to be submitted again: ${why}`);
    if (now - spoke > SAY && watches.size > 0) {
      spoke = now;
      tell(`slurm: ${countsText()}`);
    }
  };

  /** Acts on how a point stands; returns why it was lost, if it was. */
  const enter = (
    watch: Watch,
    at: Place,
    judgement: Judgement,
    now: number,
  ): string | undefined => {
    const { key, id } = watch.job.task;
    if (judgement.kind === 'works') return undefined;
    if (judgement.kind === 'waits') {
      const name = `${at.by.name} ${judgement.why}`;
      if (judgement.stuck && !stuck.has(name)) {
        stuck.add(name);
        tell(`slurm: job ${jobOf(controller, at)} (\`${id}\`) waits: ${judgement.why}`);
      }
      return undefined;
    }
    // The record is the truth; its word may come before it can be seen here.
    const isThere = isMade(key);
    if (judgement.kind === 'done') {
      watch.goneSince ??= now;
      if (!isThere && now - watch.goneSince < site.grace * 1000) return undefined;
      if (isThere) store.disk.remove(statusPath(at.by.folder, key));
      end(watch, { kind: 'done', outcome: judgement.outcome });
      return undefined;
    }
    if (isThere) {
      end(watch, { kind: 'done', outcome: 'ran' });
      return undefined;
    }
    if (judgement.kind === 'failed') {
      end(watch, judgement);
      return undefined;
    }
    if (!judgement.uncounted) watch.losses += 1;
    if (watch.losses > site.requeues) {
      const message = `\`${id}\` was lost ${watch.losses} times: ${judgement.why}`;
      end(watch, failed(watch, 'lost', message, true));
      return undefined;
    }
    watch.at = undefined;
    watch.said = undefined;
    watch.goneSince = undefined;
    watch.pendingAt = undefined;
    watch.since = now;
    return judgement.why;
  };

  const countsText = (): string => {
    const counts = new Map<string, number>();
    for (const { at } of watches.values()) {
      const state = at === undefined ? 'ready' : stateText(queuedAt(controller, at));
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
  };

  /** Submits, looks and asks while there is something to wait for. */
  const loop = async (): Promise<void> => {
    looping = true;
    try {
      await sleep(GATHER);
      while (watches.size > 0) {
        const now = performance.now();
        const ready = [...watches.values()].filter(({ at }) => at === undefined);
        const oldest = Math.min(...ready.map(({ since }) => since));
        const isIdle = ready.length === watches.size && !controller.isTroubled();
        const isDue = ready.length >= site.maxArray || now - oldest > site.poll * 1000 || isIdle;
        if (
          ready.length > 0 &&
          isDue &&
          (!controller.isTroubled() || controller.sinceAsked() > site.poll * 1000)
        ) {
          await submit(ready);
        }
        const waits = [...watches.values()].some(({ at }) => at === undefined);
        if (!waits && !handedOver) {
          handedOver = true;
          options.onSubmitted?.();
        }
        await look();
        if (controller.sinceAsked() > site.poll * 1000) await controller.askQueue();
        if (watches.size > 0) await sleep(LOOK);
      }
      sweepSubmissions(store, submitted.values(), (name) => controller.job(name) !== undefined);
    } finally {
      looping = false;
    }
  };

  /** All attempts of a run share its signal. */
  const leaveOn = (signal: AbortSignal): void => {
    if (signals.has(signal)) return;
    signals.add(signal);
    const leave = () => {
      for (const watch of [...watches.values()].filter(({ job }) => job.signal === signal)) {
        end(watch, failed(watch, HANDED_OVER, 'it is left to Slurm', false));
      }
    };
    signal.addEventListener('abort', leave, { once: true });
  };

  const breakOff = (error: unknown): void => {
    const all = [...watches.values()];
    watches.clear();
    for (const { reject } of all) reject(error);
  };

  const gpusOf = ({ resources, record }: PlannedStage): number =>
    gpusFor(site, resources, record?.numeric?.device === 'cuda');

  return {
    room: () => ({
      lease: (stage) => ({
        // Slurm says which; here it is how many.
        gpus: Array.from({ length: gpusOf(stage) }, (_, n) => n),
        threads: stage.resources.cpus ?? site.cpus,
        free: () => {},
      }),
      isFull: () => false,
    }),
    attempt: (job) =>
      new Promise((resolve, reject) => {
        const since = performance.now();
        const watch: Watch = {
          job,
          resolve,
          reject,
          since,
          at: undefined,
          said: undefined,
          goneSince: undefined,
          pendingAt: undefined,
          losses: 0,
        };
        if (job.signal.aborted)
          return resolve(failed(watch, HANDED_OVER, 'it was not begun', false));
        leaveOn(job.signal);
        watches.set(job.task.key, watch);
        if (!looping) loop().catch(breakOff);
      }),
    left: () => {
      const with_ = [...watches.values()].flatMap(({ at }) => at ?? []);
      return { points: with_.length, names: [...new Set(with_.map(({ by }) => by.name))] };
    },
  };
}

/** What helps where a user may not submit as many jobs as there are points. */
const adviceFor = (said: string): string =>
  /SubmitJob|submit limit/i.test(said)
    ? ' (a smaller `max_array` in the site file submits fewer at once)'
    : '';

/** How a job stands, with what it waits for as Slurm calls it. */
function stateText(queued: Queued | undefined): string {
  if (queued === undefined) return 'unknown';
  const { state, reason } = queued;
  return `${state.toLowerCase()}${state === 'PENDING' && reason !== 'None' ? ` (${reason})` : ''}`;
}

/** The last lines that a script has printed. */
const lastOf = (text: string): string => text.trim().split('\n').slice(-5).join('\n');

function failed(
  { job }: Watch,
  code: string,
  message: string,
  retry: boolean,
  help?: string,
): Attempt {
  const failure: Failure = {
    code,
    message,
    retry,
    log: job.log,
    ...(help === undefined ? {} : { help }),
  };
  return { kind: 'failed', failure };
}

const refused = (watch: Watch, said: string): Attempt =>
  failed(
    watch,
    'not-submitted',
    `Slurm does not take it: ${said}`,
    false,
    'see `partition`, `account`, `qos`, `time`, `max_array` and what it asks for in the site file and in its annotations',
  );
