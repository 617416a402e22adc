import { Bug } from '../../base/errors.js';
import { DROPPED, type InputState } from '../../plan/build-plan.js';
import { decidedBy } from '../../plan/halving.js';
import type { PlannedStage, StagePoint } from '../../plan/plan.js';
import type { Output, StageOutcome, StageRecord } from '../record.js';
import type { WrongReader } from './names-of-images.js';
import type { RunEvent } from './run-event.js';

/** What an agenda asks outside. It starts nothing, and reads nothing itself. */
export interface AgendaWorld {
  /** What is to be done with a point, given the results of its inputs; with the result where there is one. */
  readonly plan: (point: StagePoint, inputs: InputState) => PlannedWork;
  /** Told each result; which of the points that wait for it cannot succeed with it. */
  readonly settled: (
    point: StagePoint,
    record: StageRecord,
    waiting: readonly StagePoint[],
  ) => readonly WrongReader[];
  /** Is there a whole result under a key? */
  readonly has: (key: string) => boolean;
  readonly tell: (event: RunEvent) => void;
  /** Seconds of the longest chain of work that a point begins; none is known unless given. */
  readonly urgency?: (id: string) => number;
}

export interface PlannedWork {
  readonly planned: PlannedStage;
  readonly hit?: StageRecord | undefined;
}

/** Work whose inputs are all there: one of the points that share its key. */
export interface Ready {
  readonly point: StagePoint;
  readonly planned: PlannedStage;
  readonly key: string;
}

type Failure = NonNullable<StageOutcome['failure']>;

/**
 * What of a run is ready, what waits and what is done, whoever does it. A result makes readers
 * ready; points of one key are one piece of work, and share its end. Points that are given stand in
 * dependency order.
 */
export interface Agenda {
  /** Plans the points that wait for no input. */
  readonly begin: () => void;
  /** The most urgent first, else in the order of the points; without what was taken. */
  readonly ready: () => readonly Ready[];
  /** The work begins. */
  readonly take: (work: Ready) => void;
  /** The work is over; all points that wait for it, which are then settled, failed, repaired or planned anew. */
  readonly release: (work: Ready) => readonly StagePoint[];
  readonly settle: (
    points: readonly StagePoint[],
    outcome: 'hit' | 'ran',
    record: StageRecord,
  ) => void;
  /** Also skips what needs them. */
  readonly fail: (points: readonly StagePoint[], failure: Failure, seconds: number) => void;
  /** May a point be done again whose inputs are damaged or whose files changed? Each yes counts. */
  readonly mayRepeat: (point: StagePoint) => boolean;
  /** Makes the damaged inputs of points again, then the points. */
  readonly repair: (points: readonly StagePoint[]) => void;
  /** Plans points anew, of which something is otherwise by now. */
  readonly replan: (points: readonly StagePoint[]) => void;
  /** Skips what has no end yet. */
  readonly skipRest: (message: string) => void;
  readonly outputOf: (id: string) => Output | undefined;
  /** How many points have no end yet. */
  readonly left: () => number;
  /** The first point that failed. */
  readonly failed: () => string | undefined;
  /** All points, as they are planned by now. */
  readonly stages: () => readonly PlannedStage[];
  /** All ends, in the order of the points. */
  readonly outcomes: () => readonly StageOutcome[];
}

/** A point on its way. */
interface Node {
  readonly point: StagePoint;
  readonly order: number;
  readonly readers: Node[];
  /** Inputs without a result. */
  readonly pending: Set<string>;
  planned: PlannedStage | undefined;
  outcome: StageOutcome | undefined;
  repeats: number;
}

/** How often a point is planned again because its inputs are damaged or its files changed. */
const REPEATS = 2;

