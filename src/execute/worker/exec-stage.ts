import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { masked } from '../../base/secret.js';
import { shellWord } from '../../base/shell-word.js';
import { digestOfRecord, keyOfTraining } from '../../plan/key.js';
import { type Metrics, metricsAsDeclared } from '../../plan/metrics.js';
import { differenceOf } from '../../plan/seen.js';
import { outputOf } from '../output.js';
import { type SpentTime, spendTime, timePath } from '../processes/spent-time.js';
import type { StageRecord } from '../record.js';
import { verifyBlob } from '../store/blobs.js';
import { worldError } from '../store/disk.js';
import { listed } from '../store/entry.js';
import { keptEpochs, secondsOfRungs } from '../store/kept-epochs.js';
import { holderOf, lockKey } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import type { LoadStage, Task, WorkContext, WorkResult } from '../task.js';
import type { Observe } from './observe.js';
import { checkUntouched, pathsInKey, STALE } from './paths-in-key.js';
import { secretsOf } from './secrets.js';
import { seenBy } from './seen-by.js';
import { seenAt, seenFolder } from './seen-files.js';
import { takeOutput } from './take-output.js';
import { contextOf, lostInput } from './work-context.js';
import type { WorkEvent } from './work-event.js';

export interface ExecStageOptions {
  readonly key: string;
  readonly store: Store;
  readonly loadStage: LoadStage;
  /** Watches what a module of the user's looks at. */
  readonly observe?: Observe;
  readonly onEvent?: (event: WorkEvent) => void;
  /**
   * Told of each program that a stage starts, which then leads a process group of its own; without it
   * programs are in the group of this process.
   */
  readonly onProgram?: ((group: number) => void) | undefined;
}

export interface Executed {
  /** `hit`: the result was there, or another process has made it meanwhile. */
  readonly outcome: 'hit' | 'ran';
  readonly record: StageRecord;
}

/**
 * Does one stage: reads its task, checks that the record is that of the key, works in a temporary
 * folder and publishes the result at once. One process does a key at a time; the others take its
 * result. Throws what the stage throws, and SspErrors for a missing task, lost or changed inputs,
 * and a result that is not as declared.
 */
export async function execStage(options: ExecStageOptions): Promise<Executed> {
  const { key, store } = options;
  store.prepare();
  const there = store.find(key);
  if (there.kind === 'hit') return hitOf(there.record, store.task(key));
  const task = store.task(key) ? checkedTask(store, key) : undefined;
  if (task === undefined) {
    // A worker that has just published the result has removed it.
    const made = store.find(key);
    if (made.kind === 'hit') return { outcome: 'hit', record: made.record };
    throw noTask(store, key);
  }
  const held = await takeLock(task, options);
  if ('record' in held) return held;
  try {
    const training = await lockTraining(task, options);
    try {
      options.onEvent?.({ kind: 'working' });
      return { outcome: 'ran', record: await work(task, options) };
    } finally {
      training();
    }
  } finally {
    held.free();
  }
}

/** Of the encoders that a training had on its way one is made at a time: each goes on from the one before. */
async function lockTraining(task: Task, options: ExecStageOptions): Promise<() => void> {
  if (task.record.epoch === undefined) return () => {};
  const { free } = await waitedLock<Lock>(keyOfTraining(task.record), options, () => undefined);
  return free;
}

/** The task of a key, whose record is that of the key. */
export function checkedTask(store: Store, key: string): Task {
  const task = store.task(key);
  if (task === undefined) throw noTask(store, key);
  if (digestOfRecord(task.record) !== key) {
    throw new SspError('wrong-task', `the task of \`${task.id}\` has another key than ${key}`, {
      help: 'it was made by another version of ssp; run `ssp run` again',
    });
  }
  return task;
}

const noTask = (store: Store, key: string): SspError =>
  new SspError('no-task', `the store ${store.root} has no task for the key ${key}`, {
    help: '`ssp run` writes it there before the stage is started',
  });

/** A result that is there, if it was made of what the task is to be done with. */
function hitOf(record: StageRecord, task: Task | undefined): Executed {
  if (task && differenceOf(task, record, seenNow)) {
    throw new SspError(STALE, `\`${task.id}\` was made meanwhile, of other files`, {
      help: 'run `ssp run` again: the key is made from what they contain now',
    });
  }
  return { outcome: 'hit', record };
}

const seenNow = (module: string, path: string): string => seenAt(seenFolder(module), path);

