import { diagnose } from '../../../base/codes.js';
import type { Advice, Diagnostic } from '../../../base/diagnostic.js';
import { changeTo, textAt } from '../../../base/fix.js';
import type { Argument, Expression, Name } from '../../ast.js';
import type { Arg, Extern, ExternParam, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { literal, unknownTerm } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import { choose } from '../advice/choose.js';
import { reportNoAxis } from '../advice/no-axis.js';
import { apart, type Context, inside } from '../context.js';
import { checkPlannable } from './check-plannable.js';
import { coerce, widens } from './coerce.js';
import { isTooLarge } from './term-size.js';

/** An argument that does not fit its parameter, and what is said of it. */
export interface Misfit {
  readonly term: Term;
  readonly argument: Argument;
  readonly param: ExternParam;
  readonly found: readonly Diagnostic[];
}

/** Checks an argument and fits it to its parameter; what does not fit is added to `misfits`. */
export function checkArgument(
  argument: Argument,
  param: ExternParam,
  extern: Extern,
  context: Context,
  misfits: Misfit[] | undefined,
): Arg {
  const what = `\`${param.name}\` of \`${shortName(extern.name)}\``;
  const inner = inside(context, param.name, argument.value);
  if (reportBareText(argument, param, what, context)) {
    const { span } = argument.value;
    return { name: param.name, value: unknownTerm(span), span, filled: false };
  }
  const value =
    param.type.kind === 'axis'
      ? axisArgument(argument.value, context)
      : fitted(context.check(argument.value, inner), argument, param, what, context, misfits);
  if (extern.of === 'stage') checkPlannable(value, argument.value.span, what, context);
  if (isTooLarge(value, argument.value.span, what, context)) {
    return { name: param.name, value: unknownTerm(value.span), span: value.span, filled: false };
  }
  return { name: param.name, value, span: value.span, filled: false };
}

/** The term as its parameter takes it; where it does not, that is noted. */
function fitted(
  term: Term,
  argument: Argument,
  param: ExternParam,
  what: string,
  context: Context,
  misfits: Misfit[] | undefined,
): Term {
  const { name, doc, type } = param;
  const { context: quiet, found } = apart({ ...context, param: { name, doc } });
  const fit = coerce(term, type, argument.value, what, quiet);
  if (found.length > 0) misfits?.push({ term, argument, param, found });
  return fit;
}

/** Says what does not fit; of two arguments that each fit the other's parameter, that they are swapped. */
export function reportMisfits(misfits: readonly Misfit[], context: Context): void {
  const [a, b] = misfits;
  const first = a?.found[0];
  const swapped =
    a &&
    b &&
    first?.code === 'wrong-type' &&
    misfits.length === 2 &&
    widens(a.term.type, b.param.type) &&
    widens(b.term.type, a.param.type);
  if (!swapped) {
    for (const { found } of misfits) for (const diagnostic of found) context.report(diagnostic);
    return;
  }
  const [x, y] = [a.argument.value.span, b.argument.value.span];
  const edits = [
    { span: x, text: textAt(y) },
    { span: y, text: textAt(x) },
  ];
  const help = `\`${a.param.name}\` and \`${b.param.name}\` are swapped`;
  const related = [{ span: y, message: `\`${b.param.name}\`` }];
  context.report({ ...first, help, related, fixes: [{ title: 'Swap the two', edits }] });
}

/** Says that a word where a text is needed stands in quotes: `label: group`. */
function reportBareText(
  { name: given, value, shorthand }: Argument,
  param: ExternParam,
  what: string,
  context: Context,
): boolean {
  const type = param.type.kind === 'optional' ? param.type.of : param.type;
  if (value.kind !== 'name' || shorthand) return false;
  if (!given && value.name.text === param.name) return false;
  if (type.kind !== 'string' && type.kind !== 'enum') return false;
  const { name, span } = value;
  const word = context.wordOf(name);
  if (word !== undefined && !work.has(word)) return false;
  if (type.kind === 'enum' && !type.choices.includes(name.text)) {
    if (word !== undefined || context.isHidden?.(name)) return false;
    return reportNoChoice(name, param.name, type.choices, context);
  }
  const text = JSON.stringify(name.text);
  const advice: Advice = {
    help: `a text stands in quotes: \`${text}\``,
    fixes: [changeTo(span, text)],
  };
  const kind = word === undefined ? 'a word' : `which \`${word}\` declares`;
  const found = `\`${name.text}\`, ${kind}`;
  const args = { what, expected: showType(type), found };
  context.report(diagnose('wrong-type', span, args, advice));
  return true;
}

/** Says of a word that is not declared which texts stand there: `precision: fp16`. */
function reportNoChoice(
  name: Name,
  param: string,
  choices: readonly string[],
  context: Context,
): true {
  const { help, fixes = [] } = choose(name, choices, '', JSON.stringify);
  const advice = { help: `\`${param}\` takes a text: ${help}`, fixes };
  context.reportUnknown(name, (found) =>
    context.report(found.help === undefined ? { ...found, ...advice } : found),
  );
  return true;
}

/** Words whose names stand for no text. */
const work: ReadonlySet<string> = new Set(['dataset', 'train', 'evaluate', 'report', 'def']);

/** An argument that names an axis: the name itself is the value. */
function axisArgument(expression: Expression, context: Context): Term {
  const meaning = expression.kind === 'name' ? context.lookup(expression.name) : undefined;
  if (meaning?.kind === 'axis') {
    return literal(meaning.axis.name, { kind: 'axis' }, expression.span);
  }
  if (meaning?.kind !== 'unknown') reportNoAxis(expression, context);
  return unknownTerm(expression.span);
}
