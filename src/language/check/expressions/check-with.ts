import { diagnose } from '../../../base/codes.js';
import type { Expression } from '../../ast.js';
import type { Arg, Call, Extern, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { dimsOf, isUnknown, unionDims, unknownTerm, withoutDims } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import { type CheckedAxis, type Context, inside } from '../context.js';
import { checkChanges } from './check-call.js';

type WithExpression = Extract<Expression, { kind: 'with' }>;
type Axes = ReadonlyMap<string, CheckedAxis>;

/** `views with {grayscale: 0%}`: a description with some of its arguments changed, at each point. */
export function checkWith(expression: WithExpression, context: Context): Term {
  const { of, changes, span } = expression;
  const base = context.check(of, context);
  if (isOpen(base, context.axes)) {
    const values = changes.map(({ value }) => context.check(value, inside(context, 'x')));
    return { ...base, span, dims: unionDims(base.dims, dimsOf(values)) };
  }
  const externs = isUnknown(base) ? [] : calleesIn(base, context.axes);
  const [extern] = externs ?? [];
  if (!extern || externs?.some(({ name }) => name !== extern.name)) {
    if (!isUnknown(base)) reportNone(expression, base, externs, context);
    for (const { value } of changes) context.check(value, inside(context, 'x'));
    return unknownTerm(span);
  }
  const call = { kind: 'call', callee: of, args: changes, span } as const;
  const given = checkChanges(call, extern, context);
  if (given === undefined) return unknownTerm(span);
  return { ...changed(base, given, context.axes), span };
}

function reportNone(
  { of }: WithExpression,
  base: Term,
  externs: readonly Extern[] | undefined,
  context: Context,
): void {
  const names = [...new Set((externs ?? []).map(({ name }) => `\`${shortName(name)}\``))];
  const several = names.length > 1;
  const found = several ? `values of ${names.join(' and ')}` : showType(base.type);
  const help = several
    ? 'change each value where the axis lists it'
    : base.type.kind === 'description'
      ? 'name the description itself, or an axis of descriptions'
      : 'give the argument in the call that makes it';
  context.report(diagnose('with-needs-description', of.span, { found }, { help }));
}

/** In the body of a `def` that nobody calls yet, a parameter may be any description: each call tells. */
function isOpen(term: Term, axes: Axes): boolean {
  if (term.kind === 'env') return term.type.kind === 'description';
  return alternatives(term, axes)?.some((part) => isOpen(part, axes)) ?? false;
}

/** The callees of all descriptions that a term may be; undefined where it may be something else. */
export function calleesIn(term: Term, axes: Axes): readonly Extern[] | undefined {
  if (term.kind === 'describe') return [term.call.extern];
  const parts = alternatives(term, axes);
  if (!parts || parts.length === 0) return undefined;
  const found: Extern[] = [];
  for (const part of parts) {
    const callees = calleesIn(part, axes);
    if (!callees) return undefined;
    found.push(...callees);
  }
  return found;
}

/** The terms that a term may stand for at some point. */
function alternatives(term: Term, axes: Axes): readonly Term[] | undefined {
  switch (term.kind) {
    case 'axis':
      return axes.get(term.axis)?.labels.map(({ value }) => value);
    case 'member':
      return fieldsOf(term, axes)?.map(({ value }) => value);
    case 'if':
      return [term.then, term.else];
    case 'match':
      return [...term.arms.map(({ value }) => value), ...(term.else ? [term.else] : [])];
    case 'slice':
      return [term.of];
    default:
      return undefined;
  }
}

/** The values of a field of the records that an axis varies over, by its labels. */
function fieldsOf(
  { of, name }: Extract<Term, { kind: 'member' }>,
  axes: Axes,
): readonly { readonly label: string; readonly value: Term }[] | undefined {
  const axis = of.kind === 'axis' ? axes.get(of.axis) : undefined;
  const fields = axis?.labels.map(({ label, value }) => {
    const field = value.kind === 'record' && value.fields.find((entry) => entry.name === name);
    return field ? { label, value: field.value } : undefined;
  });
  return fields?.every((field) => field !== undefined) ? fields : undefined;
}

/** The term with other arguments in each description that it may be. */
function changed(term: Term, given: ReadonlyMap<string, Arg>, axes: Axes): Term {
  const go = (inner: Term): Term => changed(inner, given, axes);
  const byLabel = (
    axis: string,
    values: readonly { readonly label: string; readonly value: Term }[],
  ): Term => {
    const arms = values.map(({ label, value }) => ({ labels: [label], value: go(value) }));
    const dims = unionDims([axis], ...arms.map(({ value }) => value.dims));
    return {
      kind: 'match',
      of: { axis },
      arms,
      else: undefined,
      type: term.type,
      dims,
      span: term.span,
    };
  };
  switch (term.kind) {
    case 'describe': {
      const args = term.call.args.map((arg) => given.get(arg.name) ?? arg);
      const call: Call = { ...term.call, args };
      return { ...term, call, dims: dimsOf(args.map(({ value }) => value)) };
    }
    case 'axis':
      return byLabel(term.axis, axes.get(term.axis)?.labels ?? []);
    case 'member':
      return byLabel(term.of.kind === 'axis' ? term.of.axis : '', fieldsOf(term, axes) ?? []);
    case 'if': {
      const [then, otherwise] = [go(term.then), go(term.else)];
      return { ...term, then, else: otherwise, dims: dimsOf([term.condition, then, otherwise]) };
    }
    case 'match': {
      const arms = term.arms.map((arm) => ({ ...arm, value: go(arm.value) }));
      const otherwise = term.else && go(term.else);
      const parts = [...arms.map(({ value }) => value), ...(otherwise ? [otherwise] : [])];
      const dims = unionDims(term.dims, dimsOf(parts));
      return { ...term, arms, else: otherwise, dims };
    }
    case 'slice': {
      const of = go(term.of);
      const left = term.set ? of.dims : withoutDims(of.dims, [term.axis]);
      return { ...term, of, dims: unionDims(term.dims, left) };
    }
    default:
      return term;
  }
}
