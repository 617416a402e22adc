import { plainText } from '../../base/plain-text.js';
import { signalGroup } from '../processes/process-group.js';
import { BEAT } from '../processes/watch-worker.js';
import type { ExecStageOptions, Executed } from './exec-stage.js';
import { failureOf, stackOf } from './failure-message.js';
import { printTo } from './print-to.js';
import type { WorkEvent } from './work-event.js';
import type { Assignment, WorkerMessage } from './worker-message.js';

/** The work of a stage, which tells of itself. */
type Work = (onEvent: (event: WorkEvent) => void) => Promise<Executed>;

/** Whom the work of a stage tells of itself, and of the process groups of programs that it starts. */
export type Tells = Required<Pick<ExecStageOptions, 'onEvent' | 'onProgram'>>;

/**
 * Lines and steps of progress that the driver is told in a second, and characters of a line; the log
 * has all.
 */
const perSecond = 20;
const lineLength = 1000;

/**
 * Does a stage without a driver (`exec-stage` by hand or by Slurm): what it tells, and how it ended,
 * go to `print`. Returns the exit code.
 */
export async function serveAlone(
  work: Work,
  print: (message: WorkerMessage) => void,
): Promise<number> {
  keepStacks();
  try {
    const { outcome } = await work(print);
    print({ kind: 'done', outcome });
    return 0;
  } catch (error) {
    logStack(error);
    print(failureOf(error));
    return 1;
  }
}

/**
 * The worker's end of the channel to its driver: waits for a stage, does it and tells of it. Then the
 * process ends, whatever a module has left open, unless it is to stay for another stage; so does it at
 * once, with the programs that it has started, when the driver is gone. What is loaded `ahead` is loaded before
 * a stage begins: modules are read in other threads, and no thread may open a file as the output is changed.
 */
export function serveDriver(
  work: (assignment: Assignment, tells: Tells) => Promise<Executed>,
  ahead?: Promise<void>,
): void {
  keepStacks();
  /** At a stage; else it waits. */
  let works = false;
  /** The group of the last program. */
  let program: number | undefined;
  process.on('disconnect', () => {
    if (!works) process.exit();
    if (program !== undefined) signalGroup(program, 'SIGKILL');
    endGroup();
  });
  setInterval(() => void tell({ kind: 'alive' }), BEAT).unref();
  process.on('message', async (assignment: Assignment) => {
    works = true;
    // The channel alone is no reason to stay: a promise that nothing can settle is an error.
    process.channel?.unref();
    await ahead;
    printTo(assignment.log);
    Object.assign(process.env, assignment.env);
    program = undefined;
    const onProgram = (group: number): void => {
      program = group;
      void tell({ kind: 'program', group });
    };
    const isDone = await tellOf((onEvent) => work(assignment, { onEvent, onProgram }));
    if (!isDone || !assignment.stay) process.exit(isDone ? 0 : 1);
    works = false;
    process.channel?.ref();
  });
}

/** Does a stage and tells the driver of it; says whether it has a result. */
async function tellOf(work: Work): Promise<boolean> {
  const isDue = { log: sparse(perSecond), progress: sparse(perSecond) };
  try {
    const { outcome } = await work((event) => {
      // The driver shows what is said; the log, which is standard output, keeps it.
      if (event.kind === 'log') process.stdout.write(`${event.line}\n`);
      if (event.kind === 'remark') process.stdout.write(`remark: ${event.text}\n`);
      if (event.kind === 'log' && !isDue.log()) return;
      // What an epoch ended with is told once.
      if (event.kind === 'progress' && !event.progress.rows?.length && !isDue.progress()) return;
      void tell(event.kind === 'log' ? { ...event, line: shown(event.line) } : event);
    });
    await tell({ kind: 'done', outcome });
    return true;
  } catch (error) {
    logStack(error);
    await tell(failureOf(error));
    return false;
  }
}

/** Calls of TensorFlow.js that an op in a module of the user's own goes through, and more. */
const depth = 60;

/** Lets an error say which line of the user's own it came from. */
function keepStacks(): void {
  Error.stackTraceLimit = depth;
}

/** Settled when the message is on its way, or cannot be. */
const tell = (message: WorkerMessage): Promise<void> =>
  new Promise((done) => {
    if (process.connected) process.send?.(message, undefined, {}, () => done());
    else done();
  });

function logStack(error: unknown): void {
  const stack = stackOf(error);
  if (stack !== undefined) process.stderr.write(`${stack}\n`);
}

/** Lets through so many a second. */
function sparse(limit: number): () => boolean {
  let since = 0;
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - since > 1000) {
      since = now;
      count = 0;
    }
    count += 1;
    return count <= limit;
  };
}

const shown = (line: string): string => plainText(line.slice(0, lineLength));

/** Ends this process, which leads a group, and the programs in it. */
function endGroup(): void {
  signalGroup(process.pid, 'SIGKILL');
  process.exit(1);
}
