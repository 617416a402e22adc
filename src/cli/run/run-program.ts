import { dirname, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { SspError } from '../../base/errors.js';
import { beyond } from '../../execute/local/beyond.js';
import { notEnoughGpus } from '../../execute/local/machine.js';
import { checkFrozen } from '../../execute/lock/frozen.js';
import type { Lock } from '../../execute/lock/lock.js';
import type { Objection } from '../../execute/remote/fetch-entry.js';
import { readThrough } from '../../execute/remote/read-through.js';
import type { Remote } from '../../execute/remote/remote.js';
import type { OnLook } from '../../execute/schedule/open-world.js';
import { run } from '../../execute/schedule/run.js';
import type { RunResult } from '../../execute/schedule/run-options.js';
import type { SlurmExecutor } from '../../execute/slurm/slurm-executor.js';
import type { NumericClass, Plan } from '../../plan/plan.js';
import { placeOf } from '../executors/executors.js';
import type { Place } from '../executors/place.js';
import type { Io } from '../io.js';
import { amount, namesOf, objectionOf, pullInto, remoteAt } from '../sharing/remotes.js';
import type { LockFile } from '../study/lock-file.js';
import { settings } from '../study/pipeline.js';
import { numberOption, type Opened, worldOf } from '../study/session.js';
import { beyondText } from '../text/beyond-text.js';
import type { Live } from '../text/live.js';
import { keepLock, type WholeRun } from './keep-lock.js';
import type { RunFlags } from './run-flags.js';

type Left = ReturnType<SlurmExecutor['left']>;

/** A run, and what of it goes on without its driver. */
export interface DrivenRun extends RunResult {
  /** The class of its numbers. */
  readonly numeric: NumericClass;
  readonly left: Left | undefined;
  /** It was to leave when everything that was ready was handed over. */
  readonly detached: boolean;
  readonly whole: WholeRun | undefined;
}

/** Told what is to be done before anything is started, which it does not if this throws. */
export type OnPlan = (plan: Plan) => void;

interface Watch {
  readonly onLook?: OnLook | undefined;
  readonly onPlan?: OnPlan | undefined;
}

/**
 * Runs a program where its options say, shows it live, and writes the lock. Ctrl-C, SIGTERM
 * and the end of the terminal that it shows on end it in order; without a terminal it does not mind
 * the end of one.
 */
export async function runProgram(
  opened: Opened,
  options: RunFlags,
  file: LockFile,
  live: Live,
  { onLook, onPlan }: Watch = {},
): Promise<DrivenRun> {
  const { io } = live;
  const { program, points, store } = opened;
  const remotes = await Promise.all((options.from ?? []).map((from) => remoteAt(io, opened, from)));
  const interrupt = new AbortController();
  const detach = new AbortController();
  const stop = () => interrupt.abort();
  const leave = (): void => {
    detach.abort();
    stop();
  };
  const { numeric, executor, cluster, has, gpus } = await placeOf(
    io,
    options,
    store,
    program.file.path,
    leave,
  );
  if (options.frozen) {
    const lock = lockToKeep(file);
    const world = await worldOf(io, opened, options, { numeric });
    const recordOf = (key: string) => store.record(key)?.record;
    checkFrozen(points, lock, { world, recordOf }, settings(options));
  }
  const objection = objectionOf(io, options);
  const said = new Set<string>();
  const tell = (line: string): void => {
    if (!said.has(line)) io.err(line);
    said.add(line);
  };
  await takeFrom({ ...io, err: tell }, opened, options, remotes, objection);
  let left: Left | undefined;
  // What goes on is known until the run leaves it.
  interrupt.signal.addEventListener('abort', () => {
    left = cluster?.left();
  });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const hangUp = onTerminal() ? stop : () => {};
  process.on('SIGHUP', hangUp);
  try {
    const result = await run(program, {
      points,
      store,
      numeric,
      executor: {
        ...executor,
        attempt: readThrough(remotes, store, executor.attempt, { objection, tell }),
      },
      env: io.env,
      cwd: dirname(resolve(io.cwd, program.file.path)),
      set: settings(options),
      only: options.only,
      keepGoing: options.keepGoing === true,
      maxPoints: numberOption(options, 'points'),
      signal: interrupt.signal,
      onEvent: (event) => {
        live.onEvent(event);
        if (event.kind !== 'plan') return;
        onPlan?.(event.plan);
        tellBeyond(io, event.plan, has, gpus);
      },
      onLook,
    });
    const whole = await keepLock(io, opened, options, file, result, { numeric, onLook });
    return { ...result, numeric, whole, left, detached: detach.signal.aborted };
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('SIGHUP', hangUp);
  }
}

/** Says before anything is started what stages want that is not there. @throws SspError `not-enough-gpus`. */
function tellBeyond(io: Io, { stages }: Plan, has: Place['has'], gpus: string): void {
  for (const short of beyond(stages, has)) {
    if (short.kind === 'gpus' && has.gpus > 0) {
      throw notEnoughGpus(short.name, short.wanted, has.gpus);
    }
    io.err(`note: ${beyondText(short, gpus)}`);
  }
}

/** Takes what remotes have before anything is started, all at once and not as a stage fits the machine. */
async function takeFrom(
  io: Io,
  opened: Opened,
  options: RunFlags,
  remotes: readonly Remote[],
  objection: Objection,
): Promise<void> {
  if (remotes.length === 0) return;
  const { came, bytes } = await pullInto(io, opened, options, remotes, objection);
  io.err(`got ${amount(came.length, bytes)} from ${namesOf(remotes)}`);
}

/**
 * Is one of the streams a terminal? Node takes SIGHUP's being ignored (`nohup`) back before any of
 * our code runs, so this is how a run in the background is told from one that somebody looks at.
 */
const onTerminal = (): boolean => [0, 1, 2].some((descriptor) => isatty(descriptor));

function lockToKeep({ lock, path }: LockFile): Lock {
  if (lock !== undefined) return lock;
  throw new SspError('frozen', `there is no lock ${path}`, {
    help: 'run once without `--frozen` to write it',
  });
}
