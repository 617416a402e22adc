import type { Axis, Stage, Term } from '../../program.js';
import { childrenOf } from '../../terms/terms.js';

/** The stages in an order in which each stands after those that it uses. */
export function orderStages(
  stages: ReadonlyMap<string, Stage>,
  axes: readonly Axis[],
): readonly Stage[] {
  const values = new Map(axes.map((axis) => [axis.name, axis.labels.map((l) => l.value)]));
  const ordered = new Map<string, Stage>();
  const seenAxes = new Set<string>();
  const entered = new Set<string>();
  const seen = new Set<Term>();

  function visit(stage: Stage): void {
    if (entered.has(stage.name)) return;
    entered.add(stage.name);
    for (const { call } of stage.calls) for (const arg of call.args) follow(arg.value);
    if (stage.where) follow(stage.where);
    const training = stage.training === undefined ? undefined : stages.get(stage.training);
    if (training) visit(training);
    ordered.set(stage.name, stage);
  }

  function follow(term: Term): void {
    if (seen.has(term)) return;
    seen.add(term);
    if (term.kind === 'axis') followAxis(term.axis);
    if (term.kind === 'stage') {
      const stage = stages.get(term.stage);
      if (stage) visit(stage);
    }
    for (const child of childrenOf(term)) follow(child);
  }

  function followAxis(axis: string): void {
    if (seenAxes.has(axis)) return;
    seenAxes.add(axis);
    for (const value of values.get(axis) ?? []) follow(value);
  }

  for (const stage of stages.values()) visit(stage);
  return [...ordered.values()];
}
