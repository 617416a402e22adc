import { diagnose } from '../../../base/codes.js';
import { insert } from '../../../base/fix.js';
import type { Argument, Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Reduction, Term } from '../../program.js';
import { type ReductionForm, reductions } from '../../reductions.js';
import { dimsOf, isUnknown, unknownDim, unknownTerm, withoutDims } from '../../terms/terms.js';
import {
  differenceType,
  joinTypes,
  likeNumber,
  numberIn,
  numberType,
  optional,
} from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { metricAdvice } from '../advice/type-advice.js';
import type { Context } from '../context.js';
import { axisNames } from './axis-names.js';
import { readsStage } from './check-plannable.js';
import { axisOf } from './check-slice.js';
import { coerce } from './coerce.js';
import { elsewhere } from './narrow.js';
import { writtenAs } from './place-arguments.js';

type Call = Extract<Expression, { kind: 'call' }>;
type NumberType = Extract<Type, { kind: 'number' }>;

/** `mean(stl.top1, over: seed)`, `pick(test.top1, by: validation.top1, over: lr)`. */
export function checkReduction(operator: Reduction, expression: Call, context: Context): Term {
  const { span } = expression;
  const form = reductions[operator];
  const named = (name: string | undefined) =>
    name === undefined ? undefined : expression.args.find((argument) => nameOf(argument) === name);
  const over = named('over');
  const beside = named(form.beside);
  const strata = form.strata && named('strata');
  const values = expression.args.filter((a) => a !== over && a !== beside && a !== strata);
  const [first] = values;
  const terms = values.map((argument) => context.check(argument.value, elsewhere(context)));
  const second = beside && context.check(beside.value, elsewhere(context));
  const of = terms[0];
  const fits = form.over === 'never' ? !over : over || form.over;
  const complete = fits && (beside || !form.beside);
  if (!first || !of || values.length !== 1 || nameOf(first) !== undefined || !complete) {
    reportForm(operator, expression, of?.dims ?? [], { values, over, beside }, context);
    return unknownTerm(span);
  }
  const both = second ? [of, second] : [of];
  const gone = over ? axesIn(over.value, dimsOf(both), context) : [];
  const apart = strata ? axesIn(strata.value, gone ?? [], context) : [];
  if (both.some(isUnknown)) return { ...unknownTerm(span), dims: dimsOf(both) };
  const number = operator === 'pick' ? undefined : numberOf(operator, of, first, context);
  if (operator !== 'pick' && !number) return unknownTerm(span);
  if (number) warnOfZero(operator, number, first, context);
  const fitted = second && beside && besideOf(operator, of, { term: second, at: beside }, context);
  if (!gone || !apart || (second && !fitted)) return unknownTerm(span);
  const type = number ? resultType(operator, number) : of.type;
  const dims = form.keeps ? dimsOf(both) : withoutDims(dimsOf(both), gone);
  const more = {
    ...(fitted ? { beside: fitted } : {}),
    ...(apart.length > 0 ? { strata: apart } : {}),
  };
  return { kind: 'reduce', operator, of, over: gone, ...more, type, dims, span };
}

/** Tests hold what they are given against 0, which says something of a difference alone. */
function warnOfZero(
  operator: Reduction,
  { unit, difference, low = 0 }: NumberType,
  { value: { span } }: Argument,
  context: Context,
): void {
  const tests = operator === 'p_value' || operator === 'equivalence' || operator === 'sample_size';
  if (!tests || unit !== 'Fraction' || difference || low < 0) return;
  const value = foldedText(span);
  const help = `subtract what it is compared with: \`${value} - other\``;
  context.report(diagnose('tested-against-zero', span, { operator, value }, { help }));
}

/** The axes that an argument names, each one of these; nothing after a mistake. */
function axesIn(
  expression: Expression,
  dims: readonly string[],
  context: Context,
): readonly string[] | undefined {
  const axes = axisNames(expression, context)?.map((name) => axisOf(name, dims, context)?.name);
  if (!axes || axes.some((axis) => axis === undefined)) return undefined;
  return axes.flatMap((axis) => axis ?? []);
}

/** The type of the number that is reduced; says so where it is none, or images cannot tell of it. */
function numberOf(
  operator: Reduction,
  term: Term,
  { value: at }: Argument,
  context: Context,
): NumberType | undefined {
  const { type } = term;
  const number = numberIn(type);
  const { images } = reductions[operator];
  const isShare = number?.unit === 'Fraction' && !number.difference && readsStage(term);
  if (number && (!images || isShare)) return number;
  const advice = type.kind === 'metrics' ? metricAdvice(type.fields, at.span) : {};
  const expected = images ? 'a share of images, as `probe.top1`,' : 'a number';
  const args = { operator, expected, found: showType(type) };
  context.report(diagnose('wrong-operand', at.span, args, advice));
  return undefined;
}

