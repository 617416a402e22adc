import type { Advice } from '../../../base/diagnostic.js';
import { insert } from '../../../base/fix.js';
import type { Argument, CallExpression, Name } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Extern, ExternParam } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { placeArguments, writtenAs } from './place-arguments.js';

/** Advice for an argument without a name: that of the parameter, where only one is left. */
export function nameIt(argument: Argument, { args }: CallExpression, { params }: Extern): Advice {
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

export function unknownParameterAdvice(
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
  const placed = placeArguments(
    args.map(writtenAs),
    params.map((param) => param.name),
  );
  for (const param of params) {
    const at = placed.findIndex((place) => place.kind === 'fills' && place.param === param.name);
    const given = args[at]?.value;
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

/** The word that names an argument, or the one that it is short for. */
export function nameOf(argument: Argument): Name | undefined {
  if (argument.name) return argument.name;
  return argument.shorthand && argument.value.kind === 'name' ? argument.value.name : undefined;
}
