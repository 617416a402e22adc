import { diagnose } from '../../base/codes.js';
import { invariant } from '../../base/errors.js';
import { removeBehind } from '../../base/fix.js';
import { cover } from '../../base/source.js';
import type {
  Argument,
  BinaryOperator,
  DisplayName,
  Expression,
  Label,
  MatchArm,
  RecordEntry,
} from '../ast.js';
import type { IToken } from '../lex/chevrotain.js';
import { spanOf } from '../lex/lex.js';
import { type BuildContext, nameOf, nodeSpan, numberOf, only, stringOf } from './build-context.js';
import type * as cst from './cst.gen.js';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

export function expression(c: BuildContext, node: cst.ExpressionCstNode): Expression {
  const parts = node.children.conjunction.map((n) => conjunction(c, n));
  return chain(parts, node.children.Or);
}

function conjunction(c: BuildContext, node: cst.ConjunctionCstNode): Expression {
  const parts = node.children.negation.map((n) => negation(c, n));
  return chain(parts, node.children.And);
}

/** Operators of one precedence group to the left. */
function chain(parts: readonly Expression[], operators: readonly IToken[] = []): Expression {
  return parts.reduce((left, right, i) => {
    const operator = operators[i - 1]?.image as BinaryOperator;
    return { kind: 'binary', operator, left, right, span: cover(left.span, right.span) };
  });
}

function prefixed(
  c: BuildContext,
  operator: Of<'unary'>['operator'],
  tokens: readonly IToken[] | undefined,
  operand: Expression,
): Expression {
  return (tokens ?? []).reduceRight<Expression>((of, token) => {
    return { kind: 'unary', operator, of, span: cover(spanOf(c.file, token), of.span) };
  }, operand);
}

function negation(c: BuildContext, node: cst.NegationCstNode): Expression {
  const operand = comparison(c, only(node.children.comparison));
  return prefixed(c, 'not', node.children.Not, operand);
}

function comparison(c: BuildContext, node: cst.ComparisonCstNode): Expression {
  const { defaulted: sides, comparator, labels, Not } = node.children;
  const left = defaulted(c, only(sides));
  if (labels !== undefined) {
    const found = labelsOf(c, only(labels));
    const span = nodeSpan(c, node);
    return { kind: 'is', of: left, labels: found.labels, negated: Not !== undefined, span };
  }
  if (comparator === undefined) return left;
  return chain([left, defaulted(c, only(sides.slice(1)))], only(comparator).children.operator);
}

function defaulted(c: BuildContext, node: cst.DefaultedCstNode): Expression {
  const parts = node.children.range.map((n) => range(c, n));
  return parts.reduce((of, otherwise) => {
    return { kind: 'default', of, otherwise, span: cover(of.span, otherwise.span) };
  });
}

function range(c: BuildContext, node: cst.RangeCstNode): Expression {
  const [low, high] = node.children.sum.map((n) => sum(c, n));
  invariant(low !== undefined, 'a range begins with a sum');
  return high === undefined ? low : { kind: 'range', low, high, span: cover(low.span, high.span) };
}

export function sum(c: BuildContext, node: cst.SumCstNode): Expression {
  const parts = node.children.product.map((n) => product(c, n));
  return chain(parts, node.children.operator);
}

function product(c: BuildContext, node: cst.ProductCstNode): Expression {
  const parts = node.children.negative.map((n) => {
    return prefixed(c, '-', n.children.Minus, postfix(c, only(n.children.postfix)));
  });
  return chain(parts, node.children.operator);
}

function postfix(c: BuildContext, node: cst.PostfixCstNode): Expression {
  let of = primary(c, only(node.children.primary));
  for (const suffix of node.children.suffix ?? []) {
    const span = cover(of.span, nodeSpan(c, suffix));
    if (suffix.name === 'member') {
      of = { kind: 'member', of, name: nameOf(c, only(suffix.children.Word)), span };
    } else if (suffix.name === 'argumentList') {
      of = { kind: 'call', callee: of, args: argumentsOf(c, suffix), span };
    } else if (suffix.name === 'changes') {
      of = { kind: 'with', of, changes: changesOf(c, suffix), span };
    } else {
      const items = (suffix.children.sliceItem ?? []).map((item) => ({
        axis: nameOf(c, only(item.children.Word)),
        ...labelsOf(c, only(item.children.labels)),
        span: nodeSpan(c, item),
      }));
      of = { kind: 'slice', of, items, span };
    }
  }
  return of;
}

/** The arguments of a call or an annotation. */
export function argumentsOf(c: BuildContext, list: cst.ArgumentListCstNode): readonly Argument[] {
  let named = false;
  return (list.children.argument ?? []).map((node) => {
    const value = expression(c, only(node.children.expression));
    const span = nodeSpan(c, node);
    const word = node.children.Word?.[0];
    named ||= word !== undefined;
    if (word !== undefined) return { name: nameOf(c, word), value, shorthand: false, span };
    // in parentheses it is no bare name: then the value's span is wider than the name's
    const bare = value.kind === 'name' && value.name.span.end === value.span.end;
    if (named && bare) return { name: value.name, value, shorthand: true, span };
    return { name: undefined, value, shorthand: false, span };
  });
}

