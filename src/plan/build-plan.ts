import { Bug } from '../base/errors.js';
import type { Program } from '../language/program.js';
import { explain } from './explain.js';
import type { InputResult } from './key.js';
import type { KeyRecord, Plan, PlannedStage, Reason, StagePoint } from './plan.js';
import type { PlanWorld } from './plan-world.js';
import { keyAsSeen } from './seen.js';
import { unfold } from './unfold.js';

/** The result of an input, or undefined while it has to run first. */
export type InputState = (id: string) => InputResult | undefined;

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
  const outputs = new Map<string, InputResult>();
  const stages: PlannedStage[] = [];
  const summary = { hit: 0, run: 0, await: 0 };
  for (const point of points) {
    const { planned, output } = planPoint(point, (id) => outputs.get(id), world);
    if (output) outputs.set(point.id, output);
    stages.push(planned);
    summary[planned.action] += 1;
  }
  return { file, stages, summary };
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
  const results = new Map<string, InputResult>();
  for (const id of point.inputs) {
    const result = inputs(id);
    if (result) results.set(id, result);
  }
  const missing = point.inputs.filter((id) => !results.has(id));
  if (missing.length > 0) return waiting('upstream', missing);
  const known = (id: string): InputResult => results.get(id) ?? absent(id);
  const { key, record, unseen, found } = keyAsSeen(point, known, world);
  if (key === undefined) {
    const recalled = world.recall?.(point, record);
    if (!recalled) {
      return unset.length > 0 ? waiting('environment', unset) : waiting('content', unseen);
    }
    const reason: Reason = { kind: 'recalled', changes: [], waitsFor: [...unset, ...unseen] };
    const { output, ...kept } = recalled;
    return { planned: { ...point, ...kept, action: 'hit', reason }, output };
  }
  if (found.kind === 'hit') {
    const reason: Reason = { kind: 'cached', changes: [] };
    return { planned: { ...point, key, record, action: 'hit', reason }, output: found.output };
  }
  const reason = found.kind === 'lost' ? lost : whyRun(point, record, world);
  return { planned: { ...point, key, record, action: 'run', reason }, output: undefined };
}

const lost: Reason = { kind: 'lost', changes: [] };

function whyRun(point: StagePoint, record: KeyRecord, world: PlanWorld): Reason {
  const before = world.latest(point.id, record);
  const changes = before ? explain(before, record, point) : [];
  return changes.length > 0 ? { kind: 'changed', changes } : { kind: 'new', changes: [] };
}

function absent(id: string): never {
  throw new Bug(`no result of ${id}`);
}