/** The lock of the task's key, or the result that another process has made meanwhile. */
function takeLock(task: Task, options: ExecStageOptions): Promise<Lock | Executed> {
  const { key, store } = options;
  return waitedLock(key, options, () => {
    const there = store.find(key);
    return there.kind === 'hit' ? hitOf(there.record, task) : undefined;
  });
}

interface Lock {
  readonly free: () => void;
}

/** The lock of a key when nobody else holds it, or what makes it needless. */
async function waitedLock<Made>(
  key: string,
  { store, onEvent }: ExecStageOptions,
  made: () => Made | undefined,
): Promise<Lock | Made> {
  let told = false;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 2000)) {
    const free = lockKey(store, key);
    let there: Made | undefined;
    try {
      there = made();
    } catch (error) {
      free?.();
      throw error;
    }
    if (there !== undefined) {
      free?.();
      return there;
    }
    if (free) return { free };
    if (!told) onEvent?.({ kind: 'waiting', holder: holderOf(store, key) });
    told = true;
    await sleep(wait);
  }
}

async function work(task: Task, options: ExecStageOptions): Promise<StageRecord> {
  const { store } = options;
  const secrets = secretsOf(task, process.env);
  // Code of the user's own gets copies, whose content is compared as they are made.
  if (task.code === undefined) await checkInputs(task, store);
  const paths = await pathsInKey(task, store);
  const folder = store.temporary(task.key);
  const out = join(folder, 'out');
  const temporary = join(folder, 'temporary');
  const checkpoint = store.checkpointPath(task.key);
  let worked = false;
  let spent: SpentTime | undefined;
  try {
    store.clearWay(checkpoint, 'folder');
    store.clearWay(timePath(checkpoint), 'file');
    for (const path of [out, temporary, checkpoint]) store.makeFolder(path);
    const seen = seenBy(task, options);
    const run = await options.loadStage(task.record.stage, task.code);
    seen.loaded();
    spent = spendTime(checkpoint, store.disk);
    const kept = keptEpochs(store, task);
    const goesOn = task.record.epoch === undefined && kept?.nearest() !== undefined;
    const earlier = spent.before + (goesOn ? secondsOfRungs(store, task) : 0);
    const started = performance.now();
    const remarks = new Set<string>();
    const context = contextOf(task, { out, temporary, checkpoint }, remarks, secrets, {
      ...options,
      kept,
      onEvent: tellingFrom(spent.before, options.onEvent),
    });
    const result = await run(context);
    worked = true;
    const seconds = earlier + (performance.now() - started) / 1000;
    const metrics = checkedMetrics(task, result);
    await checkUntouched(task, paths, seen.imported(), store);
    const beside = seen.ended();
    const { files, without, ...marks } = await takeOutput(store, out, {
      own: task.code !== undefined,
      inputs: Object.values(task.inputs).flatMap((output) => Object.values(output.files)),
      checkpoint,
    });
    if (without.length > 0) context.remark(remarkOn(without));
    const record: StageRecord = {
      version: 1,
      key: task.key,
      record: task.record,
      id: task.id,
      output: outputOf(task.result, files, metrics, marks),
      seconds: Math.round(seconds * 1000) / 1000,
      finishedAt: new Date().toISOString(),
      environment: { ...environmentOf(task), ...result.environment },
      ...(beside ? { seen: beside } : {}),
      ...(remarks.size > 0 ? { remarks: [...remarks] } : {}),
      ...factsOf(result, context),
      ...(result.watched && ofLibrary(task) ? { watched: result.watched } : {}),
    };
    store.putRecord(record);
    spent.end(true);
    store.discard(checkpoint);
    store.discard(store.keptPath(task.key));
    // Of what was seen beside its key another worker has to know whether it is as its run has it.
    if (record.seen?.files === undefined) store.dropTask(task.key);
    return record;
  } catch (error) {
    const world = withoutSecrets(worldError(dirname(store.root), error), secrets);
    if (worked || isAboutMetrics(world)) throw keepingWork(store, task.key, out, world);
    throw namingReplay(store, task.key, world);
  } finally {
    spent?.end(false);
    store.discard(folder);
  }
}

