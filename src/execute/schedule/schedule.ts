import { basename, join } from 'node:path';
import { Bug, SspError } from '../../base/errors.js';
import type { Program } from '../../language/program.js';
import { planOf, planPoint } from '../../plan/build-plan.js';
import type { StagePoint } from '../../plan/plan.js';
import { acceptedText } from '../accept/accepted-text.js';
import { chainsOf } from '../costs/estimate.js';
import { measuredCosts } from '../costs/measured-costs.js';
import type { Output, StageOutcome, StageRecord } from '../record.js';
import { statAt } from '../store/entry.js';
import { rememberRun } from '../store/roots.js';
import type { Store } from '../store/store.js';
import { sweep } from '../store/sweep.js';
import { STALE } from '../worker/paths-in-key.js';
import type { WorkEvent } from '../worker/work-event.js';
import { type AgendaWorld, agendaOf, type Ready } from './agenda.js';
import { attempts } from './attempts.js';
import { type Attempt, HANDED_OVER, type Lease } from './executor.js';
import { wrongNames } from './names-of-images.js';
import type { DiskWorld } from './open-world.js';
import type { RunEvent } from './run-event.js';
import type { RunOptions, RunResult } from './run-options.js';
import { taskOf } from './task-of.js';
import { wrongNumbers } from './wrong-numbers.js';

/**
 * Plans and runs points that stand in dependency order: starts what is ready and has room, and enters
 * how it ended.
 */
export async function schedule(
  program: Program,
  points: readonly StagePoint[],
  world: DiskWorld,
  options: RunOptions & { readonly cwd: string },
): Promise<RunResult> {
  const { store, executor, keepGoing = false, signal } = options;
  const listen = options.onEvent ?? (() => {});
  let started = false;
  /** What is found while planning, told after the plan, which has all that is planned by then. */
  const early: RunEvent[] = [];
  const emit = (event: RunEvent): void => {
    if (started) listen(event);
    else if (event.kind !== 'planned') early.push(event);
  };
  const agenda = agendaOf(points, agendaWorld(store, world, emit, urgencyOf(points, store)));
  const stop = new AbortController();
  const jobs = new Set<Promise<void>>();
  let broken: { readonly error: unknown } | undefined;

  /** Starts what is ready and fits, in the order of the plan. */
  const start = (): void => {
    if (stop.signal.aborted || (agenda.failed() !== undefined && !keepGoing)) return;
    const room = executor.room();
    for (const work of agenda.ready()) {
      const lease = room.lease(work.planned);
      if (!lease) {
        if (room.isFull()) return;
        continue;
      }
      agenda.take(work);
      const job: Promise<void> = perform(work, lease)
        .catch((error: unknown) => {
          broken ??= { error };
          stop.abort();
        })
        .finally(() => jobs.delete(job));
      jobs.add(job);
    }
  };

  const perform = async (work: Ready, lease: Lease): Promise<void> => {
    const begun = performance.now();
    let attempt: Attempt;
    try {
      attempt = await attempted(work, lease);
    } finally {
      lease.free();
    }
    await finish(work, attempt, (performance.now() - begun) / 1000);
  };

  const attempted = async ({ point, planned, key }: Ready, lease: Lease): Promise<Attempt> => {
    const { id } = point;
    const inputs = (input: string): Output => agenda.outputOf(input) ?? absent(input);
    store.prepare();
    const task = taskOf(planned, inputs, lease, world, options.cwd);
    store.putTask(task);
    const log = store.logPath(key);
    store.clearWay(log, 'file');
    const onEvent = (event: WorkEvent): void => {
      if (event.kind !== 'working') emit({ ...event, id });
    };
    const retries = point.resources.retries ?? 0;
    return attempts(
      executor.attempt,
      { task, log, left: agenda.left(), signal: stop.signal, onEvent },
      retries,
      (n) => emit({ kind: 'start', id, key, attempt: n, gpus: lease.gpus, log }),
      (failure, next) => emit({ kind: 'retry', id, failure, next, of: retries + 1 }),
    );
  };

  const remember = (): void => {
    const { set = {}, numeric, only } = options;
    const file = join(options.cwd, basename(program.file.path));
    const planned = agenda.stages().map(({ stage, id, key }) => ({ stage, id, key }));
    rememberRun(store, { file, set, numeric }, planned, { part: only !== undefined });
  };
  const rememberNow = atMostEvery(REMEMBER, remember);

  const finish = async (work: Ready, attempt: Attempt, seconds: number): Promise<void> => {
    const { point, key } = work;
    const sharers = agenda.release(work);
    const settled = (outcome: 'hit' | 'ran'): boolean => {
      const found = store.find(key);
      if (found.kind !== 'hit') return false;
      store.dropSilentLog(key);
      agenda.settle(sharers, outcome, found.record);
      return true;
    };
    if (attempt.kind === 'done') {
      if (settled(attempt.outcome)) return;
      agenda.fail(sharers, noResult(point, store.logPath(key)), seconds);
      return;
    }
    const { code, message, help, log } = attempt.failure;
    // It goes on without this run.
    if (code === HANDED_OVER) return;
    if (code === 'input-lost' && agenda.mayRepeat(point)) {
      emit({ kind: 'retry', id: point.id, failure: attempt.failure });
      agenda.repair(sharers);
    } else if (code === STALE && agenda.mayRepeat(point)) {
      const failure = await rereadFailure(world, sharers);
      if (failure) agenda.fail(sharers, failure, seconds);
      else agenda.replan(sharers);
      // A worker may end badly when it has published its result; a stale one is of other files.
    } else if (code === STALE || !settled('ran')) {
      // What never began has none.
      const where = statAt(log) === undefined ? [] : [`its log is ${log}`];
      const advice = [...(help ? [help.replace(/\.$/, '')] : []), ...where].join('; ');
      const failure = { code, message, ...(advice === '' ? {} : { help: advice }) };
      agenda.fail(sharers, failure, seconds);
    }
  };

  const interrupt = (): void => stop.abort();
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) stop.abort();
  try {
    agenda.begin();
    const plan = planOf(program.file.path, agenda.stages());
    started = true;
    listen({ kind: 'plan', plan });
    early.forEach(listen);
    if (agenda.ready().length > 0) {
      rememberNow();
      sweep(store);
    }
    for (start(); jobs.size > 0; start()) {
      await Promise.race(jobs);
      rememberNow();
    }
    if (broken) throw broken.error;
    agenda.skipRest(whyNot(agenda.failed(), stop.signal.aborted));
    return { outcomes: agenda.outcomes(), plan, interrupted: signal?.aborted === true };
  } finally {
    if (started) remember();
    signal?.removeEventListener('abort', interrupt);
  }
}

