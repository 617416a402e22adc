import { Bug, SspError } from '../base/errors.js';
import type { Program } from '../language/program.js';
import { planPoint } from '../plan/build-plan.js';
import type { Plan, PlannedStage, StagePoint } from '../plan/plan.js';
import { attempts } from './attempts.js';
import { rememberKey } from './latest.js';
import { type Lease, machineOf } from './machine.js';
import { wrongNames } from './names-of-images.js';
import type { DiskWorld } from './open-world.js';
import { STALE } from './paths-in-key.js';
import type { Output, StageOutcome, StageRecord } from './record.js';
import type { RunEvent } from './run-event.js';
import type { RunOptions, RunResult } from './run-options.js';
import { sweep } from './sweep.js';
import { taskOf } from './task-of.js';
import type { WorkEvent } from './work-event.js';
import type { Attempt } from './worker.js';

/** A point on its way through a run. */
interface Node {
  readonly point: StagePoint;
  readonly readers: Node[];
  /** Inputs without a result. */
  readonly pending: Set<string>;
  planned: PlannedStage | undefined;
  outcome: StageOutcome | undefined;
  /** How often an input turned out to be damaged, or a file to be changed before the start. */
  repairs: number;
}

/** How often a stage is planned again because its inputs are damaged or its files changed. */
const REPAIRS = 2;

