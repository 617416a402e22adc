import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import { foldedText } from '../../lex/source-text.js';
import type { Expect, Reference, Report, Stage, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { labelAt } from '../../terms/label-at.js';
import { type At, type Axes, fewPointsOver } from '../../terms/points-over.js';
import { looksAtSetting } from '../../terms/setting.js';
import { meet, meetShared, remembered } from '../../terms/shared-terms.js';
import { childrenOf } from '../../terms/terms.js';

/** More points than this are not tried one by one; they only stay untold. */
const mostPoints = 10_000;

/** What is shown and claimed of the stages. */
interface Shown {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly reports: readonly Report[];
  readonly expects: readonly Expect[];
  readonly references: readonly Reference[];
}

/** Why a term is missing at a point: the `where` that dropped it, or a slice. */
interface Dropped {
  readonly where: Term | undefined;
}

/**
 * Warns of slices that take out what a `where` or another slice has dropped, and of claims and
 * columns of which no point is left. A stage that has no points at all was told before. What a param
 * drops (`where scale is paper`) is dropped on purpose.
 */
export function droppedPoints(shown: Shown, axes: Axes): readonly Diagnostic[] {
  const { stages } = shown;
  const found: Diagnostic[] = [];
  const seen = new Set<Term>();
  const memory = remembered<Dropped | undefined>();
  const ofStages = new Map<string, Dropped | undefined>();

  function missing(term: Term, at: At): Dropped | undefined {
    return memory.recall(term, at, () => findMissing(term, at));
  }

  function findMissing(term: Term, at: At): Dropped | undefined {
    switch (term.kind) {
      case 'stage':
        return missingStage(term.stage, at);
      case 'axis': {
        const axis = axes.get(term.axis);
        const value = axis && labelAt(axis, at[term.axis])?.value;
        if (value) meetShared(value);
        return value && missing(value, at);
      }
      case 'slice': {
        const [label = ''] = term.labels;
        if (!term.set) return missing(term.of, { ...at, [term.axis]: label });
        const kept = term.labels.includes(at[term.axis] ?? '');
        return kept ? missing(term.of, at) : { where: undefined };
      }
      case 'reduce':
        return term.operator === 'count' ? undefined : missingEverywhere(term.of, term.over, at);
      case 'if': {
        const condition = evaluate(term.condition, at, axes);
        if (condition === true) return missing(term.then, at);
        if (condition === false) return missing(term.else, at);
        return missing(term.condition, at) ?? (missing(term.then, at) && missing(term.else, at));
      }
      case 'match': {
        if (!('axis' in term.of)) break;
        const label = at[term.of.axis] ?? '';
        const arm = term.arms.find(({ labels }) => labels.includes(label))?.value ?? term.else;
        return arm && missing(arm, at);
      }
    }
    for (const child of childrenOf(term)) {
      const dropped = missing(child, at);
      if (dropped) return dropped;
    }
    return undefined;
  }

  function missingStage(name: string, at: At): Dropped | undefined {
    const stage = stages.get(name);
    if (!stage) return undefined;
    const key = JSON.stringify([name, ...stage.dims.map((dim) => at[dim])]);
    if (ofStages.has(key)) return ofStages.get(key);
    ofStages.set(key, undefined);
    const { where, calls } = stage;
    const call = calls.find(({ when }) =>
      when.every(({ axis, label }) => at[axis] === label),
    )?.call;
    const drops = where !== undefined && evaluate(where, at, axes) === false;
    let dropped: Dropped | undefined = drops ? { where } : undefined;
    for (const arg of call?.args ?? []) {
      meet(arg.value);
      dropped ??= missing(arg.value, at);
    }
    ofStages.set(key, dropped);
    return dropped;
  }

  /** Why a term is missing at every point over some axes, if it is. */
  function missingEverywhere(term: Term, over: readonly string[], from: At): Dropped | undefined {
    let first: Dropped | undefined;
    for (const at of fewPointsOver(over, axes, mostPoints)) {
      const dropped = missing(term, { ...from, ...at });
      if (!dropped) return undefined;
      first ??= dropped;
    }
    return first;
  }

  const everywhere = (term: Term) => missingEverywhere(term, term.dims, {});

  function look(term: Term): void {
    if (seen.has(term)) return;
    seen.add(term);
    for (const child of childrenOf(term)) look(child);
    if (term.kind !== 'slice' || everywhere(term.of)) return;
    const { axis } = term;
    const others = term.of.dims.filter((dim) => dim !== axis);
    const gone = term.labels.flatMap((label) => {
      const dropped = missingEverywhere(term.of, others, { [axis]: label });
      return dropped ? [{ label, dropped }] : [];
    });
    const [first] = gone;
    if (!first) return;
    const points = gone.map(({ label }) => `\`${axis}: ${label}\``).join(', ');
    report(term, `with ${points}`, first.dropped);
  }

  function report({ span }: Term, points: string, { where }: Dropped): void {
    if (where && looksAtSetting(where)) return;
    const related = where ? [{ span: where.span, message: 'what drops them' }] : [];
    const args = { of: foldedText(span), points };
    found.push(diagnose('points-dropped', span, args, { related }));
  }

  function lookWhole(term: Term): void {
    meet(term);
    const before = found.length;
    look(term);
    if (found.length > before || [...stagesIn(term)].some(isEmpty)) return;
    const dropped = everywhere(term);
    if (dropped) report(term, 'that it needs', dropped);
  }

  function isEmpty(name: string): boolean {
    const dims = stages.get(name)?.dims ?? [];
    const points = fewPointsOver(dims, axes, mostPoints);
    return points.length > 0 && points.every((at) => missingStage(name, at));
  }

  if (![...stages.values()].some(({ where }) => where)) return found;
  for (const { calls } of stages.values()) {
    for (const { call } of calls) for (const { value } of call.args) look(value);
  }
  for (const { values } of shown.reports) for (const { value } of values) lookWhole(value);
  for (const { condition } of shown.expects) lookWhole(condition);
  for (const { entries } of shown.references) for (const { target } of entries) lookWhole(target);
  return found;
}

/** The stages that a term reads. */
function stagesIn(term: Term, into = new Set<string>(), seen = new Set<Term>()): Set<string> {
  if (seen.has(term)) return into;
  seen.add(term);
  if (term.kind === 'stage') into.add(term.stage);
  for (const child of childrenOf(term)) stagesIn(child, into, seen);
  return into;
}
