import { diagnose } from '../../../base/codes.js';
import { removeItem } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { AxisDeclaration, Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { AxisLabel, Call, Resources, Term } from '../../program.js';
import { callLabels, type StageCall, termText } from '../../terms/call-labels.js';
import { dimsOf, isUnknown, unionDims, unknownDim } from '../../terms/terms.js';
import { unknownType } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import {
  apart,
  type CheckedAxis,
  type Context,
  type Home,
  type StageFacts,
  type StageTable,
} from '../context.js';
import { checkCall } from '../expressions/check-call.js';
import { readsStage } from '../expressions/check-plannable.js';
import { joinTerms } from '../expressions/join-terms.js';
import { stageTable } from '../expressions/stage-table.js';
import { isTooLarge } from '../expressions/term-size.js';
import { type AxisEntry, axisEntries } from './axis-entries.js';
import { callOfPrelude, searchEntries } from './check-search.js';
import { reportRepeatedNames } from './display-names.js';
import { innerStages } from './inner-stages.js';

/**
 * Checks an axis. Its values are checked twice: first apart, to learn their labels and all axes
 * that they use, then for good, each under its label and over all those axes. `name` is the axis's
 * in the program.
 */
export function checkAxis(
  declaration: AxisDeclaration,
  name: string,
  context: Context,
  table: StageTable,
  resources: Resources,
): CheckedAxis {
  const facts: StageFacts = {
    keyword: undefined,
    where: undefined,
    outer: [],
    resources,
    doc: undefined,
    span: declaration.name.span,
  };
  const home: Home = { kind: 'stages', name, when: [], dims: [], facts, table };
  const within = { ...context, home };
  const search = callOfPrelude(declaration.values, 'search', within);
  const entries = search ? searchEntries(search, within) : axisEntries(declaration.values, within);
  const inner = innerStages({ name, table });
  const none = {
    name,
    shown: declaration.shown?.text,
    doc: declaration.doc,
    span: declaration.name.span,
    labels: [],
    calls: [],
    inner,
  };
  if (!entries) return { ...none, type: unknownType, dims: [unknownDim] };
  if (entries.length === 0) {
    const help = `give it at least one, as in \`axis ${declaration.name.text} = [1, 2]\`, or take the axis away`;
    context.report(diagnose('empty-axis', declaration.values.span, { name }, { help }));
    return { ...none, type: unknownType, dims: [unknownDim] };
  }
  const scratch = stageTable();
  const quiet = apart({ ...context, home: { ...home, table: scratch } }).context;
  const drafts = entries.map((entry) => entry.check(quiet));
  const what = `a value of axis \`${name}\``;
  if (drafts.some((draft, i) => isTooLarge(draft, entries[i]?.span ?? draft.span, what, context))) {
    return { ...none, type: unknownType, dims: [unknownDim] };
  }
  const written = entries.map(({ expression }) => callOfDef(expression, quiet));
  const labels = labelsOf(entries, drafts, written, scratch);
  const unknown = drafts.some((draft) => isUnknown(draft) || draft.dims.includes(unknownDim));
  const collide = !unknown && reportCollisions(name, labels, entries, context);
  // of two values with one label another was meant
  const guessed = unknown || collide;
  if (!unknown) {
    const named = entries.map((entry, i) => ({ ...entry, name: labels[i] ?? '' }));
    reportRepeatedNames('labels', named, context);
  }
  const dims = unionDims([name], dimsOf(drafts));

  const values = entries.map((entry, i) => {
    const when = [{ axis: name, label: labels[i] ?? '' }];
    return entry.check({ ...context, home: { ...home, when, dims } });
  });
  const joined = joinTerms(
    values,
    entries.map((entry) => entry.expression ?? declaration.values),
    `values of axis \`${name}\``,
    context,
  );
  for (const [i, value] of values.entries()) {
    if (isResult(value.type) || !readsStage(value)) continue;
    const { span } = entries[i]?.expression ?? declaration.values;
    const args = { what: `axis \`${name}\``, found: 'a metric' };
    context.report(diagnose('late-value', span, args));
  }
  const axisLabels: AxisLabel[] = joined.terms.map((value, i) => ({
    label: labels[i] ?? '',
    shown: entries[i]?.shown,
    value,
    span: entries[i]?.span ?? value.span,
  }));
  return {
    name,
    shown: declaration.shown?.text,
    doc: declaration.doc,
    labels: axisLabels,
    span: declaration.name.span,
    type: guessed || values.some(isUnknown) ? unknownType : joined.type,
    dims,
    inner,
    calls: joined.terms.map((value, i) => written[i] ?? callOf(value, name, table)),
  };
}

function labelsOf(
  entries: readonly AxisEntry[],
  drafts: readonly Term[],
  written: readonly (Call | undefined)[],
  scratch: StageTable,
): readonly string[] {
  const calls: StageCall = (stage) => scratch.stages.get(stage)?.calls[0]?.call;
  const draftCalls = drafts.map((draft, i) => {
    const expression = entries[i]?.expression;
    const isCall = expression === undefined || callKinds.has(expression.kind);
    if (!isCall || entries[i]?.label !== undefined) return undefined;
    if (written[i]) return written[i];
    if (draft.kind === 'describe') return draft.call;
    return draft.kind === 'stage' ? calls(draft.stage) : undefined;
  });
  const made = callLabels(draftCalls, calls);
  return drafts.map((draft, i) => {
    const entry = entries[i];
    const text = entry?.label ?? made[i];
    if (text !== undefined) return text;
    if (isUnknown(draft)) return entry?.expression ? foldedText(entry.expression.span) : String(i);
    if (draft.kind === 'literal' && typeof draft.value === 'string') return draft.value;
    return termText(draft, calls);
  });
}

/** Says which labels stand twice; do any? */
function reportCollisions(
  axis: string,
  labels: readonly string[],
  entries: readonly AxisEntry[],
  context: Context,
): boolean {
  const seen = new Map<string, Span>();
  for (const [i, label] of labels.entries()) {
    const span = entries[i]?.span;
    const before = seen.get(label);
    if (!span) continue;
    if (before) {
      const related = [{ span: before, message: 'the first one' }];
      const help = 'a record gives each value a label of its own: `{first: …, second: …}`';
      const whole = entries[i]?.whole;
      const fixes = whole ? [removeItem(whole)] : [];
      context.report(diagnose('label-collision', span, { axis, label }, { help, related, fixes }));
    } else seen.set(label, span);
  }
  return seen.size < labels.length;
}

/** Expressions that stand for a call, by whose arguments a label is made. */
const callKinds: ReadonlySet<string> = new Set(['call', 'with']);

/** A written call of a `def`, which labels show as it is written. */
function callOfDef(expression: Expression | undefined, context: Context): Call | undefined {
  if (expression?.kind !== 'call' || expression.callee.kind !== 'name') return undefined;
  const meaning = context.lookup(expression.callee.name);
  return meaning?.kind === 'def'
    ? checkCall(expression, meaning.def.signature, context)
    : undefined;
}

/** May the values of an axis be results: data, pairs, encoders, and descriptions that may name some. */
function isResult({ kind }: Type): boolean {
  return kind === 'artifact' || kind === 'metrics' || kind === 'description' || kind === 'unknown';
}

/** The call that a label stands for. */
function callOf(value: Term, axis: string, table: StageTable): Call | undefined {
  if (value.kind === 'describe') return value.call;
  if (value.kind !== 'stage' || value.stage !== axis) return undefined;
  return table.stages.get(axis)?.calls.find((guarded) => guarded.call.span === value.span)?.call;
}
