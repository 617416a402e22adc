import { diagnose } from '../../../base/codes.js';
import { Bug } from '../../../base/errors.js';
import type { Span } from '../../../base/source.js';
import type { CallExpression, Expression } from '../../ast.js';
import { isWhole } from '../../operators.js';
import type { Term } from '../../program.js';
import { dimsOf, isUnknown, literal } from '../../terms/terms.js';
import { numberType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import { showNumber } from '../../types/units.js';
import { type Context, inside } from '../context.js';
import { distinctEntries } from '../expressions/distinct-entries.js';
import { knownValue } from '../expressions/known-value.js';
import { placeArguments, writtenAs } from '../expressions/place-arguments.js';
import { type AxisEntry, axisEntries, mostLabels } from './axis-entries.js';
import { type Drawn, drawPoints, type Space, sizeOf } from './search-space.js';

/** Something that is searched: where its values come from, and what a drawn one means. */
interface Searched {
  readonly space: Space;
  readonly check: (drawn: Drawn, context: Context) => Term;
}

const params = ['space', 'n', 'seed'] as const;
type Param = (typeof params)[number];

/** A written call of a built-in function of this name. */
export function callOfPrelude(
  expression: Expression,
  name: string,
  context: Context,
): CallExpression | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name') return undefined;
  if (expression.callee.name.text !== name) return undefined;
  return context.lookup(expression.callee.name)?.kind === 'prelude' ? expression : undefined;
}

/** The values that `search(log(0.0001..0.1), n: 32, seed: 1)` draws for an axis. */
export function searchEntries(
  call: CallExpression,
  context: Context,
): readonly AxisEntry[] | undefined {
  const given = argumentsOf(call, context);
  if (!given) return undefined;
  const n = wholeNumber('n', given.n, 1, mostLabels, context);
  const seed = wholeNumber('seed', given.seed, 0, Number.MAX_SAFE_INTEGER, context);
  const { space } = given;
  const joint = space.kind === 'record';
  const fields = joint
    ? distinctEntries(space.entries, context).map(({ key, value }) => ({ name: key.text, value }))
    : [{ name: '', value: space }];
  if (fields.length === 0) {
    reportSpace(space.span, 'a record without fields', context);
    return undefined;
  }
  const searched = fields.map(({ name, value }) => ({ name, of: searchedOf(value, context) }));
  const known = searched.flatMap(({ name, of }) => (of ? [{ name, of }] : []));
  if (known.length < searched.length || n === undefined || seed === undefined) return undefined;
  const spaces = Object.fromEntries(known.map(({ name, of }) => [name, of.space]));
  const size = known.reduce((product, { of }) => product * sizeOf(of.space), 1);
  const points = n > size ? [] : drawPoints(spaces, n, seed);
  if (points.length < n) {
    const found = n > size ? size : points.length;
    const expected = `at most ${found}, as many different values as there are`;
    const what = '`n` of `search`';
    context.report(diagnose('out-of-range', given.n.span, { what, expected, found: `${n}` }));
    return undefined;
  }
  return points.map((point) => ({
    label: undefined,
    shown: undefined,
    span: space.span,
    whole: undefined,
    expression: undefined,
    check: (within) => drawnValue(known, point, joint, space.span, within),
  }));
}

/** The value at a drawn point: a record, or of one space its value. */
function drawnValue(
  searched: readonly { readonly name: string; readonly of: Searched }[],
  point: Readonly<Record<string, Drawn>>,
  joint: boolean,
  span: Span,
  context: Context,
): Term {
  const fields = searched.map(({ name, of }) => ({
    name,
    value: of.check(point[name] ?? 0, joint ? inside(context, name) : context),
  }));
  const [only] = fields;
  if (!joint && only) return only.value;
  const types = Object.fromEntries(fields.map(({ name, value }) => [name, value.type]));
  const dims = dimsOf(fields.map(({ value }) => value));
  return { kind: 'record', fields, type: { kind: 'record', fields: types }, dims, span };
}