/** Plans and runs points that stand in dependency order. */
export async function schedule(
  program: Program,
  points: readonly StagePoint[],
  given: DiskWorld,
  options: RunOptions & { readonly cwd: string },
): Promise<RunResult> {
  const { store, keepGoing = false, signal } = options;
  const listen = options.onEvent ?? (() => {});
  /** What is found while planning, told after the plan. */
  const early: RunEvent[] = [];
  const emit = (event: RunEvent): void => {
    if (started) listen(event);
    else early.push(event);
  };
  const hits = new Map<string, StageRecord>();
  const world: DiskWorld = {
    ...given,
    lookup: (key) => {
      const found = store.find(key);
      if (found.kind !== 'hit') return found;
      hits.set(key, found.record);
      return { kind: 'hit', output: found.output, seen: found.record.seen };
    },
  };
  const machine = machineOf(options);
  const nodes = points.map(nodeOf);
  const byId = new Map(nodes.map((node) => [node.point.id, node]));
  const nodeAt = (id: string): Node => byId.get(id) ?? absent(id);
  for (const node of nodes) for (const id of node.pending) nodeAt(id).readers.push(node);

  const order = new Map(nodes.map((node, i) => [node, i]));
  const ready = new Set<Node>();
  /** By key, the points whose result one job makes. */
  const sharing = new Map<string, Node[]>();
  /** Keys whose jobs run. */
  const running = new Set<string>();
  const stop = new AbortController();
  const jobs = new Set<Promise<void>>();
  let failed: string | undefined;
  let started = false;
  let broken: { readonly error: unknown } | undefined;

  const outputOf = (id: string): Output | undefined => nodeAt(id).outcome?.record?.output;

  /** Plans the nodes whose inputs are there, and those that this makes known. */
  const advance = (work: Node[]): void => {
    for (let node = work.shift(); node; node = work.shift()) {
      const { planned } = planPoint(node.point, outputOf, world);
      node.planned = planned;
      const { key, action } = planned;
      if (started) emit({ kind: 'planned', id: node.point.id, planned });
      if (key === undefined) continue;
      const hit = action === 'hit' ? hits.get(key) : undefined;
      if (hit) for (const reader of settle(node, 'hit', hit)) work.push(reader);
      else {
        const others = sharing.get(key);
        if (others) others.push(node);
        else {
          sharing.set(key, [node]);
          ready.add(node);
        }
      }
    }
  };

  /** Enters a result; returns the readers whose inputs are all there now. */
  const settle = (node: Node, outcome: 'hit' | 'ran', record: StageRecord): Node[] => {
    const planned = node.planned ?? absent(node.point.id);
    node.outcome = { planned, outcome, seconds: record.seconds, record };
    remember(node.point, record.key);
    emit({ kind: 'finish', id: node.point.id, outcome, record });
    if (node.point.result === 'Images') refuseNames(node, record.output);
    return node.readers.filter((reader) => {
      const waited = reader.pending.delete(node.point.id);
      return waited && isFree(reader);
    });
  };

  /** Fails what names something that these images do not have, before the work that it waits for. */
  const refuseNames = ({ point: { id }, readers }: Node, output: Output): void => {
    const waiting = readers.filter((reader) => !reader.outcome).map(({ point }) => point);
    for (const { point, failure } of wrongNames({ id, output }, waiting, store)) {
      const reader = nodeAt(point.id);
      if (!reader.outcome) fail(reader, failure, 0);
    }
  };

  /** Can it be planned: all inputs there, no result yet, and no job of its key at work? */
  const isFree = ({ pending, outcome, planned }: Node): boolean =>
    pending.size === 0 && outcome === undefined && !running.has(planned?.key ?? '');

  /** Hints for explanations; a store that may only be read does without. */
  const remember = ({ stage, id }: StagePoint, key: string): void => {
    try {
      rememberKey(store, stage, id, key);
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
    }
  };

  /** As it is planned, or with what is known of it by now. */
  const plannedOf = ({ planned, point }: Node): PlannedStage =>
    planned ?? planPoint(point, outputOf, world).planned;

  const fail = (
    node: Node,
    failure: NonNullable<StageOutcome['failure']>,
    seconds: number,
  ): void => {
    failed ??= node.point.id;
    const planned = plannedOf(node);
    node.outcome = { planned, outcome: 'failed', seconds, record: undefined, failure };
    emit({ kind: 'fail', id: node.point.id, failure });
    skipReaders(node);
  };

  const skipReaders = (node: Node): void => {
    const work = [...node.readers];
    for (let reader = work.shift(); reader; reader = work.shift()) {
      if (reader.outcome) continue;
      skip(reader, `needs \`${node.point.id}\`, which failed`);
      for (const further of reader.readers) work.push(further);
    }
  };

  const skip = (node: Node, message: string): void => {
    const planned = plannedOf(node);
    const failure = { code: 'skipped', message };
    node.outcome = { planned, outcome: 'skipped', seconds: 0, record: undefined, failure };
    emit({ kind: 'skip', id: node.point.id, message });
  };

  /** Starts what is ready and fits, in the order of the plan. */
  const start = (): void => {
    const halted = stop.signal.aborted || (failed !== undefined && !keepGoing);
    if (halted) return;
    const passed = new Set<string>();
    const position = (node: Node): number => order.get(node) ?? 0;
    for (const node of [...ready].sort((a, b) => position(a) - position(b))) {
      const lease = machine.lease(node.planned ?? absent(node.point.id), passed);
      if (!lease) {
        if (passed.has('jobs')) return;
        continue;
      }
      ready.delete(node);
      running.add(node.planned?.key ?? '');
      const job: Promise<void> = perform(node, lease)
        .catch((error: unknown) => {
          broken ??= { error };
          stop.abort();
        })
        .finally(() => jobs.delete(job));
      jobs.add(job);
    }
  };

  const perform = async (node: Node, lease: Lease): Promise<void> => {
    const planned = node.planned ?? absent(node.point.id);
    const key = planned.key ?? absent(node.point.id);
    const { id } = node.point;
    const begun = performance.now();
    let attempt: Attempt;
    try {
      const inputs = (input: string): Output => outputOf(input) ?? absent(input);
      store.prepare();
      const task = taskOf(planned, inputs, lease, world, options.cwd);
      store.putTask(task);
      const log = store.logPath(key);
      store.clearWay(log, 'file');
      const job = {
        task,
        log,
        signal: stop.signal,
        onEvent: (event: WorkEvent) => {
          if (event.kind !== 'working') emit({ ...event, id });
        },
      };
      const retries = node.point.resources.retries ?? 0;
      attempt = await attempts(
        options.executor,
        job,
        retries,
        (n) => emit({ kind: 'start', id, key, attempt: n, gpus: lease.gpus, log }),
        (failure, next) => emit({ kind: 'retry', id, failure, next, of: retries + 1 }),
      );
    } finally {
      lease.free();
    }
    await finish(node, key, attempt, (performance.now() - begun) / 1000);
  };

  const finish = async (
    node: Node,
    key: string,
    attempt: Attempt,
    seconds: number,
  ): Promise<void> => {
    const sharers = sharing.get(key) ?? [node];
    sharing.delete(key);
    running.delete(key);
    const found = store.find(key);
    if (attempt.kind === 'done' && found.kind === 'hit') {
      for (const sharer of sharers) advance(settle(sharer, attempt.outcome, found.record));
      return;
    }
    if (attempt.kind === 'done') {
      const message = `the worker of \`${node.point.id}\` ended well and left no result`;
      const log = store.logPath(key);
      for (const sharer of sharers)
        fail(sharer, { code: 'no-result', message, help: `its log is ${log}` }, seconds);
      return;
    }
    const { code, message, help, log } = attempt.failure;
    if (code === 'input-lost' && node.repairs < REPAIRS) {
      node.repairs += 1;
      emit({ kind: 'retry', id: node.point.id, failure: attempt.failure });
      repair(sharers);
      return;
    }
    if (code === STALE && node.repairs < REPAIRS) {
      node.repairs += 1;
      return replan(sharers, seconds);
    }
    const advice = [...(help ? [help.replace(/\.$/, '')] : []), `its log is ${log}`].join('; ');
    for (const sharer of sharers) fail(sharer, { code, message, help: advice }, seconds);
  };

  /** Makes the damaged inputs of stages again, then the stages. */
  const repair = (stages: readonly Node[]): void => {
    const again = new Set(stages);
    for (const input of stages.flatMap((node) => node.point.inputs.map(nodeAt))) {
      const key = input.outcome?.record?.key;
      if (key === undefined || store.find(key).kind === 'hit') continue;
      input.outcome = undefined;
      again.add(input);
      for (const reader of input.readers) {
        if (reader.outcome) continue;
        reader.pending.add(input.point.id);
        for (const node of withdraw(reader)) again.add(node);
      }
    }
    for (const node of stages) {
      for (const id of node.point.inputs) if (!outputOf(id)) node.pending.add(id);
    }
    advance([...again].filter(isFree));
  };

  /** Plans stages again whose files were changed before they were started. */
  const replan = async (stages: readonly Node[], seconds: number): Promise<void> => {
    try {
      await world.reread(stages.map(({ point }) => point));
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      const { code, message, help } = error;
      const failure = { code, message, ...(help === undefined ? {} : { help }) };
      for (const node of stages) fail(node, failure, seconds);
      return;
    }
    advance([...stages]);
  };

  /** Takes a stage that is ready back, and those that wait for its result. */
  const withdraw = (node: Node): readonly Node[] => {
    const key = node.planned?.key ?? '';
    const sharers = sharing.get(key) ?? [];
    if (running.has(key) || sharers.length === 0) return [];
    sharing.delete(key);
    for (const sharer of sharers) ready.delete(sharer);
    return sharers;
  };

  const interrupt = (): void => stop.abort();
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) stop.abort();
  try {
    advance(nodes.filter((node) => node.pending.size === 0));
    const plan = planOf(program, nodes, (point) => planPoint(point, outputOf, world).planned);
    started = true;
    listen({ kind: 'plan', plan });
    early.forEach(listen);
    if (ready.size > 0) sweep(store);
    for (start(); jobs.size > 0; start()) await Promise.race(jobs);
    if (broken) throw broken.error;
    for (const node of nodes) if (!node.outcome) skip(node, whyNot(failed, stop.signal.aborted));
    const outcomes = nodes.map((node) => node.outcome ?? absent(node.point.id));
    return { outcomes, plan, interrupted: signal?.aborted === true };
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

function nodeOf(point: StagePoint): Node {
  return {
    point,
    readers: [],
    pending: new Set(point.inputs),
    planned: undefined,
    outcome: undefined,
    repairs: 0,
  };
}

function absent(id: string): never {
  throw new Bug(`\`${id}\` has no state that it needs here`);
}

const whyNot = (failed: string | undefined, interrupted: boolean): string =>
  failed === undefined || interrupted
    ? 'was not started: the run was interrupted'
    : `was not started after \`${failed}\` failed; \`--keep-going\` runs what does not need it`;

function planOf(
  program: Program,
  nodes: readonly Node[],
  waiting: (point: StagePoint) => PlannedStage,
): Plan {
  const stages = nodes.map((node) => node.planned ?? waiting(node.point));
  const summary = { hit: 0, run: 0, await: 0 };
  for (const { action } of stages) summary[action] += 1;
  return { file: program.file.path, stages, summary };
}