/** Tells with the first progress of work that goes on where that is, and how long it took to there. */
function tellingFrom(
  before: number,
  onEvent: ExecStageOptions['onEvent'] = () => {},
): (event: WorkEvent) => void {
  let told = before === 0;
  return (event) => {
    if (!told && event.kind === 'progress') {
      told = true;
      // What begins again from the start does not go on.
      if (event.progress.done > 0) {
        onEvent({ kind: 'resumed', seconds: before, progress: event.progress });
      }
    }
    onEvent(event);
  };
}

/** Is the work of a task the library's, whoever makes its descriptions? */
const ofLibrary = ({ code }: Task): boolean => code === undefined || code.kind === 'values';

/** What is in a result, without secrets. */
function factsOf(
  { facts = {} }: WorkResult,
  { masked: hide }: WorkContext,
): Pick<StageRecord, 'facts'> {
  const texts = Object.entries(facts).map(
    ([name, value]) => [hide(name), typeof value === 'string' ? hide(value) : value] as const,
  );
  return texts.length > 0 ? { facts: Object.fromEntries(texts) } : {};
}

/** How many things without content a remark names. */
const NAMED = 5;

function remarkOn(without: readonly string[]): string {
  const more = without.length > NAMED ? ` and ${without.length - NAMED} more` : '';
  const named = without.slice(0, NAMED).join('; ');
  return `not in the result, as it has no content: ${named}${more}`;
}

/** A command has done its work when what it says of it is read. */
const isAboutMetrics = (error: unknown): boolean =>
  error instanceof SspError && error.code === 'bad-metrics';

/** An error whose texts give no secret away. */
function withoutSecrets(error: unknown, secrets: ReadonlyMap<string, string>): unknown {
  if (secrets.size === 0) return error;
  const hide = (text: string): string => masked(text, secrets.values());
  if (error instanceof SspError) {
    const { code, message, help } = error;
    return new SspError(code, hide(message), help === undefined ? {} : { help: hide(help) });
  }
  if (!(error instanceof Error)) return new Error(hide(inspect(error)));
  const { message, stack = '', cause } = error;
  const change = (value: unknown): PropertyDescriptor => ({ value, configurable: true });
  return Object.defineProperties(error, {
    message: change(hide(message)),
    stack: change(hide(stack)),
    ...(cause === undefined ? {} : { cause: change(withoutSecrets(cause, secrets)) }),
  });
}

/** A training that broke says how to see where. */
function namingReplay({ root }: Store, key: string, error: unknown): unknown {
  if (!(error instanceof SspError) || error.code !== 'nan-loss') return error;
  const command = `ssp replay ${key} --store ${shellWord(root)}`;
  const help = [error.help, `\`${command}\` says which op broke.`].filter(Boolean).join(' ');
  return new SspError(error.code, error.message, { help, cause: error.cause });
}

/** What was made stays where the user finds it, though it cannot be published. */
function keepingWork(store: Store, key: string, out: string, error: unknown): unknown {
  if (!(error instanceof SspError) || listed(out).length === 0) return error;
  const kept = store.keptPath(key);
  try {
    store.disk.remove(kept);
    store.publish(out, kept);
  } catch {
    return error; // it is about the work, and says more than that it could not be kept
  }
  const help = [error.help, `what the stage has left is kept in ${kept}`];
  return new SspError(error.code, error.message, {
    help: help.filter((part) => part !== undefined).join('; '),
    cause: error.cause,
  });
}

/** Reads the inputs' content, unless it was read in this state before. */
export async function checkInputs(task: Task, store: Store): Promise<void> {
  for (const output of Object.values(task.inputs)) {
    for (const [name, blob] of Object.entries(output.files)) {
      if (!(await verifyBlob(store, blob))) throw lostInput(task, output, name);
    }
  }
}

function checkedMetrics(task: Task, { metrics = {} }: WorkResult): Metrics {
  const by = `\`${task.record.stage.split('.').at(-1)}\``;
  if (task.result === 'Metrics') return metricsAsDeclared(metrics, task.fields, by);
  const [name] = Object.keys(metrics);
  if (name === undefined) return {};
  throw new SspError('bad-metrics', `${by} gave the metric \`${name}\`, and makes ${task.result}`, {
    help: 'metrics are the result of a stage that is declared with `-> Metrics{…}`',
  });
}

function environmentOf(task: Task): Readonly<Record<string, Json>> {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    processor: cpus()[0]?.model ?? 'unknown',
    threads: task.threads,
    ...(task.record.numeric ?? {}),
    ...(task.gpus.length > 0 ? { gpus: task.gpus.length } : {}),
  };
}