/** How often a run writes down what it uses, so that `gc` leaves it alone. Milliseconds. */
const REMEMBER = 60_000;

function atMostEvery(milliseconds: number, act: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    act();
  };
}

/** What an agenda asks, answered by the store. */
function agendaWorld(
  store: Store,
  given: DiskWorld,
  tell: AgendaWorld['tell'],
  urgency: (id: string) => number,
): AgendaWorld {
  const hits = new Map<string, StageRecord>();
  const world: DiskWorld = {
    ...given,
    lookup: (key) => {
      const found = store.find(key);
      if (found.kind !== 'hit') return found;
      hits.set(key, found.record);
      const { seen, accepted } = found.record;
      return { kind: 'hit', output: found.output, seen, accepted: acceptedText(accepted) };
    },
  };
  return {
    plan: (point, inputs) => {
      const { planned } = planPoint(point, inputs, world);
      const { key, action } = planned;
      return { planned, hit: key !== undefined && action === 'hit' ? hits.get(key) : undefined };
    },
    settled: ({ id, result }, { output }, waiting) =>
      result === 'Images'
        ? wrongNames({ id, output }, waiting, store)
        : wrongNumbers({ id, output }, waiting),
    has: (key) => store.find(key).kind === 'hit',
    tell,
    urgency,
  };
}

/** How long the chains are that points begin, by measured times: found out when something is ready. */
function urgencyOf(points: readonly StagePoint[], store: Store): (id: string) => number {
  let chains: ReadonlyMap<string, number> | undefined;
  return (id) => {
    chains ??= chainsOf(points, measuredCosts(store));
    return chains.get(id) ?? 0;
  };
}

type Failure = NonNullable<StageOutcome['failure']>;

const noResult = ({ id }: StagePoint, log: string): Failure => ({
  code: 'no-result',
  message: `the worker of \`${id}\` ended well and left no result`,
  help: `its log is ${log}`,
});

/** Reads files again that were changed before the work on them began; why that cannot be. */
async function rereadFailure(
  world: DiskWorld,
  points: readonly StagePoint[],
): Promise<Failure | undefined> {
  try {
    await world.reread(points);
    return undefined;
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    const { code, message, help } = error;
    return { code, message, ...(help === undefined ? {} : { help }) };
  }
}

function absent(id: string): never {
  throw new Bug(`\`${id}\` has no result that is needed here`);
}

const whyNot = (failed: string | undefined, interrupted: boolean): string =>
  failed === undefined || interrupted
    ? 'was not started: the run was interrupted'
    : `was not started after \`${failed}\` failed; \`--keep-going\` runs what does not need it`;
