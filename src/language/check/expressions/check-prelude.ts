import { diagnose } from '../../../base/codes.js';
import { insert, removeItem } from '../../../base/fix.js';
import type { Argument, Expression, Name } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Reduction, Term } from '../../program.js';
import { isUnknown, unknownDim, unknownTerm, withoutDims } from '../../terms/terms.js';
import { likeNumber, numberIn, numberType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { reportNoAxis } from '../advice/no-axis.js';
import { metricAdvice } from '../advice/type-advice.js';
import type { Context } from '../context.js';
import { axisOf } from './check-slice.js';
import { elsewhere } from './narrow.js';
import { writtenAs } from './place-arguments.js';

/** The names that every file has. */
export const preludeNames: readonly string[] = [
  'table',
  'pivot',
  'mean',
  'std',
  'min',
  'max',
  'count',
  'ci95',
  'file',
  'env',
  'secret',
];

const reductions: readonly string[] = ['mean', 'std', 'min', 'max', 'count', 'ci95'];

export const isReduction = (name: string): boolean => reductions.includes(name);

/** Checks a call of a built-in function. */
export function checkPrelude(
  name: string,
  expression: Extract<Expression, { kind: 'call' }>,
  context: Context,
): Term {
  if (isReduction(name)) {
    // the list holds exactly the reductions
    return checkReduction(name as Reduction, expression, context);
  }
  if (name === 'file') return checkFile(expression, context);
  for (const argument of expression.args) context.check(argument.value, context);
  const report = name === 'table' || name === 'pivot';
  const help = report ? `write \`report name = ${name}(…)\`` : `name a variable: \`${name}.NAME\``;
  const code = report ? 'report-here' : 'not-callable';
  context.report(diagnose(code, expression.callee.span, { name }, { help }));
  return unknownTerm(expression.span);
}

/** `file("pairs.csv")`. */
function checkFile(expression: Extract<Expression, { kind: 'call' }>, context: Context): Term {
  const [first, ...rest] = expression.args;
  for (const extra of rest) context.check(extra.value, context);
  const path = first ? context.check(first.value, context) : unknownTerm(expression.span);
  const text = path.type.kind === 'string' || (first !== undefined && isUnknown(path));
  if (!text || rest.length > 0 || first?.name) {
    const args = { name: 'file', expected: 'one String' };
    context.report(diagnose('built-in-arguments', expression.span, args));
    return unknownTerm(expression.span);
  }
  if (isUnknown(path)) return path;
  const { dims } = path;
  return { kind: 'file', path, folder: false, type: { kind: 'path' }, dims, span: expression.span };
}

/** `mean(stl.top1, over: seed)`. */
function checkReduction(
  operator: Reduction,
  expression: Extract<Expression, { kind: 'call' }>,
  context: Context,
): Term {
  const { span } = expression;
  const over = expression.args.find((argument) => nameOf(argument) === 'over');
  const values = expression.args.filter((argument) => argument !== over);
  const [first] = values;
  const terms = values.map((argument) => context.check(argument.value, elsewhere(context)));
  const of = terms[0];
  if (!first || !of || values.length !== 1 || nameOf(first) !== undefined || !over) {
    const args = { name: operator, expected: 'one value and `over:`' };
    const usual = `\`${operator}(value, over: seed)\` or \`over: [seed, on]\``;
    const help = values.length === 2 && !over ? ofTwo(operator, values, usual) : usual;
    const dims = values.length === 1 && !over ? (of?.dims ?? []) : [];
    const end = first?.span.end ?? span.end;
    const fixes = dims
      .filter((d) => d !== unknownDim)
      .map((d) => insert(span, end, `, over: ${d}`));
    context.report(diagnose('built-in-arguments', span, args, { help, fixes }));
    return unknownTerm(span);
  }
  const axes = axisNames(over.value, context)?.map((name) => axisOf(name, of.dims, context)?.name);
  if (isUnknown(of)) return { ...of, span };
  const number = numberIn(of.type);
  if (!number) {
    const advice = of.type.kind === 'metrics' ? metricAdvice(of.type.fields, first.value.span) : {};
    const args = { operator, expected: 'a number', found: showType(of.type) };
    context.report(diagnose('wrong-operand', first.value.span, args, advice));
    return unknownTerm(span);
  }
  if (!axes || axes.some((axis) => axis === undefined)) return unknownTerm(span);
  const gone = axes.flatMap((axis) => axis ?? []);
  const dims = withoutDims(of.dims, gone);
  return {
    kind: 'reduce',
    operator,
    of,
    over: gone,
    type: resultType(operator, number),
    dims,
    span,
  };
}

/** Of two values, as other languages choose. */
function ofTwo(operator: Reduction, values: readonly Argument[], usual: string): string {
  const sign = operator === 'max' ? '>' : operator === 'min' ? '<' : undefined;
  if (sign === undefined) return usual;
  const [a, b] = values.map(({ value }) => foldedText(value.span));
  return `of two values write \`if ${a} ${sign} ${b} then ${a} else ${b}\`; along an axis ${usual}`;
}

function resultType(operator: Reduction, type: Extract<Type, { kind: 'number' }>): Type {
  if (operator === 'count') return numberType('Int');
  if (operator === 'min' || operator === 'max') return likeNumber(type);
  // a spread has no sign, so it is no difference
  if (operator === 'std') return numberType(type.unit === 'Int' ? 'Float' : type.unit);
  const real = type.unit === 'Int' ? numberType('Float') : likeNumber(type);
  return operator === 'ci95' ? { kind: 'record', fields: { low: real, high: real } } : real;
}

/** An axis that is called `over` may stand for itself. */
function nameOf(argument: Argument): string | undefined {
  const { name } = writtenAs(argument);
  return argument.name || name === 'over' ? name : undefined;
}

/** `seed` or `[seed, on]`: names of axes; each counts as used. */
export function axisNames(expression: Expression, context: Context): readonly Name[] | undefined {
  const items = expression.kind === 'list' ? expression.items : [expression];
  const names: Name[] = [];
  for (const item of items) {
    if (item.kind !== 'name') {
      reportNoAxis(item, context);
      return undefined;
    }
    if (names.some((name) => name.text === item.name.text)) {
      const fixes = [removeItem(item.span)];
      context.report(diagnose('duplicate-label', item.span, { label: item.name.text }, { fixes }));
    } else names.push(item.name);
    context.lookup(item.name);
  }
  return names;
}