/** The second value, fitted to what it is for. */
function besideOf(
  operator: Reduction,
  of: Term,
  { term, at }: { readonly term: Term; readonly at: Argument },
  context: Context,
): Term | undefined {
  if (operator === 'pick') return numberOf(operator, term, at, context) && term;
  const own = numberIn(of.type);
  if (!own) return undefined;
  if (operator === 'equivalence') {
    const type: Type = { kind: 'number', unit: own.unit === 'Int' ? 'Float' : own.unit, low: 0 };
    const margin = coerce(term, type, at.value, '`margin` of `equivalence`', context);
    return isUnknown(margin) ? undefined : margin;
  }
  const other = numberOf(operator, term, at, context);
  if (!other) return undefined;
  if (operator === 'spearman' || joinTypes(own, other)) return term;
  const args = { operator, left: showType(of.type), right: showType(term.type) };
  context.report(diagnose('unit-mismatch', at.value.span, args));
  return undefined;
}

interface Given {
  readonly values: readonly Argument[];
  readonly over: Argument | undefined;
  readonly beside: Argument | undefined;
}

function reportForm(
  operator: Reduction,
  expression: Call,
  dims: readonly string[],
  { values, over, beside }: Given,
  context: Context,
): void {
  const form = reductions[operator];
  const { span } = expression;
  const second = form.beside ? [`\`${form.beside}:\``] : [];
  const third = form.over === 'never' ? [] : [form.over ? 'perhaps `over:`' : '`over:`'];
  const expected = ['one value', ...second, ...third].join(', ').replace(/, ([^,]*)$/, ' and $1');
  const usual = usualForm(operator, form);
  const help = values.length === 2 && !over ? ofTwo(operator, values, usual) : usual;
  const end = (beside ?? values[0])?.span.end ?? span.end;
  const mends = values.length === 1 && !over && !form.over && (beside || !form.beside);
  const fixes = mends
    ? dims.filter((d) => d !== unknownDim).map((d) => insert(span, end, `, over: ${d}`))
    : [];
  context.report(
    diagnose('built-in-arguments', span, { name: operator, expected }, { help, fixes }),
  );
}

function usualForm(operator: Reduction, { beside, strata, images }: ReductionForm): string {
  if (operator === 'pick') return '`pick(test.top1, by: test.validation, over: lr)`';
  if (operator === 'argmax') return '`argmax(mean(test.validation, over: seed), over: lr)`';
  if (images) return `\`${operator}(probe.top1[pairs: sp], against: probe.top1[pairs: ap])\``;
  const second = beside ? `, ${beside}: ${beside === 'margin' ? '1%' : 'other'}` : '';
  const apart = strata ? ', strata: on' : '';
  const over = apart ? '[seed, on]' : 'seed';
  const or = apart ? '' : ' or `over: [seed, on]`';
  return `\`${operator}(value${second}, over: ${over}${apart})\`${or}`;
}

/** Of two values, as other languages choose. */
function ofTwo(operator: Reduction, values: readonly Argument[], usual: string): string {
  const sign = operator === 'max' ? '>' : operator === 'min' ? '<' : undefined;
  if (sign === undefined) return usual;
  const [a, b] = values.map(({ value }) => foldedText(value.span));
  return `of two values write \`if ${a} ${sign} ${b} then ${a} else ${b}\`; along an axis ${usual}`;
}

function resultType(operator: Reduction, type: NumberType): Type {
  // a spread has no sign, so it is no difference
  const real = type.unit === 'Int' ? numberType('Float') : likeNumber(type);
  switch (operator) {
    case 'count':
    case 'sample_size':
      return numberType('Int');
    case 'min':
    case 'max':
    case 'pick':
      return likeNumber(type);
    case 'std':
      return numberType(type.unit === 'Int' ? 'Float' : type.unit);
    case 'mean':
    case 'iqm':
      return real;
    case 'ci95':
    case 'iqm_ci95':
      return { kind: 'record', fields: { low: real, high: real } };
    case 'p_value':
    case 'least_p':
    case 'equivalence':
      return numberType('Float');
    case 'improvement':
      return numberType('Fraction');
    case 'argmax':
      return { kind: 'string' };
    case 'ranking':
      return numberType('Float');
    case 'spearman':
      return rankCorrelationType;
    case 'mcnemar':
      return mcnemarType;
    case 'images_ci95':
      return { kind: 'record', fields: { low: differenceType, high: differenceType } };
  }
}

/** Images that one alone has right, and the two-sided p. */
const mcnemarType: Type = {
  kind: 'record',
  fields: {
    first: numberType('Int'),
    second: numberType('Int'),
    exact: numberType('Float'),
    mid_p: numberType('Float'),
  },
};

/** An interval has no ends where the values tell nothing of it. */
const rankCorrelationType: Type = {
  kind: 'record',
  fields: {
    rho: numberType('Float'),
    ci95: {
      kind: 'record',
      fields: { low: optional(numberType('Float')), high: optional(numberType('Float')) },
    },
    n: numberType('Int'),
  },
};

/** An axis that is called `over` may stand for itself. */
function nameOf(argument: Argument): string | undefined {
  const { name } = writtenAs(argument);
  return argument.name || name === 'over' ? name : undefined;
}