function argumentsOf(
  call: CallExpression,
  context: Context,
): Readonly<Record<Param, Expression>> | undefined {
  const placed = placeArguments(call.args.map(writtenAs), params);
  const given = new Map<string, Expression>();
  for (const [i, place] of placed.entries()) {
    const value = call.args[i]?.value;
    if (value && place.kind === 'fills') given.set(place.param, value);
  }
  const [space, n, seed] = params.map((name) => given.get(name));
  if (space && n && seed && given.size === call.args.length) return { space, n, seed };
  for (const { value } of call.args) {
    if (value !== space) context.check(value, context);
  }
  const expected = 'what is searched, `n:` and `seed:`';
  const help = seed
    ? '`search(log(0.0001..0.1), n: 32, seed: 1)`'
    : 'the values follow from the text alone, so it says the seed: `search(log(0.0001..0.1), n: 32, seed: 1)`';
  context.report(diagnose('built-in-arguments', call.span, { name: 'search', expected }, { help }));
  return undefined;
}

function wholeNumber(
  name: Param,
  expression: Expression,
  low: number,
  high: number,
  context: Context,
): number | undefined {
  const term = context.check(expression, context);
  const what = `\`${name}\` of \`search\``;
  const value = knownValue(term, expression.span, what, context);
  if (value === undefined) return undefined;
  const isInt = term.type.kind === 'number' && term.type.unit === 'Int';
  if (isInt && typeof value === 'number' && value >= low && value <= high) return value;
  const expected = `a whole number from ${low}${high === mostLabels ? ` to ${high}` : ''}`;
  const found = isInt ? String(value) : showType(term.type);
  context.report(diagnose('out-of-range', expression.span, { what, expected, found }));
  return undefined;
}

function searchedOf(expression: Expression, context: Context): Searched | undefined {
  const log = callOfPrelude(expression, 'log', context);
  if (log) return logOf(log, context);
  if (expression.kind === 'list') return choicesOf(expression, context);
  const term = context.check(expression, context);
  if (isUnknown(term)) return undefined;
  if (term.type.kind === 'list') return choicesOf(expression, context);
  return numbersOf(term, expression, false, context);
}

function choicesOf(expression: Expression, context: Context): Searched | undefined {
  const choices = axisEntries(expression, context);
  if (!choices) return undefined;
  if (choices.length === 0) {
    reportSpace(expression.span, 'an empty list', context);
    return undefined;
  }
  return {
    space: { kind: 'choices', count: choices.length },
    check: (drawn, within) => choices[drawn]?.check(within) ?? noChoice(drawn),
  };
}

function logOf(call: CallExpression, context: Context): Searched | undefined {
  const [range, ...more] = call.args;
  const named = range?.name !== undefined && !range.shorthand;
  if (!range || more.length > 0 || named) {
    const help = '`log(0.0001..0.1)`';
    const args = { name: 'log', expected: 'one range' };
    context.report(diagnose('built-in-arguments', call.span, args, { help }));
    return undefined;
  }
  const term = context.check(range.value, context);
  return isUnknown(term) ? undefined : numbersOf(term, range.value, true, context);
}

function numbersOf(
  term: Term,
  { span }: Expression,
  log: boolean,
  context: Context,
): Searched | undefined {
  const { type } = term;
  if (type.kind !== 'range' || type.of.kind !== 'number') {
    reportSpace(span, showType(type), context);
    return undefined;
  }
  const ends = knownValue(term, span, 'a range that is searched', context);
  if (ends === undefined) return undefined;
  const { low, high } = ends as { readonly low: number; readonly high: number };
  const { unit } = type.of;
  if (log && low <= 0) {
    const what = 'the low end of `log`';
    const args = { what, expected: 'more than 0', found: showNumber(low, unit) };
    const help = 'write a small number for it, or the range without `log`';
    context.report(diagnose('out-of-range', span, args, { help }));
    return undefined;
  }
  return {
    space: { kind: 'numbers', low, high, whole: isWhole(type.of), log },
    check: (drawn) => literal(drawn, numberType(unit), span),
  };
}

function reportSpace(span: Span, found: string, context: Context): void {
  const expected = 'a range of numbers, `log` of one, a list of choices, or a record of these';
  context.report(diagnose('search-values', span, { expected, found }));
}

function noChoice(drawn: Drawn): never {
  throw new Bug(`choice ${drawn} of a search is not there`);
}
