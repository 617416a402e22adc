import { diagnose } from '../../../base/codes.js';
import type { Advice, Diagnostic } from '../../../base/diagnostic.js';
import { changeTo, insert, removeItem, textAt } from '../../../base/fix.js';
import type { Argument, Expression, Name } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Arg, Call, Extern, ExternParam, Term } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { dimsOf, literal, unknownDim, unknownTerm } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import { choose } from '../advice/choose.js';
import { reportNoAxis } from '../advice/no-axis.js';
import { apart, type Context, type Def, inside, noFacts } from '../context.js';
import { checkPlannable } from './check-plannable.js';
import { coerce, widens } from './coerce.js';
import { checkNames } from './images-facts.js';
import { type Placed, placeArguments, writtenAs } from './place-arguments.js';
import { addStage, stageTable } from './stage-table.js';
import { isTooLarge } from './term-size.js';

export type CallExpression = Extract<Expression, { kind: 'call' }>;

/** Checks a call of a declared stage or value and fills in its defaults. */
export function checkCall(expression: CallExpression, extern: Extern, context: Context): Call {
  const { given, twice } = assignArguments(expression, extern, context);
  // behind a mistake nobody knows which axes the lost argument would have brought
  const lost = expression.args.length > given.size;
  const misfits: Misfit[] = [];
  const args: Arg[] = extern.params.map((param) => {
    const argument = given.get(param.name);
    // which of its arguments a parameter was meant to have is unknown
    const fit = twice.has(param.name) ? undefined : misfits;
    if (argument) return checkArgument(argument, param, extern, context, fit);
    if (param.default) {
      const value = lost ? { ...param.default, dims: [unknownDim] } : param.default;
      return { name: param.name, value, span: param.span, filled: true };
    }
    return {
      name: param.name,
      value: unknownTerm(expression.span),
      span: expression.span,
      filled: true,
    };
  });
  reportMisfits(misfits, context);
  const call = { extern, args, span: expression.span };
  checkNames(call, context);
  return call;
}

/** An argument that does not fit its parameter, and what is said of it. */
interface Misfit {
  readonly term: Term;
  readonly argument: Argument;
  readonly param: ExternParam;
  readonly found: readonly Diagnostic[];
}

