import { diagnose } from '../../../base/codes.js';
import { remove } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { CallExpression, Expression, StageDeclaration, StageKeyword } from '../../ast.js';
import type { Extern, Resources, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { fewPointsOver } from '../../terms/points-over.js';
import { looksAtSetting } from '../../terms/setting.js';
import { dimsOf, isUnknown, unknownDim, unknownTerm } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import type { Context, Def, Home, Meaning, StageTable } from '../context.js';
import { checkCall } from '../expressions/check-call.js';
import { readsStage } from '../expressions/check-plannable.js';
import { list } from '../expressions/check-slice.js';
import { knowingWhere } from '../expressions/narrow.js';
import { addStage } from '../expressions/stage-table.js';
import { checkResources, rejectAnnotations } from './check-annotations.js';
import { innerStages } from './inner-stages.js';

/** What each keyword makes. */
const results: Readonly<Record<StageKeyword, readonly string[]>> = {
  dataset: ['Images', 'Pairs', 'Files'],
  transform: ['Views', 'Images', 'Pairs', 'Features', 'Files'],
  train: ['Encoder', 'Files'],
  evaluate: ['Metrics', 'Files'],
};

/** Where a declared stage belongs. */
export interface StagePlace {
  /** Its name in the program. */
  readonly name: string;
  /** None where it is no result of the pipeline. */
  readonly keyword: StageKeyword | undefined;
  readonly table: StageTable;
  /** Of the call of a `def` or the axis around it. */
  readonly when: Extract<Home, { kind: 'stages' }>['when'];
  readonly dims: readonly string[];
  readonly outer: readonly Term[];
  readonly resources: Resources;
}

/** Checks `train encoder = pretrain(…) where …`. A pure description becomes the value of the name. */
export function checkStage(
  declaration: StageDeclaration,
  context: Context,
  { keyword, outer, ...place }: StagePlace,
): Meaning {
  const { value, doc } = declaration;
  const none: Context = { ...context, home: { kind: 'none', what: 'an annotation' } };
  const { span } = declaration.name;
  const facts = { keyword, where: undefined, outer, resources: place.resources, doc, span };
  const home: Extract<Home, { kind: 'stages' }> = { kind: 'stages', ...place, facts };
  const def = calledDef(value, context);
  if (def) return checkExpanded(declaration, def, { ...context, home }, home);
  const stage = calledStage(value, context);
  if (!stage) {
    const term = context.check(value, { ...context, home });
    return describe(declaration, term, none);
  }
  const own = checkResources(declaration.annotations, none, stage.extern);
  const resources = { ...facts.resources, ...own };
  const ready = { ...home, facts: { ...facts, resources } };
  const known = knowingWhere(declaration.where, context);
  const call = checkCall(stage.expression, stage.extern, { ...known, home: ready });
  const fits = checkResult(declaration, call.extern.result, context);
  const dims = dimsOf(call.args.map((arg) => arg.value));
  const where =
    declaration.where && checkWhere(declaration.where, declaration.name.text, dims, context);
  const term = addStage({ ...home, facts: { ...facts, where, resources } }, call);
  return fits ? { kind: 'stage', term, inner: innerStages(home) } : { kind: 'unknown' };
}

/**
 * A declaration that is a call of a `def`: its `where` and annotations are those of every stage in
 * it that does not say otherwise.
 */
function checkExpanded(
  declaration: StageDeclaration,
  { expression, def }: { readonly expression: CallExpression; readonly def: Def },
  context: Context,
  home: Extract<Home, { kind: 'stages' }>,
): Meaning {
  const none: Context = { ...context, home: { kind: 'none', what: 'an annotation' } };
  if (!def.work) return describe(declaration, context.check(expression, context), none);
  const call = checkCall(expression, def.signature, knowingWhere(declaration.where, context));
  const resources = {
    ...home.facts.resources,
    ...checkResources(declaration.annotations, none),
  };
  const dims = dimsOf(call.args.map((arg) => arg.value));
  const where =
    declaration.where && checkWhere(declaration.where, declaration.name.text, dims, none);
  const outer = where ? [...home.facts.outer, where] : home.facts.outer;
  const facts = { ...home.facts, resources, outer };
  const { term, inner } = def.expand(call, { ...context, home: { ...home, facts } });
  if (isUnknown(term)) return { kind: 'unknown' };
  const fits = checkResult(declaration, term.type, none);
  return fits ? { kind: 'stage', term, inner: innerStages(home, inner) } : { kind: 'unknown' };
}

function calledDef(
  value: Expression,
  context: Context,
): { readonly expression: CallExpression; readonly def: Def } | undefined {
  if (value.kind !== 'call' || value.callee.kind !== 'name') return undefined;
  const meaning = context.lookup(value.callee.name);
  return meaning?.kind === 'def' ? { expression: value, def: meaning.def } : undefined;
}

/** The stage that the declaration calls, if it does. */
function calledStage(
  value: Expression,
  context: Context,
): { readonly expression: CallExpression; readonly extern: Extern } | undefined {
  if (value.kind !== 'call' || value.callee.kind !== 'name') return undefined;
  const meaning = context.lookup(value.callee.name);
  if (meaning?.kind !== 'extern' || meaning.extern.of !== 'stage') return undefined;
  if (meaning.extern.result.kind === 'unknown') return undefined;
  return { expression: value, extern: meaning.extern };
}

/** A declaration whose value is no stage: fine for a `transform` that describes views. */
function describe(declaration: StageDeclaration, term: Term, context: Context): Meaning {
  const { keyword, where, value } = declaration;
  if (isUnknown(term)) return { kind: 'unknown' };
  if (term.type.kind === 'artifact' || term.type.kind === 'metrics') {
    const help = 'choose with an argument of one call, or make the choice an axis';
    context.report(diagnose('not-a-stage-call', value.span, { keyword }, { help }));
    return { kind: 'unknown' };
  }
  if (!checkResult(declaration, term.type, context)) return { kind: 'unknown' };
  rejectAnnotations(declaration.annotations, 'a description: it is no work', context);
  if (where) {
    const rest = { ...where.span, start: value.span.end };
    context.report(diagnose('where-needs-stage', where.span, {}, { fixes: [remove(rest)] }));
  }
  return { kind: 'term', term };
}

function checkResult(declaration: StageDeclaration, type: Type, context: Context): boolean {
  const { keyword, value } = declaration;
  const result = type.kind === 'metrics' ? 'Metrics' : showType(type);
  if (type.kind === 'unknown' || results[keyword].includes(result)) return true;
  const others = Object.entries(results).filter(([, names]) => names.includes(result));
  const fitting = others.map(([word]) => `\`${word}\``);
  const help =
    fitting.length > 0 ? `use ${fitting.join(' or ')}` : 'use `let` for a value that is no stage';
  const words = fitting.length > 0 ? others.map(([word]) => word) : ['let'];
  const at = keywordOf(declaration);
  const fixes = words.map((text) => ({ title: `Use \`${text}\``, edits: [{ span: at, text }] }));
  const args = { keyword, expected: results[keyword].join(', '), found: result };
  const callee = value.kind === 'call' ? value.callee.span : value.span;
  context.report(diagnose('keyword-mismatch', callee, args, { help, fixes }));
  return false;
}

/** Where the keyword of a declaration stands: behind its annotations. */
function keywordOf({ span, keyword, annotations }: StageDeclaration): Span {
  const from = annotations.at(-1)?.span.end ?? span.start;
  const start = span.file.text.indexOf(keyword, from);
  return { file: span.file, start, end: start + keyword.length };
}

/** Where the `where` of a condition begins, with the white space before it. */
function textBefore({ file, start }: Span): number {
  return /\s*where\s*\(*\s*$/.exec(file.text.slice(0, start))?.index ?? start;
}

/** Warns of a condition that holds nowhere, whatever the params are. */
function reportEmpty(where: Term, name: string, { span }: Expression, context: Context): void {
  const points = fewPointsOver(where.dims, context.axes, mostPoints);
  if (points.length === 0) return;
  if (looksAtSetting(where)) return;
  if (!points.every((at) => evaluate(where, at, context.axes) === false)) return;
  const labels = where.dims.map((dim) => {
    const all = context.axes.get(dim)?.labels.map((l) => l.label) ?? [];
    const shown = all.length > mostShown ? [...all.slice(0, mostShown), '…'] : all;
    return `\`${dim}\` has ${shown.join(', ')}`;
  });
  const help =
    labels.length === 0
      ? 'the stage and all that uses it are left out'
      : `${labels.join('; ')}; the stage and all that uses it are left out`;
  context.report(diagnose('where-empty', span, { name }, { help }));
}

/** More points than this are not tried one by one. */
const mostPoints = 10_000;
/** Labels of an axis that a message lists. */
const mostShown = 8;

/** `where` names only the stage's axes and params, and is known when planning. */
function checkWhere(
  expression: Expression,
  name: string,
  dims: readonly string[],
  context: Context,
): Term | undefined {
  const where: Context = { ...context, home: { kind: 'none', what: 'a `where`' } };
  const term = context.check(expression, where);
  if (isUnknown(term)) return undefined;
  if (term.type.kind !== 'bool') {
    const args = { operator: 'where', expected: 'a Bool', found: showType(term.type) };
    context.report(diagnose('wrong-operand', expression.span, args));
    return undefined;
  }
  if (readsStage(term)) {
    context.report(diagnose('where-result', expression.span));
    return undefined;
  }
  const other = term.dims.filter((dim) => dim !== unknownDim && !dims.includes(dim));
  if (other.length > 0 && !dims.includes(unknownDim)) {
    const help = dims.length === 0 ? 'this stage is one point' : `it varies over ${list(dims)}`;
    const fixes = [remove({ ...expression.span, start: textBefore(expression.span) })];
    context.report(diagnose('where-axis', expression.span, { axes: list(other) }, { help, fixes }));
    return undefined;
  }
  if (term.dims.includes(unknownDim)) return unknownTerm(expression.span);
  reportEmpty(term, name, expression, context);
  return term;
}
