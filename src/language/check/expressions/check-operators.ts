import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import { insert } from '../../../base/fix.js';
import type { BinaryOperator, Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import { isBeyond } from '../../operators.js';
import type { Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { labelText } from '../../terms/label-text.js';
import { fewPointsOver } from '../../terms/points-over.js';
import { childrenOf, dimsOf, isUnknown, literal, unknownTerm } from '../../terms/terms.js';
import {
  differenceType,
  isPlain,
  isSecret,
  likeNumber,
  meetAsFraction,
  numberType,
} from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type, Unit } from '../../types.js';
import { axisAdvice } from '../advice/axis-advice.js';
import { choose } from '../advice/choose.js';
import { adviceFor, metricAdvice, optionalAdvice, secretHelp } from '../advice/type-advice.js';
import type { Context } from '../context.js';
import { readsStage } from './check-plannable.js';
import { standsForFraction, widens } from './coerce.js';
import { knowing } from './narrow.js';

const bool: Type = { kind: 'bool' };

/** Checks `a + b`, `a < b`, `a and b`. */
export function checkBinary(
  expression: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): Term {
  const { operator, span } = expression;
  const left = context.check(expression.left, context);
  if (reportLabel(left, expression, context)) return { ...unknownTerm(span), type: bool };
  const behind =
    operator === 'and' || operator === 'or'
      ? knowing(expression.left, operator === 'and', context)
      : context;
  const right = context.check(expression.right, behind);
  if (isUnknown(left) || isUnknown(right)) {
    const comparison = !['+', '-', '*', '/'].includes(operator);
    const unknown = { ...unknownTerm(span), dims: dimsOf([left, right]) };
    return comparison ? { ...unknown, type: bool } : unknown;
  }
  const type = binaryType(operator, left, right, expression, context);
  if (!type) return unknownTerm(span);
  if (operator === '/' && reportZero(right, expression.right, context)) return unknownTerm(span);
  const dims = dimsOf([left, right]);
  const term: Term = { kind: 'binary', operator, left, right, type, dims, span };
  return reportTooLarge(term, context) ? unknownTerm(span) : folded(term);
}

/** Says where a calculation gives a number that is infinite, or a whole one that is not exact. */
function reportTooLarge(term: Term, context: Context): boolean {
  if (term.type.kind !== 'number' || readsStage(term)) return false;
  for (const at of fewPointsOver(term.dims, context.axes, mostPoints)) {
    const value = evaluate(term, at, context.axes);
    if (value === undefined) return false;
    // without its sign it is no number either, where a division by zero was told
    if (typeof value !== 'number' || Number.isNaN(value) || !isBeyond(value, term.type)) continue;
    const found = `${foldedText(term.span)}${whereText(at)}`;
    context.report(diagnose('number-too-large', term.span, { found }));
    return true;
  }
  return false;
}

/** ` where seed = 1`; nothing where there is one point. */
function whereText(at: Readonly<Record<string, string>>): string {
  const point = Object.entries(at).map(([axis, label]) => `${axis} = ${label}`);
  return point.length === 0 ? '' : ` where ${point.join(', ')}`;
}

/** Says where a divisor is zero, as far as it is known. */
function reportZero(divisor: Term, { span }: Expression, context: Context): boolean {
  if (divisor.kind === 'literal' && divisor.value !== 0) return false;
  for (const at of fewPointsOver(divisor.dims, context.axes, mostPoints)) {
    if (evaluate(divisor, at, context.axes) !== 0) continue;
    context.report(diagnose('division-by-zero', span, { where: whereText(at) }));
    return true;
  }
  return false;
}

/** Says that a label (`method == simclr`) is compared as if it were a value. */
function reportLabel(
  left: Term,
  expression: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): boolean {
  const { operator, right } = expression;
  if (operator !== '==' && operator !== '!=') return false;
  const isText = right.kind === 'string';
  const label = isText ? right.value : right.kind === 'name' ? right.name.text : undefined;
  if (label === undefined) return false;
  const { type } = left;
  const isAxis = left.kind === 'axis';
  if (isAxis && (type.kind === 'string' || type.kind === 'enum') && isText) return false;
  const axis = isAxis ? context.axes.get(left.axis) : undefined;
  const labels = axis?.labels.map((l) => l.label) ?? (type.kind === 'enum' ? type.choices : []);
  if (type.kind === 'enum' && isText) {
    if (labels.includes(label)) return false;
    const advice = choose({ text: label, span: right.span }, labels, '', JSON.stringify);
    context.report(diagnose('unknown-choice', right.span, { label }, advice));
    return true;
  }
  const word = right.kind === 'name' ? context.wordOf(right.name) : undefined;
  if (!labels.includes(label) || (word !== undefined && valueWords.has(word))) return false;
  const is = operator === '==' ? 'is' : 'is not';
  const edits = [
    {
      span: { ...right.span, start: expression.left.span.end },
      text: ` ${is} ${labelText(label)}`,
    },
  ];
  const written = `${foldedText(expression.left.span)} ${is} ${labelText(label)}`;
  const fixes = [{ title: `Change to \`${written}\``, edits }];
  const help = `\`is\` looks at the label: \`${written}\``;
  context.report(diagnose('label-compared', expression.span, { operator, label }, { help, fixes }));
  return true;
}

/** Words whose names may stand for a text or a number. */
const valueWords: ReadonlySet<string> = new Set(['let', 'param', 'axis', 'parameter', 'broken']);

/** More points than this are not tried one by one. */
const mostPoints = 10_000;

/** Checks `-a` and `not a`. */
export function checkUnary(
  expression: Extract<Expression, { kind: 'unary' }>,
  context: Context,
): Term {
  const { operator, span } = expression;
  const of = context.check(expression.of, context);
  if (isUnknown(of)) return of;
  const expected = operator === 'not' ? 'bool' : 'number';
  if (of.type.kind !== expected) {
    reportOperand(
      operator,
      expected === 'bool' ? 'a Bool' : 'a number',
      of,
      expression.of,
      context,
    );
    return unknownTerm(span);
  }
  const type = of.type.kind === 'number' ? likeNumber(of.type) : bool;
  return folded({ kind: 'unary', operator, of, type, dims: of.dims, span });
}

/** A calculation of known values is its value. */
export function folded(term: Term): Term {
  if (term.dims.length > 0) return term;
  const value = evaluate(term, {}, new Map());
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return term;
  const from = childrenOf(term).find((part) => part.kind === 'literal' && part.given);
  const given = from?.kind === 'literal' ? from.given : undefined;
  return { ...literal(value, term.type, term.span), ...(given ? { given } : {}) };
}

function binaryType(
  operator: BinaryOperator,
  left: Term,
  right: Term,
  expression: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): Type | undefined {
  if (operator === 'and' || operator === 'or') {
    const sides = [
      { term: left, at: expression.left },
      { term: right, at: expression.right },
    ];
    // that the other side is none either is the same mistake
    const wrong = sides.find(({ term }) => term.type.kind !== 'bool');
    if (wrong) reportOperand(operator, 'a Bool', wrong.term, wrong.at, context);
    return wrong ? undefined : bool;
  }
  const [a, b] = [left.type, right.type];
  if (a.kind === 'number' && b.kind === 'number') {
    const unit = numberResult(operator, left, a.unit, right, b.unit, context);
    if (unit === 'Fraction' && isDifference(operator, left, right)) return differenceType;
    if (unit) return unit === 'Bool' ? bool : numberType(unit);
    const args = { operator, left: showUnit(a.unit), right: showUnit(b.unit) };
    const [plain, other] = isPlain(a.unit) ? [expression.left, b] : [expression.right, a];
    const written = plain === expression.left ? left : right;
    const found = adviceFor(written, other, plain.span);
    const shares = meetAsFraction(a.unit, b.unit)
      ? 'a plain number from -1 to 1 stands for a Fraction; others do not'
      : undefined;
    const help = found.fixes?.length ? found.help : (shares ?? found.help);
    const advice = { help, fixes: found.fixes };
    context.report(diagnose('unit-mismatch', expression.span, args, advice));
    return undefined;
  }
  if ((operator === '==' || operator === '!=') && comparable(a, b)) return bool;
  if (operator === '==' || operator === '!=') {
    const args = { operator, left: showType(a), right: showType(b) };
    const help =
      isSecret(a) || isSecret(b)
        ? secretHelp
        : 'numbers, texts, conditions and `none` can be compared, each with its kind';
    context.report(diagnose('unit-mismatch', expression.span, args, { help }));
    return undefined;
  }
  reportNumbers(left, right, expression, context);
  return undefined;
}

/** Does the calculation say how much two Fractions differ? `100% - x` is the rest of a whole. */
function isDifference(operator: BinaryOperator, left: Term, right: Term): boolean {
  const [a, b] = [left, right].map(({ type }) => type.kind === 'number' && type.difference);
  switch (operator) {
    case '-':
      if (a || b) return a === true;
      return !(left.kind === 'literal' && left.value === 1);
    case '+':
      return a === true && b === true;
    default:
      return a === true || b === true;
  }
}

/** Says once that a calculation needs numbers, and mends both sides where both lack the same. */
function reportNumbers(
  left: Term,
  right: Term,
  { operator, ...expression }: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): void {
  const [wrong, at] =
    left.type.kind === 'number' ? [right, expression.right] : [left, expression.left];
  const alike = left.type.kind === 'metrics' && right.type.kind === 'metrics';
  if (!alike || wrong.type.kind !== 'metrics') {
    reportOperand(operator, 'a number', wrong, at, context);
    return;
  }
  const { help } = metricAdvice(wrong.type.fields, at.span);
  const fixes = Object.keys(wrong.type.fields).map((name) => {
    const edits = [expression.left, expression.right].flatMap(
      ({ span }) => insert(span, span.end, `.${name}`).edits,
    );
    return { title: `Insert \`.${name}\``, edits };
  });
  const args = { operator, expected: 'a number', found: showType(wrong.type) };
  context.report(diagnose('wrong-operand', at.span, args, { ...(help ? { help } : {}), fixes }));
}

function comparable(a: Type, b: Type): boolean {
  const plain = (type: Type) =>
    ['bool', 'string', 'enum', 'none', 'optional', 'number'].includes(type.kind);
  // whether a secret is given may be asked, what it is may not
  if (isSecret(a) || isSecret(b)) return a.kind === 'none' || b.kind === 'none';
  return plain(a) && plain(b) && (widens(a, b) || widens(b, a));
}

/** The unit of `a op b`; none where the units do not go together. */
function numberResult(
  operator: BinaryOperator,
  left: Term,
  a: Unit,
  right: Term,
  b: Unit,
  context: Context,
): Unit | 'Bool' | undefined {
  const meet = meetAsFraction(a, b) && standsForFraction(a === 'Fraction' ? right : left, context);
  switch (operator) {
    case '*':
      if (isPlain(a) && isPlain(b)) return a === b ? a : 'Float';
      if (isPlain(a)) return b;
      if (isPlain(b) || b === 'Fraction') return a;
      return a === 'Fraction' ? b : undefined;
    case '/':
      if (a === b || (isPlain(a) && isPlain(b))) return 'Float';
      if (isPlain(b) || b === 'Fraction') return isPlain(a) ? 'Float' : a;
      return undefined;
    case '+':
    case '-':
      if (a === b) return a;
      if (isPlain(a) && isPlain(b)) return 'Float';
      return meet ? 'Fraction' : undefined;
    default:
      return a === b || (isPlain(a) && isPlain(b)) || meet ? 'Bool' : undefined;
  }
}

function showUnit(unit: Unit): string {
  return isPlain(unit) ? `a plain number (${unit})` : unit;
}

function reportOperand(
  operator: string,
  expected: string,
  found: Term,
  at: Expression,
  context: Context,
): void {
  const metrics = found.type.kind === 'metrics' && expected === 'a number';
  const advice = metrics
    ? metricAdvice(found.type.fields, at.span)
    : found.type.kind === 'optional'
      ? optionalAdvice(at.span)
      : textAdvice(operator, found);
  const args = { operator, expected, found: showType(found.type) };
  const more = { ...advice, ...axisAdvice(found, context) };
  context.report(diagnose('wrong-operand', at.span, args, more));
}

/** What texts are taken for in other languages. */
function textAdvice(operator: string, { type }: Term): Advice {
  if (isSecret(type)) return { help: secretHelp };
  if (type.kind !== 'string' && type.kind !== 'enum') return {};
  if (operator === '+') return { help: 'texts are not joined; write the whole text' };
  if (operator !== 'or') return {};
  return { help: '`or` joins conditions; what has to be given may be a `param` with a default' };
}