/** The arguments that `with` changes: a record whose bare names are short for themselves. */
function changesOf(c: BuildContext, node: cst.ChangesCstNode): readonly Argument[] {
  const entries = only(node.children.record).children.entry ?? [];
  return entries.map((n) => {
    const { key, value, shorthand, shown, span } = entry(c, n);
    if (shown) {
      const fixes = [removeBehind(shown.span)];
      c.mistakes.push(diagnose('display-name-place', shown.span, {}, { fixes }));
    }
    return { name: key, value, shorthand, span };
  });
}

function primary(c: BuildContext, node: cst.PrimaryCstNode): Expression {
  const at = node.children;
  const span = nodeSpan(c, node);
  if (at.Number) return { kind: 'number', ...numberOf(c, only(at.Number)), span };
  if (at.String) return { kind: 'string', value: stringOf(c, only(at.String)), span };
  if (at.Identifier) return { kind: 'name', name: nameOf(c, only(at.Identifier)), span };
  if (at.True || at.False) return { kind: 'bool', value: at.True !== undefined, span };
  if (at.None) return { kind: 'none', span };
  if (at.list) {
    const nodes = (only(at.list).children.listItem ?? []).map((n) => n.children);
    const items = nodes.map((n) => expression(c, only(n.expression)));
    const shown = nodes.map((n) => displayNameOf(c, n.displayName));
    return { kind: 'list', items, shown, span };
  }
  if (at.record) {
    const entries = (only(at.record).children.entry ?? []).map((n) => entry(c, n));
    return { kind: 'record', entries, span };
  }
  if (at.group) return { ...expression(c, only(only(at.group).children.expression)), span };
  if (at.choice) {
    const [condition, then, otherwise] = only(at.choice).children.expression.map((n) =>
      expression(c, n),
    );
    invariant(condition && then && otherwise, '`if` has three parts');
    return { kind: 'if', condition, then, else: otherwise, span };
  }
  const { postfix: subject, arm } = only(at.matching).children;
  const arms = (arm ?? []).map((n) => matchArm(c, n));
  return { kind: 'match', subject: postfix(c, only(subject)), arms, span };
}

function entry(c: BuildContext, node: cst.EntryCstNode): RecordEntry {
  const { Word, String: text, Identifier, expression: given, displayName: as } = node.children;
  const span = nodeSpan(c, node);
  const doc = c.docs.take(span.start);
  const shown = displayNameOf(c, as);
  if (Identifier) {
    const key = nameOf(c, only(Identifier));
    const value: Expression = { kind: 'name', name: key, span: key.span };
    return { key, value, shorthand: true, shown, doc, span };
  }
  const key = Word
    ? nameOf(c, only(Word))
    : { text: stringOf(c, only(text)), span: spanOf(c.file, only(text)) };
  return { key, value: expression(c, only(given)), shorthand: false, shown, doc, span };
}

/** What stands behind `as`. */
export function displayNameOf(
  c: BuildContext,
  nodes: readonly cst.DisplayNameCstNode[] | undefined,
): DisplayName | undefined {
  const node = nodes?.[0];
  return node && { text: stringOf(c, only(node.children.String)), span: nodeSpan(c, node) };
}

function matchArm(c: BuildContext, node: cst.ArmCstNode): MatchArm {
  const { labels } = labelsOf(c, only(node.children.labels));
  const [first] = labels;
  const otherwise = labels.length === 1 && first?.kind === 'word' && first.text === 'else';
  const value = expression(c, only(node.children.expression));
  return { labels: otherwise ? [] : labels, value, span: nodeSpan(c, node) };
}

function labelsOf(c: BuildContext, node: cst.LabelsCstNode) {
  const labels = (node.children.label ?? []).map((n) => labelOf(c, n));
  return { labels, set: node.children.LBrace !== undefined };
}

function signed(c: BuildContext, node: cst.SignedCstNode): Expression {
  const token = only(node.children.Number);
  const number: Expression = { kind: 'number', ...numberOf(c, token), span: spanOf(c.file, token) };
  return prefixed(c, '-', node.children.Minus, number);
}

function labelOf(c: BuildContext, node: cst.LabelCstNode): Label {
  const { String: quoted, signed: numbers, Word, argumentList } = node.children;
  const span = nodeSpan(c, node);
  const text = fold(c.file.text.slice(span.start, span.end));
  if (quoted) return { kind: 'quoted', text: stringOf(c, only(quoted)), value: undefined, span };
  if (numbers) {
    const [low, high] = numbers.map((n) => signed(c, n));
    invariant(low !== undefined, 'a label of numbers has one');
    const joined = text.replaceAll(' ', '');
    if (high === undefined) return { kind: 'number', text: joined, value: low, span };
    return { kind: 'range', text: joined, value: { kind: 'range', low, high, span }, span };
  }
  const name = nameOf(c, only(Word));
  if (argumentList === undefined) return { kind: 'word', text: name.text, value: undefined, span };
  const callee: Expression = { kind: 'name', name, span: name.span };
  const args = argumentsOf(c, only(argumentList));
  return { kind: 'call', text, value: { kind: 'call', callee, args, span }, span };
}

/** Comments dropped and white space as in canonical text, outside of quotes. */
function fold(text: string): string {
  return text
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/\/\/[^\n]*/g, '')
            .replace(/\s+/g, ' ')
            .replace(/ ?([()[\]{},:]|\.\.) ?/g, '$1')
            .replace(/[,:](?=.|$)/g, '$& ')
            .replace(/, ([)\]}])/g, '$1'),
    )
    .join('')
    .trim();
}