export function agendaOf(points: readonly StagePoint[], world: AgendaWorld): Agenda {
  const nodes = points.map(nodeOf);
  const byId = new Map(nodes.map((node) => [node.point.id, node]));
  const nodeAt = (id: string): Node => byId.get(id) ?? absent(id);
  const nodesOf = (of: readonly StagePoint[]): Node[] => of.map(({ id }) => nodeAt(id));
  for (const node of nodes) for (const id of node.pending) nodeAt(id).readers.push(node);

  const ready = new Set<Node>();
  /** What is ready in its order; undefined since more became ready. Of it what was taken is passed over. */
  let ordered: readonly Node[] | undefined;
  /** By key, the points whose result one piece of work makes. */
  const sharing = new Map<string, Node[]>();
  /** Keys of work that was taken. */
  const running = new Set<string>();
  let failed: string | undefined;
  let ended = 0;

  const inputState = (id: string): ReturnType<InputState> =>
    nodeAt(id).outcome?.outcome === 'dropped' ? DROPPED : outputOf(id);

  const outputOf = (id: string): Output | undefined => nodeAt(id).outcome?.record?.output;

  const urgencyOf = ({ point }: Node): number => world.urgency?.(point.id) ?? 0;
  const byUrgency = (a: Node, b: Node): number => urgencyOf(b) - urgencyOf(a) || a.order - b.order;

  /** As it is planned, or with what is known of it by now. */
  const plannedOf = ({ planned, point }: Node): PlannedStage =>
    planned ?? world.plan(point, inputState).planned;

  /** Plans the nodes whose inputs are there, and those that this makes known. */
  const advance = (work: Node[]): void => {
    // What is added meanwhile comes in its turn.
    for (const node of work) {
      const { planned, hit } = world.plan(node.point, inputState);
      node.planned = planned;
      world.tell({ kind: 'planned', id: node.point.id, planned });
      if (planned.action === 'drop') for (const reader of drop(node)) work.push(reader);
      if (planned.key === undefined) continue;
      if (hit) for (const reader of settle(node, 'hit', hit)) work.push(reader);
      else share(node, planned.key);
    }
  };

  const share = (node: Node, key: string): void => {
    const others = sharing.get(key);
    if (others) others.push(node);
    else {
      sharing.set(key, [node]);
      ready.add(node);
      ordered = undefined;
    }
  };

  const end = (node: Node, outcome: StageOutcome): void => {
    if (!node.outcome) ended += 1;
    node.outcome = outcome;
  };

  /** Enters a result; returns the readers whose inputs are all there now. */
  const settle = (node: Node, outcome: 'hit' | 'ran', record: StageRecord): Node[] => {
    const { point, readers } = node;
    const planned = node.planned ?? absent(point.id);
    end(node, { planned, outcome, seconds: record.seconds, record });
    const waiting = readers.filter((reader) => !reader.outcome).map((reader) => reader.point);
    const wrong = world.settled(point, record, waiting);
    world.tell({ kind: 'finish', id: point.id, outcome, record });
    for (const { point: reader, failure } of wrong) {
      if (!nodeAt(reader.id).outcome) fail(nodeAt(reader.id), failure, 0);
    }
    return readers.filter((reader) => reader.pending.delete(point.id) && isFree(reader));
  };

  /** Halving went on without it; returns the readers that can be planned now. */
  const drop = (node: Node): Node[] => {
    const planned = node.planned ?? absent(node.point.id);
    end(node, { planned, outcome: 'dropped', seconds: 0, record: undefined });
    const { id } = node.point;
    world.tell({ kind: 'drop', id, reason: planned.reason });
    return node.readers.filter((reader) => reader.pending.delete(id) && isFree(reader));
  };

  /** Can it be planned: all inputs there, no result yet, and no work of its key taken? */
  const isFree = ({ pending, outcome, planned }: Node): boolean =>
    pending.size === 0 && outcome === undefined && !running.has(planned?.key ?? '');

  const fail = (node: Node, failure: Failure, seconds: number): void => {
    failed ??= node.point.id;
    const planned = plannedOf(node);
    end(node, { planned, outcome: 'failed', seconds, record: undefined, failure });
    world.tell({ kind: 'fail', id: node.point.id, failure });
    const message = `needs \`${node.point.id}\`, which failed`;
    const work = [...node.readers];
    for (let reader = work.shift(); reader; reader = work.shift()) {
      if (reader.outcome) continue;
      skip(reader, message);
      for (const further of reader.readers) work.push(further);
    }
  };

  const skip = (node: Node, message: string): void => {
    const planned = plannedOf(node);
    const failure = { code: 'skipped', message };
    end(node, { planned, outcome: 'skipped', seconds: 0, record: undefined, failure });
    world.tell({ kind: 'skip', id: node.point.id, message });
  };

  /** Takes work that is ready back; returns all whose result it was to make. */
  const withdraw = (node: Node): readonly Node[] => {
    const key = node.planned?.key ?? '';
    const sharers = sharing.get(key) ?? [];
    if (running.has(key) || sharers.length === 0) return [];
    sharing.delete(key);
    for (const sharer of sharers) ready.delete(sharer);
    return sharers;
  };

  const repair = (stages: readonly Node[]): void => {
    const again = new Set(stages);
    for (const input of stages.flatMap(({ point }) => point.inputs.map(nodeAt))) {
      const key = input.outcome?.record?.key;
      if (key === undefined || world.has(key)) continue;
      input.outcome = undefined;
      ended -= 1;
      again.add(input);
      for (const reader of input.readers) {
        if (reader.outcome) continue;
        reader.pending.add(input.point.id);
        for (const node of withdraw(reader)) again.add(node);
      }
    }
    for (const { point, pending } of stages) {
      for (const id of point.inputs) if (!outputOf(id)) pending.add(id);
    }
    advance([...again].filter(isFree));
  };

  return {
    begin: () => advance(nodes.filter(({ pending }) => pending.size === 0)),
    ready: () => {
      ordered ??= [...ready].sort(byUrgency);
      return ordered.filter((node) => ready.has(node)).map(readyOf);
    },
    take: ({ point, key }) => {
      ready.delete(nodeAt(point.id));
      running.add(key);
    },
    release: ({ point, key }) => {
      const sharers = sharing.get(key) ?? [nodeAt(point.id)];
      sharing.delete(key);
      running.delete(key);
      return sharers.map((sharer) => sharer.point);
    },
    settle: (of, outcome, record) => {
      for (const node of nodesOf(of)) advance(settle(node, outcome, record));
    },
    fail: (of, failure, seconds) => {
      for (const node of nodesOf(of)) fail(node, failure, seconds);
    },
    mayRepeat: ({ id }) => {
      const node = nodeAt(id);
      if (node.repeats >= REPEATS) return false;
      node.repeats += 1;
      return true;
    },
    repair: (of) => repair(nodesOf(of)),
    replan: (of) => advance(nodesOf(of)),
    skipRest: (message) => {
      for (const node of nodes) if (!node.outcome) skip(node, message);
    },
    outputOf,
    left: () => nodes.length - ended,
    failed: () => failed,
    stages: () => nodes.map(plannedOf),
    outcomes: () => nodes.map((node) => node.outcome ?? absent(node.point.id)),
  };
}

const nodeOf = (point: StagePoint, order: number): Node => ({
  point,
  order,
  readers: [],
  pending: new Set([...point.inputs, ...decidedBy(point)]),
  planned: undefined,
  outcome: undefined,
  repeats: 0,
});

function readyOf({ point, planned }: Node): Ready {
  if (planned?.key === undefined) absent(point.id);
  return { point, planned, key: planned.key };
}

function absent(id: string): never {
  throw new Bug(`\`${id}\` has no state that it needs here`);
}
