import { diagnose } from '../../base/codes.js';
import type { BinaryOperator, Expression } from '../ast.js';
import type { Term } from '../program.js';
import type { Type, Unit } from '../types.js';
import { standsForFraction, widens } from './coerce.js';
import type { Context } from './context.js';
import { evaluate } from './evaluate.js';
import { dimsOf, isUnknown, literal, unknownTerm } from './terms.js';
import { isPlain, meetAsFraction, numberType } from './types-join.js';
import { showType } from './types-show.js';

const bool: Type = { kind: 'bool' };

/** Checks `a + b`, `a < b`, `a and b`. */
export function checkBinary(
  expression: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): Term {
  const { operator, span } = expression;
  const left = context.check(expression.left, context);
  const right = context.check(expression.right, context);
  if (isUnknown(left) || isUnknown(right)) {
    const comparison = !['+', '-', '*', '/'].includes(operator);
    const unknown = { ...unknownTerm(span), dims: dimsOf([left, right]) };
    return comparison ? { ...unknown, type: bool } : unknown;
  }
  const type = binaryType(operator, left, right, expression, context);
  if (!type) return unknownTerm(span);
  return folded({ kind: 'binary', operator, left, right, type, dims: dimsOf([left, right]), span });
}

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
  const type = of.type.kind === 'number' ? numberType(of.type.unit) : bool;
  return folded({ kind: 'unary', operator, of, type, dims: of.dims, span });
}

/** A calculation of known values is its value. */
export function folded(term: Term): Term {
  if (term.dims.length > 0) return term;
  const value = evaluate(term, {}, new Map());
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return term;
  return literal(value, term.type, term.span);
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
    const wrong = sides.filter(({ term }) => term.type.kind !== 'bool');
    for (const { term, at } of wrong) reportOperand(operator, 'a Bool', term, at, context);
    return wrong.length === 0 ? bool : undefined;
  }
  const [a, b] = [left.type, right.type];
  if (a.kind === 'number' && b.kind === 'number') {
    const unit = numberResult(operator, left, a.unit, right, b.unit, context);
    if (unit) return unit === 'Bool' ? bool : numberType(unit);
    const args = { operator, left: showUnit(a.unit), right: showUnit(b.unit) };
    const help = meetAsFraction(a.unit, b.unit)
      ? 'a plain number from -1 to 1 stands for a Fraction; others do not'
      : undefined;
    context.report(diagnose('unit-mismatch', expression.span, args, { help }));
    return undefined;
  }
  if ((operator === '==' || operator === '!=') && comparable(a, b)) return bool;
  if (operator === '==' || operator === '!=') {
    const args = { operator, left: showType(a), right: showType(b) };
    context.report(diagnose('unit-mismatch', expression.span, args));
    return undefined;
  }
  if (a.kind !== 'number') reportOperand(operator, 'a number', left, expression.left, context);
  if (b.kind !== 'number') reportOperand(operator, 'a number', right, expression.right, context);
  return undefined;
}

function comparable(a: Type, b: Type): boolean {
  const plain = (type: Type) =>
    ['bool', 'string', 'enum', 'none', 'optional', 'number'].includes(type.kind);
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
      if (isPlain(a) || a === 'Fraction') return b;
      return isPlain(b) || b === 'Fraction' ? a : undefined;
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
  const fields = found.type.kind === 'metrics' ? Object.keys(found.type.fields) : [];
  const help =
    fields.length > 0 && expected === 'a number'
      ? `name one of its metrics: ${fields.map((field) => `\`.${field}\``).join(', ')}`
      : undefined;
  const args = { operator, expected, found: showType(found.type) };
  context.report(diagnose('wrong-operand', at.span, args, { help }));
}
