import { diagnose } from '../../../base/codes.js';
import { changeTo, insert, remove, textAt } from '../../../base/fix.js';
import type { Expression, Name } from '../../ast.js';
import type { Field, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import {
  dimsOf,
  isUnknown,
  literal,
  unionDims,
  unknownDim,
  unknownTerm,
} from '../../terms/terms.js';
import { unknownType } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import { type Context, inside } from '../context.js';
import { checkDefCall, checkExternCall } from './check-call.js';
import { checkIf, checkIs, checkMatch } from './check-choice.js';
import { checkDefault } from './check-default.js';
import { checkMember } from './check-member.js';
import { checkNumber } from './check-number.js';
import { checkBinary, checkUnary } from './check-operators.js';
import { checkPrelude } from './check-prelude.js';
import { checkSlice } from './check-slice.js';
import { checkWith } from './check-with.js';
import { distinctEntries } from './distinct-entries.js';
import { joinTerms } from './join-terms.js';
import { narrowed } from './narrow.js';

/** The meaning and type of an expression; every mistake in it is reported once. */
export function checkExpression(expression: Expression, context: Context): Term {
  const term = meaningOf(expression, context);
  return context.present ? narrowed(term, expression, context.present) : term;
}

function meaningOf(expression: Expression, context: Context): Term {
  const { span } = expression;
  switch (expression.kind) {
    case 'number':
      return checkNumber(expression, context);
    case 'string':
      return literal(expression.value, { kind: 'string' }, span);
    case 'bool':
      return literal(expression.value, { kind: 'bool' }, span);
    case 'none':
      return literal(null, { kind: 'none' }, span);
    case 'name':
      return checkName(expression.name, context);
    case 'list':
      return checkList(expression, context);
    case 'record':
      return checkRecord(expression, context);
    case 'range':
      return checkRange(expression, context);
    case 'member':
      return checkMember(expression, context);
    case 'call':
      return checkCallee(expression, context);
    case 'slice':
      return checkSlice(expression, context);
    case 'with':
      return checkWith(expression, context);
    case 'unary':
      return checkUnary(expression, context);
    case 'binary':
      return checkBinary(expression, context);
    case 'default':
      return checkDefault(expression, context);
    case 'is':
      return checkIs(expression, context);
    case 'if':
      return checkIf(expression, context);
    case 'match':
      return checkMatch(expression, context);
  }
}

function checkName(name: Name, context: Context): Term {
  const meaning = context.lookup(name);
  if (!meaning) context.reportUnknown(name, context.report);
  switch (meaning?.kind) {
    case 'term':
      return meaning.term;
    case 'stage':
      return { ...meaning.term, span: name.span };
    case 'axis': {
      const { type, dims } = meaning.axis;
      if (meaning.axis.labels.length === 0)
        return { ...unknownTerm(name.span), dims: [unknownDim] };
      return { kind: 'axis', axis: meaning.axis.name, type, dims, span: name.span };
    }
    case 'extern': {
      const help = `call it: \`${name.text}(…)\``;
      const args = {
        name: name.text,
        what: meaning.extern.of === 'stage' ? 'a stage' : 'a description',
      };
      const fixes = [insert(name.span, name.span.end, '()')];
      context.report(diagnose('not-a-value', name.span, args, { help, fixes }));
      return unknownTerm(name.span);
    }
    case 'def': {
      const help = `call it: \`${name.text}(…)\``;
      const fixes = [insert(name.span, name.span.end, '()')];
      const args = { name: name.text, what: 'a `def`' };
      context.report(diagnose('not-a-value', name.span, args, { help, fixes }));
      return unknownTerm(name.span);
    }
    case 'prelude':
    case 'report': {
      const what = meaning.kind === 'report' ? 'a report' : 'a built-in function';
      const variable = name.text === 'env' || name.text === 'secret';
      const help = variable ? `name a variable: \`${name.text}.NAME\`` : undefined;
      context.report(diagnose('not-a-value', name.span, { name: name.text, what }, { help }));
      return unknownTerm(name.span);
    }
    default:
      return unknownTerm(name.span);
  }
}

function checkCallee(expression: Extract<Expression, { kind: 'call' }>, context: Context): Term {
  const { callee, span } = expression;
  if (callee.kind === 'name') {
    const meaning = context.lookup(callee.name);
    if (meaning?.kind === 'extern') {
      return checkExternCall(expression, meaning.extern, context);
    }
    if (meaning?.kind === 'def') return checkDefCall(expression, meaning.def, context);
    if (meaning?.kind === 'prelude') return checkPrelude(meaning.name, expression, context);
    if (!meaning) context.reportUnknown(callee.name, context.report);
    else if (meaning.kind !== 'unknown') {
      const rest = { ...span, start: callee.span.end };
      const fixes = [remove(rest)];
      context.report(diagnose('not-callable', callee.span, { name: callee.name.text }, { fixes }));
    }
  } else {
    const of = context.check(callee, context);
    if (!isUnknown(of)) context.report(diagnose('not-callable', callee.span, { name: 'this' }));
  }
  for (const argument of expression.args) context.check(argument.value, inside(context, 'x'));
  return unknownTerm(span);
}

function checkList(expression: Extract<Expression, { kind: 'list' }>, context: Context): Term {
  const items = expression.items.map((item) => context.check(item, context));
  const joined = joinTerms(items, expression.items, 'items of this list', context);
  // what does not go together fits nothing else either
  if (joined.type.kind === 'unknown' && items.length > 0) return unknownTerm(expression.span);
  const type: Type = { kind: 'list', of: joined.type };
  return {
    kind: 'list',
    items: joined.terms,
    shown: expression.shown.map((name) => name?.text),
    type,
    dims: dimsOf(items),
    span: expression.span,
  };
}

function checkRecord(expression: Extract<Expression, { kind: 'record' }>, context: Context): Term {
  const kept = new Set(distinctEntries(expression.entries, context));
  const values = expression.entries.map((entry) => ({
    entry,
    value: context.check(entry.value, inside(context, entry.key.text, entry.value)),
  }));
  const fields: readonly Field[] = values.flatMap(({ entry, value }) =>
    kept.has(entry) ? [{ name: entry.key.text, value, shown: entry.shown?.text }] : [],
  );
  const types = fields.map(({ name, value }) => [name, value.type] as const);
  const dims = dimsOf(fields.map((field) => field.value));
  return {
    kind: 'record',
    fields,
    type: { kind: 'record', fields: Object.fromEntries(types) },
    dims,
    span: expression.span,
  };
}

function checkRange(expression: Extract<Expression, { kind: 'range' }>, context: Context): Term {
  const parts = [expression.low, expression.high];
  const terms = parts.map((part) => context.check(part, context));
  for (const [i, term] of terms.entries()) {
    if (isUnknown(term) || term.type.kind === 'number') continue;
    const span = parts[i]?.span ?? expression.span;
    const args = { operator: '..', expected: 'a number', found: term.type.kind };
    context.report(diagnose('wrong-operand', span, args));
    return unknownTerm(expression.span);
  }
  const joined = joinTerms(terms, parts, 'ends of this range', context);
  if (joined.type.kind === 'unknown') return unknownTerm(expression.span);
  const [low, high] = joined.terms;
  if (!low || !high) return unknownTerm(expression.span);
  const [from, to] = [evaluate(low, {}, context.axes), evaluate(high, {}, context.axes)];
  if (typeof from === 'number' && typeof to === 'number' && from > to) {
    const text = `${textAt(expression.high.span)}..${textAt(expression.low.span)}`;
    const fixes = [changeTo(expression.span, text)];
    context.report(diagnose('empty-range', expression.span, {}, { fixes }));
    return unknownTerm(expression.span);
  }
  const dims = unionDims(low.dims, high.dims);
  const type: Type = { kind: 'range', of: isUnknown(low) ? unknownType : joined.type };
  return { kind: 'range', low, high, type, dims, span: expression.span };
}