/** Says what does not fit; of two arguments that each fit the other's parameter, that they are swapped. */
function reportMisfits(misfits: readonly Misfit[], context: Context): void {
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

/** Checks a call of a declared stage or value: a description as it is, a stage by its name. */
export function checkExternCall(
  expression: CallExpression,
  extern: Extern,
  context: Context,
): Term {
  const inner = extern.of === 'stage' ? withPlace(context, shortName(extern.name)) : context;
  return termOfCall(checkCall(expression, extern, inner), context);
}

/** Where no stage can stand, the outermost call is the mistake, not those in its arguments. */
function withPlace(context: Context, name: string): Context {
  if (context.home.kind === 'stages') return context;
  const table = stageTable();
  const home = { kind: 'stages', name, when: [], dims: [], facts: noFacts, table } as const;
  return { ...context, home };
}

/** The term for a call: a description as it is, a stage by its name. */
function termOfCall(call: Call, context: Context): Term {
  const { extern, span } = call;
  const dims = dimsOf(call.args.map((arg) => arg.value));
  if (extern.result.kind === 'unknown') return { ...unknownTerm(span), dims };
  if (extern.of === 'value') return { kind: 'describe', call, type: extern.result, dims, span };
  if (context.home.kind === 'stages') return addStage(context.home, call);
  reportStageHere(call, context.home.what, context);
  return unknownTerm(span);
}

/** Checks a call of a `def`: what it stands for, with its stages where the call stands. */
export function checkDefCall(expression: CallExpression, def: Def, context: Context): Term {
  const inner = def.work ? withPlace(context, shortName(def.signature.name)) : context;
  const call = checkCall(expression, def.signature, inner);
  if (!def.work || context.home.kind === 'stages') return def.expand(call, context).term;
  reportStageHere(call, context.home.what, context);
  return unknownTerm(call.span);
}

function reportStageHere({ extern, span }: Call, what: string, context: Context): void {
  const help = 'declare it with `dataset`, `transform`, `train` or `evaluate` and use its name';
  context.report(diagnose('stage-here', span, { name: shortName(extern.name), what }, { help }));
}

/** Which argument goes to which parameter; reports those that go nowhere. */
function assignArguments(
  expression: CallExpression,
  extern: Extern,
  context: Context,
): { readonly given: ReadonlyMap<string, Argument>; readonly twice: ReadonlySet<string> } {
  const { args } = expression;
  const given = new Map<string, Argument>();
  const twice = new Set<string>();
  const callee = shortName(extern.name);
  const names = extern.params.map((param) => param.name);
  const placed = placeArguments(args.map(writtenAs), names);
  const said = new Set<string>();
  const lost = (argument: Argument) => context.check(argument.value, inside(context, 'x'));
  for (const [i, argument] of args.entries()) {
    const place = placed[i];
    const name = nameOf(argument);
    switch (place?.kind) {
      case 'fills': {
        const word = name ?? bareName(argument, place.param);
        if (!word && (place.skipped !== undefined || said.has('skips'))) {
          // that the others skip it too is the same mistake
          if (place.skipped !== undefined && !said.has('skips'))
            reportSkip(argument, place.param, place.skipped, { args, placed }, callee, context);
          said.add('skips');
          lost(argument);
          break;
        }
        given.set(place.param, argument);
        const param = extern.params.find((p) => p.name === place.param);
        if (word && param) context.note?.(word.span, { kind: 'parameter', extern, param });
        break;
      }
      case 'twice': {
        twice.add(place.param);
        const before = given.get(place.param);
        const related = before ? [{ span: before.span, message: 'given here already' }] : [];
        const fixes = [removeItem(argument.span)];
        const about = { name: place.param, callee };
        context.report(diagnose('duplicate-argument', argument.span, about, { related, fixes }));
        lost(argument);
        break;
      }
      case 'behind': {
        const first = args.find((other) => nameOf(other) !== undefined);
        const related = first ? [{ span: first.span, message: 'the first named argument' }] : [];
        const more = { ...nameIt(argument, expression, extern), related };
        // that the others have no name either is the same mistake
        if (!said.has('behind'))
          context.report(diagnose('positional-after-named', argument.span, { callee }, more));
        said.add('behind');
        lost(argument);
        break;
      }
      case 'too-many': {
        const count = extern.params.length;
        const about = { callee, count, what: count === 1 ? 'parameter' : 'parameters' };
        const fixes = [removeItem(argument.span)];
        context.report(diagnose('too-many-arguments', argument.span, about, { fixes }));
        lost(argument);
        break;
      }
      default: {
        if (!name) break;
        const advice = unknownParameterAdvice(argument, name, expression, extern, context);
        const about = { name: name.text, callee };
        context.report(diagnose('unknown-parameter', name.span, about, advice));
        // one that is short for itself may be misspelt as what it is, too
        if (argument.shorthand) context.lookup(name);
        else lost(argument);
      }
    }
  }
  reportMissing(expression, extern, given, context);
  return { given, twice };
}

/** Says that an argument in order passes over a parameter that a bare name fills. */
function reportSkip(
  argument: Argument,
  param: string,
  skipped: string,
  { args, placed }: { args: readonly Argument[]; placed: readonly Placed[] },
  callee: string,
  context: Context,
): void {
  const by = args.find((other, i) => {
    const place = placed[i];
    return place?.kind === 'fills' && place.param === skipped && bareName(other, skipped);
  });
  const related = by ? [{ span: by.span, message: `this means \`${skipped}: ${skipped}\`` }] : [];
  // behind a name all have names
  const edits = args.flatMap((other, i) => {
    const place = placed[i];
    const unnamed = other.name === undefined && place?.kind === 'fills';
    if (!unnamed || other.span.start < argument.span.start || bareName(other, place.param)) {
      return [];
    }
    return insert(other.span, other.span.start, `${place.param}: `).edits;
  });
  const about = { callee, param, skipped };
  const help = `give it its name: \`${param}: …\``;
  const fixes = [{ title: `Insert \`${param}: \``, edits }];
  const more = { help, related, fixes };
  context.report(diagnose('positional-skips', argument.span, about, more));
}

/** The word of a bare name that means the parameter of its name. */
function bareName({ value, span }: Argument, param: string): Name | undefined {
  const bare = value.kind === 'name' && value.name.text === param;
  return bare && value.name.span.end === span.end ? value.name : undefined;
}

/** Advice for an argument without a name: that of the parameter, where only one is left. */
function nameIt(argument: Argument, { args }: CallExpression, { params }: Extern): Advice {
  const free = freeParams(args, params);
  const [only] = free;
  if (!only || free.length > 1) {
    return { help: 'give it a name, or put it before the named ones' };
  }
  const fixes = [insert(argument.span, argument.span.start, `${only.name}: `)];
  return { help: `give it a name: \`${only.name}: …\``, fixes };
}

/** The parameters that no argument names or stands for; those that must be given, if there are. */
function freeParams(
  args: readonly Argument[],
  params: readonly ExternParam[],
): readonly ExternParam[] {
  const placed = placeArguments(
    args.map(writtenAs),
    params.map((param) => param.name),
  );
  const filled = placed.flatMap((place) => (place.kind === 'fills' ? [place.param] : []));
  const free = params.filter(({ name }) => !filled.includes(name));
  const needed = free.filter((param) => !param.default);
  return needed.length > 0 ? needed : free;
}

function unknownParameterAdvice(
  argument: Argument,
  name: Name,
  { args }: CallExpression,
  { params }: Extern,
  context: Context,
): Advice {
  const names = params.map((param) => param.name);
  const inner = argument.shorthand
    ? undefined
    : innerParameter(name, argument, args, params, context);
  if (inner) return inner;
  const advice = choose(name, names, 'it takes no arguments');
  const needed = freeParams(args, params).filter((param) => !param.default);
  const [only] = needed;
  if (!argument.shorthand || (advice.fixes ?? []).length > 0) return advice;
  const rule = `after a named argument \`${name.text}\` is short for \`${name.text}: ${name.text}\``;
  if (!only || needed.length > 1) return { ...advice, help: `${rule}; ${advice.help}` };
  const fixes = [insert(name.span, name.span.start, `${only.name}: `)];
  return { help: `${rule}; did you mean \`${only.name}: ${name.text}\`?`, fixes };
}

/** Advice for a parameter of what an argument describes: `lr` of `pretrain` belongs to its optimiser. */
function innerParameter(
  { text }: Name,
  { value }: Argument,
  args: readonly Argument[],
  params: readonly ExternParam[],
  context: Context,
): Advice | undefined {
  for (const param of params) {
    const given = args.find((argument) => nameOf(argument)?.text === param.name)?.value;
    const written =
      given?.kind === 'call' && given.callee.kind === 'name' ? given.callee : undefined;
    const meaning = written && context.lookup(written.name);
    const filled = param.default?.kind === 'describe' ? param.default.call.extern : undefined;
    const callee = meaning?.kind === 'extern' ? meaning.extern : given ? undefined : filled;
    if (!callee?.params.some((inner) => inner.name === text)) continue;
    const call = `${shortName(callee.name)}(${text}: ${foldedText(value.span)})`;
    return { help: `it belongs to \`${param.name}\`: \`${param.name}: ${call}\`` };
  }
  return undefined;
}

function nameOf(argument: Argument) {
  if (argument.name) return argument.name;
  return argument.shorthand && argument.value.kind === 'name' ? argument.value.name : undefined;
}

/** Says which required parameters are missing, unless a misnamed argument was said already. */
function reportMissing(
  expression: CallExpression,
  extern: Extern,
  given: ReadonlyMap<string, Argument>,
  context: Context,
): void {
  if (expression.args.length > given.size) return;
  const missing = extern.params.filter((param) => !param.default && !given.has(param.name));
  if (missing.length === 0) return;
  const names = missing.map((param) => `\`${param.name}\``).join(', ');
  const help = missing.map((param) => `\`${param.name}: ${showType(param.type)}\``).join(', ');
  context.report(
    diagnose(
      'missing-argument',
      expression.callee.span,
      { callee: shortName(extern.name), names },
      { help: `it takes ${help}` },
    ),
  );
}

function checkArgument(
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
  if (type.kind === 'enum' && !type.choices.includes(name.text)) return false;
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
