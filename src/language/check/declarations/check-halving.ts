import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import type { Annotation, Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Halving, Stage } from '../../program.js';
import { isUnknown, unknownDim } from '../../terms/terms.js';
import { numberIn } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import type { Context, StageTable } from '../context.js';
import { axisNames } from '../expressions/axis-names.js';
import { axisOf } from '../expressions/check-slice.js';
import { coerce } from '../expressions/coerce.js';
import { AT } from '../expressions/kept-epochs.js';
import { knownValue } from '../expressions/known-value.js';
import { placeArguments, writtenAs } from '../expressions/place-arguments.js';

const params = ['by', 'over', 'factor'] as const;
/** One of three, as scikit-learn's searches by halving. */
const usualFactor = 3;

/** `@halving(by: probe.validation, over: trial, factor: 3)`, entered into the stages that it is about. */
export function checkHalving(
  annotation: Annotation,
  name: string,
  context: Context,
  { stages }: StageTable,
): void {
  const { args, span } = annotation;
  const placed = placeArguments(args.map(writtenAs), params);
  const given = new Map<string, Expression>();
  for (const [i, place] of placed.entries()) {
    const value = args[i]?.value;
    if (value && place.kind === 'fills') given.set(place.param, value);
  }
  const [by, over, factor] = params.map((param) => given.get(param));
  if (!by || !over || given.size < args.length) {
    for (const { value } of args) context.check(value, context);
    const expected = '`by:`, `over:` and maybe `factor:`';
    const help = '`@halving(by: probe.validation, over: trial, factor: 3)`';
    context.report(diagnose('built-in-arguments', span, { name: '@halving', expected }, { help }));
    return;
  }
  const metric = metricOf(by, context);
  const training = stages.get(name);
  const [axis] = axisNames(over, context) ?? [];
  const rivals = axis && axisOf(axis, training?.dims ?? [], context);
  const share = factor ? factorOf(factor, context) : usualFactor;
  if (!metric || !rivals || share === undefined || !training) return;
  const onTheWay = [...stages.values()].filter((stage) => stage.training === name);
  if (onTheWay.length === 0) {
    const help = 'give it `keep: after([1, 3, 9])`: after these epochs they are compared';
    say('stands before a training that keeps encoders on its way', annotation.span, context, {
      help,
    });
    return;
  }
  const evaluation = stages.get(metric.stage);
  const dims = evaluation?.dims ?? [];
  if (dims.includes(unknownDim)) return;
  const fits =
    dims.includes(AT) &&
    dims.includes(rivals.name) &&
    dims.every((dim) => dim === AT || training.dims.includes(dim));
  if (!fits) {
    const help = `\`${metric.stage}\` varies over ${dims.map((dim) => `\`${dim}\``).join(', ') || 'no axis'}`;
    const axes = [AT, rivals.name].map((dim) => `\`${dim}\``).join(' and ');
    say(`compares by an evaluation of the training, over ${axes}`, by.span, context, { help });
    return;
  }
  const { smallest, ...compared } = metric;
  const halving: Halving = { over: rivals.name, by: compared, smallest, factor: share };
  for (const stage of [training, ...onTheWay]) stages.set(stage.name, { ...stage, halving });
}

/** `probe.validation`, or `-probe.loss`. */
function metricOf(
  expression: Expression,
  context: Context,
): (Halving['by'] & Pick<Halving, 'smallest'>) | undefined {
  const term = context.check(expression, context);
  if (isUnknown(term)) return undefined;
  const smallest = term.kind === 'unary' && term.operator === '-';
  const of = smallest ? term.of : term;
  if (of.kind === 'member' && of.of.kind === 'stage' && numberIn(of.type)) {
    const { span } = expression;
    return { stage: of.of.stage, metric: of.name, text: foldedText(span), span, smallest };
  }
  const help = '`by: probe.validation`, or `by: -probe.loss` where the smallest is the best';
  say('compares by a metric of an evaluation', expression.span, context, { help });
  return undefined;
}

function factorOf(expression: Expression, context: Context): number | undefined {
  const type: Type = { kind: 'number', unit: 'Int', low: 2 };
  const what = '`factor` of `@halving`';
  const term = coerce(context.check(expression, context), type, expression, what, context);
  const value = knownValue(term, expression.span, what, context);
  return typeof value === 'number' ? value : undefined;
}

function say(what: string, span: Stage['span'], context: Context, advice: Advice): void {
  context.report(diagnose('halving', span, { what }, advice));
}
