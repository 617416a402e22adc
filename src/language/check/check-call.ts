import { diagnose } from '../../base/codes.js';
import type { Advice, Fix } from '../../base/diagnostic.js';
import { changeTo, insert, removeItem } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { Argument, Expression, Name } from '../ast.js';
import type { Arg, Call, Extern, ExternParam, Term } from '../program.js';
import { checkPlannable } from './check-plannable.js';
import { choose } from './choose.js';
import { coerce } from './coerce.js';
import { apart, type Context, type Def, inside, noFacts } from './context.js';
import { shortName } from './labels.js';
import { reportNoAxis } from './no-axis.js';
import { addStage, stageTable } from './stage-table.js';
import { dimsOf, literal, unknownDim, unknownTerm } from './terms.js';
import { showType } from './types-show.js';

export type CallExpression = Extract<Expression, { kind: 'call' }>;

/** Checks a call of a declared stage or value and fills in its defaults. */
export function checkCall(expression: CallExpression, extern: Extern, context: Context): Call {
  const given = assignArguments(expression, extern, context);
  // behind a mistake nobody knows which axes the lost argument would have brought
  const lost = expression.args.length > given.size;
  const args: Arg[] = extern.params.map((param) => {
    const argument = given.get(param.name);
    if (argument) {
      const bare = argument.name || argument.shorthand ? undefined : argument.value;
      const other = bare?.kind === 'name' ? bare.name.text : param.name;
      const named = param.name === other ? undefined : extern.params.find((p) => p.name === other);
      const meant = named && !given.has(named.name) ? named : undefined;
      return checkArgument(argument, param, meant, extern, context);
    }
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
  return { extern, args, span: expression.span };
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
  if (!def.work || context.home.kind === 'stages') return def.expand(call, context);
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
): ReadonlyMap<string, Argument> {
  const given = new Map<string, Argument>();
  const known = new Map(extern.params.map((param) => [param.name, param]));
  const callee = shortName(extern.name);
  let named: Span | undefined;
  let unnamed = false;
  let position = 0;
  const lost = (argument: Argument) => context.check(argument.value, inside(context, 'x'));
  for (const argument of expression.args) {
    const name = nameOf(argument);
    if (name === undefined) {
      const param = extern.params[position++];
      if (named) {
        const related = [{ span: named, message: 'the first named argument' }];
        const advice = nameIt(argument, expression, extern);
        const more = { ...advice, related };
        // that the others have no name either is the same mistake
        if (!unnamed)
          context.report(diagnose('positional-after-named', argument.span, { callee }, more));
        unnamed = true;
        lost(argument);
      } else if (param) given.set(param.name, argument);
      else {
        const count = extern.params.length;
        const args = { callee, count, what: count === 1 ? 'parameter' : 'parameters' };
        const fixes = [removeItem(argument.span)];
        context.report(diagnose('too-many-arguments', argument.span, args, { fixes }));
        lost(argument);
      }
      continue;
    }
    named ??= argument.span;
    const before = given.get(name.text);
    if (before) {
      const related = [{ span: before.span, message: 'given here already' }];
      const fixes = [removeItem(argument.span)];
      const args = { name: name.text, callee };
      context.report(diagnose('duplicate-argument', argument.span, args, { related, fixes }));
      lost(argument);
    } else if (known.has(name.text)) {
      given.set(name.text, argument);
      const param = known.get(name.text);
      if (param) context.note?.(name.span, { kind: 'parameter', extern, param });
    } else {
      const advice = unknownParameterAdvice(argument, name, expression, extern);
      context.report(diagnose('unknown-parameter', name.span, { name: name.text, callee }, advice));
      // one that is short for itself may be misspelt as what it is, too
      if (argument.shorthand) context.lookup(name);
      else lost(argument);
    }
  }
  reportMissing(expression, extern, given, context);
  return given;
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
  const first = args.findIndex((argument) => nameOf(argument) !== undefined);
  const names = args.map((argument) => nameOf(argument)?.text);
  const free = params.filter(({ name }, i) => (first < 0 || i >= first) && !names.includes(name));
  const needed = free.filter((param) => !param.default);
  return needed.length > 0 ? needed : free;
}

function unknownParameterAdvice(
  argument: Argument,
  name: Name,
  { args }: CallExpression,
  { params }: Extern,
): Advice {
  const names = params.map((param) => param.name);
  const advice = choose(name, names, 'it takes no arguments');
  const needed = freeParams(args, params).filter((param) => !param.default);
  const [only] = needed;
  if (!argument.shorthand || (advice.fixes ?? []).length > 0) return advice;
  const rule = `after a named argument \`${name.text}\` is short for \`${name.text}: ${name.text}\``;
  if (!only || needed.length > 1) return { ...advice, help: `${rule}; ${advice.help}` };
  const fixes = [insert(name.span, name.span.start, `${only.name}: `)];
  return { help: `${rule}; did you mean \`${only.name}: ${name.text}\`?`, fixes };
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

/** Checks an argument; `meant`: a bare name is that of another parameter, which nothing is given to. */
function checkArgument(
  argument: Argument,
  param: ExternParam,
  meant: ExternParam | undefined,
  extern: Extern,
  context: Context,
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
      : fitted(context.check(argument.value, inner), argument, [param, meant], what, context);
  if (extern.of === 'stage') checkPlannable(value, argument.value.span, what, context);
  return { name: param.name, value, span: value.span, filled: false };
}

/** The term as its parameter takes it; where it does not, the one of its name may be meant. */
function fitted(
  term: Term,
  argument: Argument,
  [param, meant]: readonly [ExternParam, ExternParam | undefined],
  what: string,
  context: Context,
): Term {
  const { context: quiet, found } = apart(context);
  const { name, doc } = param;
  const value = coerce(term, param.type, argument.value, what, { ...quiet, param: { name, doc } });
  if (found.length === 0) return value;
  const other = apart(context);
  if (meant) coerce(term, meant.type, argument.value, what, other.context);
  const fits = meant !== undefined && meant.type.kind !== 'axis' && other.found.length === 0;
  for (const diagnostic of found) {
    context.report(fits ? { ...diagnostic, ...nameAs(meant.name, argument) } : diagnostic);
  }
  return value;
}

/** Advice for a bare name that is meant for the parameter of its name. */
function nameAs(name: string, { span }: Argument): { help: string; fixes: readonly Fix[] } {
  const fixes = [insert(span, span.start, `${name}: `)];
  return { help: `did you mean \`${name}: ${name}\`?`, fixes };
}

/** Says that a word where a text is needed stands in quotes: `label: group`. */
function reportBareText(
  { value, shorthand }: Argument,
  param: ExternParam,
  what: string,
  context: Context,
): boolean {
  const type = param.type.kind === 'optional' ? param.type.of : param.type;
  if (value.kind !== 'name' || shorthand) return false;
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
