import { Bug } from '../base/errors.js';
import type { Program } from '../language/program.js';
import { explain } from './explain.js';
import { decide } from './halving.js';
import type { InputResult } from './key.js';
import type { Metrics } from './metrics.js';
import type { KeyRecord, Plan, PlannedStage, Reason, StagePoint } from './plan.js';
import type { PlanWorld } from './plan-world.js';
import { keyAsSeen } from './seen.js';
import { unfold } from './unfold.js';

/** Halving went on without it, so it has no result. */
export const DROPPED = Symbol('dropped');

/** The result of an input, or undefined while it has to run first. */
export type InputState = (id: string) => InputResult | typeof DROPPED | undefined;

/** A planned point, and its result when it is a hit. */
export interface PlannedPoint {
  readonly planned: PlannedStage;
  readonly output: InputResult | undefined;
}

/** What is to be done with every point: the same for `ssp plan` and at the start of `ssp run`. */
export function buildPlan(program: Program, world: PlanWorld): Plan {
  return planPoints(program.file.path, unfold(program, world), world);
}

/** Plans points that stand in dependency order. */
export function planPoints(file: string, points: readonly StagePoint[], world: PlanWorld): Plan {
  const outputs = new Map<string, InputResult | typeof DROPPED>();
  const stages: PlannedStage[] = [];
  for (const point of points) {
    const { planned, output } = planPoint(point, (id) => outputs.get(id), world);
    if (output) outputs.set(point.id, output);
    else if (planned.action === 'drop') outputs.set(point.id, DROPPED);
    stages.push(planned);
  }
  return planOf(file, stages);
}

/** A plan of points, with how many there are of each action. */
export function planOf(file: string, stages: readonly PlannedStage[]): Plan {
  const counts = { hit: 0, run: 0, await: 0, drop: 0 };
  for (const { action } of stages) counts[action] += 1;
  const { drop, ...summary } = counts;
  return { file, stages, summary: drop === 0 ? summary : counts };
}

/** What is to be done with one point, given what is known of its inputs. */
export function planPoint(point: StagePoint, inputs: InputState, world: PlanWorld): PlannedPoint {
  const waiting = (kind: Reason['kind'], waitsFor: readonly string[]): PlannedPoint => ({
    planned: {
      ...point,
      key: undefined,
      record: undefined,
      action: 'await',
      reason: { kind, changes: [], waitsFor },
    },
    output: undefined,
  });
  const { unset } = point;
  if (unset.length > 0 && !world.recall) return waiting('environment', unset);
  const dropped = (reason: Pick<Reason, 'why' | 'waitsFor'>): PlannedPoint => ({
    planned: {
      ...point,
      key: undefined,
      record: undefined,
      action: 'drop',
      reason: { kind: 'dropped', changes: [], ...reason },
    },
    output: undefined,
  });
  const results = new Map<string, InputResult>();
  for (const id of point.inputs) {
    const result = inputs(id);
    if (result === DROPPED) {
      return dropped({ why: `halving went on without \`${id}\``, waitsFor: [id] });
    }
    if (result) results.set(id, result);
  }
  const decision = point.rungs && decide(point.rungs, metricsOf(inputs));
  if (decision?.kind === 'dropped') return dropped({ why: decision.why });
  const undecided = decision?.kind === 'waits' ? decision.waitsFor : [];
  const missing = [...point.inputs.filter((id) => !results.has(id)), ...undecided];
  if (missing.length > 0) return waiting('upstream', missing);
  const known = (id: string): InputResult => results.get(id) ?? absent(id);
  const { key, record, unseen, found } = keyAsSeen(point, known, world);
  if (key === undefined) {
    const recalled = world.recall?.(point, record);
    if (!recalled) {
      return unset.length > 0 ? waiting('environment', unset) : waiting('content', unseen);
    }
    const reason: Reason = { kind: 'recalled', changes: [], waitsFor: [...unset, ...unseen] };
    // A record is also of the point that it was made for, whose name and place are not this one's.
    const { output, key: known, record: of } = recalled;
    return { planned: { ...point, key: known, record: of, action: 'hit', reason }, output };
  }
  if (found.kind === 'hit') {
    const { accepted } = found;
    const said = accepted === undefined ? {} : { why: accepted };
    const reason: Reason = { kind: 'cached', changes: [], ...said };
    return { planned: { ...point, key, record, action: 'hit', reason }, output: found.output };
  }
  const reason = found.kind === 'lost' ? lost : whyRun(point, record, world);
  return { planned: { ...point, key, record, action: 'run', reason }, output: undefined };
}

const metricsOf =
  (inputs: InputState) =>
  (id: string): Metrics | undefined => {
    const result = inputs(id);
    return result === DROPPED ? undefined : result?.metrics;
  };

const lost: Reason = { kind: 'lost', changes: [] };

function whyRun(point: StagePoint, record: KeyRecord, world: PlanWorld): Reason {
  const before = world.latest(point.id, record);
  const changes = before ? explain(before, record, point) : [];
  return changes.length > 0 ? { kind: 'changed', changes } : { kind: 'new', changes: [] };
}

function absent(id: string): never {
  throw new Bug(`no result of ${id}`);
}
