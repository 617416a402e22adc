import type { Json } from '../../../base/canonical.js';
import type { More } from '../../../base/code.js';
import { diagnose } from '../../../base/codes.js';
import { own } from '../../../base/own.js';
import type { Expression } from '../../ast.js';
import type { Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { fewPointsOver } from '../../terms/points-over.js';
import {
  childrenOf,
  isUnknown,
  type LiteralTerm,
  unknownDim,
  unknownTerm,
} from '../../terms/terms.js';
import { outOfBounds } from '../../types/bounds.js';
import { meetAsFraction } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import { showValue } from '../../types/show-value.js';
import type { Type } from '../../types.js';
import { axisAdvice } from '../advice/axis-advice.js';
import { adviceAt, boundAdvice } from '../advice/type-advice.js';
import type { Context } from '../context.js';

/** More points than this are not tried one by one; the planner meets the value anyway. */
const mostPoints = 10_000;

/**
 * Makes a term fit a type: widens Int to Float, reads a plain number as a Fraction, a text or `file()` as a
 * Folder, and checks the bounds of every value that is known. Reports and gives an unknown term
 * where it cannot. `what` names the place: "`epochs` of `pretrain`".
 */
export function coerce(
  term: Term,
  type: Type,
  expression: Expression,
  what: string,
  context: Context,
): Term {
  if (isUnknown(term) || type.kind === 'unknown') return term;
  if (type.kind === 'optional') {
    if (term.type.kind === 'none') return { ...term, type };
    if (term.type.kind !== 'optional') return coerce(term, type.of, expression, what, context);
  }
  const parts = coerceParts(term, type, expression, what, context);
  if (parts) return parts;
  if (type.kind === 'folder' && term.type.kind === 'string') {
    return { kind: 'file', path: term, folder: true, type, dims: term.dims, span: term.span };
  }
  if (type.kind === 'folder' && term.kind === 'file') return { ...term, folder: true, type };
  if (!assignable(term, type, context)) {
    const [a, b] = [term.type, type];
    const units =
      a.kind === 'number' && b.kind === 'number' && (a.unit !== 'Float' || b.unit !== 'Int');
    context.report(
      diagnose(
        units ? 'wrong-unit' : 'wrong-type',
        expression.span,
        { what, expected: showType(type), found: showFound(term) },
        misfitOf(term, type, expression, context),
      ),
    );
    return unknownTerm(term.span);
  }
  const problem = firstProblem(term, type, context);
  if (problem !== undefined) {
    const args = { what, expected: showType(type), found: problem };
    const advice = boundAdvice(term, type, expression.span, context.param);
    const cause = causeOf(term, type, expression);
    const set = settingIn(term);
    const { span } = expression;
    const related = set && [{ span, message: 'it is used here' }];
    context.report(
      diagnose('out-of-range', set?.given ?? span, args, { ...advice, related, cause }),
    );
    return unknownTerm(term.span);
  }
  return term.kind === 'literal' && type.kind !== 'enum' ? { ...term, type } : term;
}

/** What is said beside that a term is of another type; of an axis where its values stand. */
function misfitOf(term: Term, type: Type, expression: Expression, context: Context): More {
  const advice = adviceAt(term, type, expression.span, context.param);
  const axis = axisAdvice(term, context);
  const help = axis?.help ?? advice.help;
  return { ...advice, ...axis, help, cause: causeOf(term, type, expression) };
}

/** A value, or one that it is made of, that `--set` gives. */
function settingIn(term: Term): LiteralTerm | undefined {
  if (term.kind === 'literal') return term.given ? term : undefined;
  for (const part of childrenOf(term)) {
    const found = settingIn(part);
    if (found) return found;
  }
  return undefined;
}

/** That a name stands for what does not fit is one mistake, however often it is given for the same. */
function causeOf(term: Term, type: Type, expression: Expression): string | undefined {
  if (expression.kind !== 'name') return undefined;
  return [expression.name.text, originOf(term), showType(term.type), showType(type)].join(' ');
}

/** What makes a value that a name stands for: in a `def` a name stands for another one in each call. */
function originOf(term: Term): string {
  if (term.kind === 'axis') return term.axis;
  return term.kind === 'stage' ? term.stage : `${term.span.file.path} ${term.span.start}`;
}

/** Written lists, records and ranges are fitted part by part, so that a mistake shows its place. */
function coerceParts(
  term: Term,
  type: Type,
  expression: Expression,
  what: string,
  context: Context,
): Term | undefined {
  if (type.kind === 'list' && term.kind === 'list' && expression.kind === 'list') {
    const items = term.items.map((item, i) =>
      coerce(item, type.of, expression.items[i] ?? expression, `an item of ${what}`, context),
    );
    return { ...term, type, items };
  }
  if (type.kind === 'record' && term.kind === 'record' && expression.kind === 'record') {
    const names = term.fields.map((field) => field.name);
    if (!sameNames(names, Object.keys(type.fields))) return undefined;
    const fields = term.fields.map(({ name, value }, i) => {
      const at = expression.entries[i]?.value ?? expression;
      const of = own(type.fields, name) ?? value.type;
      return { name, value: coerce(value, of, at, `\`${name}\` of ${what}`, context) };
    });
    return { ...term, type, fields };
  }
  if (type.kind === 'range' && term.kind === 'range' && expression.kind === 'range') {
    const low = coerce(term.low, type.of, expression.low, `the low end of ${what}`, context);
    const high = coerce(term.high, type.of, expression.high, `the high end of ${what}`, context);
    return { ...term, type, low, high };
  }
  return undefined;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Is the term's type one that the other takes, bounds aside? */
function assignable(term: Term, to: Type, context: Context): boolean {
  const from = term.type;
  if (from.kind === 'number' && to.kind === 'number' && meetAsFraction(from.unit, to.unit)) {
    return to.unit === 'Fraction' && standsForFraction(term, context);
  }
  if (from.kind === 'string' && to.kind === 'enum') {
    return isLater(term) || valuesOf(term, context) !== undefined;
  }
  return widens(from, to);
}

/** Does a type widen to another without looking at values? */
export function widens(from: Type, to: Type): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return true;
  if (to.kind === 'optional') {
    return from.kind === 'none' || widens(from.kind === 'optional' ? from.of : from, to.of);
  }
  if (from.kind === 'number' && to.kind === 'number') {
    return from.unit === to.unit || (from.unit === 'Int' && to.unit === 'Float');
  }
  if (to.kind === 'string' || to.kind === 'secret')
    return ['string', 'enum', 'secret'].includes(from.kind);
  if (to.kind === 'folder') return from.kind === 'folder' || from.kind === 'string';
  if (from.kind === 'enum' && to.kind === 'enum') {
    return from.choices.every((choice) => to.choices.includes(choice));
  }
  if ((from.kind === 'list' || from.kind === 'range') && from.kind === to.kind) {
    return widens(from.of, to.of) || plainToFraction(from.of, to.of);
  }
  if (from.kind === 'record' && to.kind === 'record') {
    return (
      sameNames(Object.keys(from.fields), Object.keys(to.fields)) &&
      Object.entries(to.fields).every(([name, type]) =>
        widens(own(from.fields, name) ?? type, type),
      )
    );
  }
  if (from.kind === 'metrics' && to.kind === 'metrics') {
    return Object.entries(to.fields).every(([name, type]) => {
      const field = own(from.fields, name);
      return field !== undefined && widens(field, type);
    });
  }
  if (from.kind === 'description' && to.kind === 'description') return from.name === to.name;
  if (from.kind === 'artifact' && to.kind === 'artifact') {
    // an encoder stands for its features of the images that another parameter takes
    return from.name === to.name || (from.name === 'Encoder' && to.of !== undefined);
  }
  return from.kind === to.kind;
}

function plainToFraction(from: Type, to: Type): boolean {
  return (
    from.kind === 'number' &&
    to.kind === 'number' &&
    to.unit === 'Fraction' &&
    meetAsFraction(from.unit, to.unit)
  );
}

/** Is the plain number known, and from -1 to 1 wherever it is used? */
export function standsForFraction(term: Term, context: Context): boolean {
  if (isLater(term)) return true;
  const values = valuesOf(term, context);
  // what is `none` in spite of a test of it is not used
  const fits = (v: Json) => v === null || (typeof v === 'number' && v >= -1 && v <= 1);
  return values?.every(fits) ?? false;
}

/** Is its value known only where the `def` is called, or is it what a mistake left? */
function isLater(term: Term): boolean {
  return term.dims.includes(unknownDim);
}

/** Every value that the term takes, if all are known. */
export function valuesOf(term: Term, context: Context): readonly Json[] | undefined {
  const values: Json[] = [];
  for (const at of fewPointsOver(term.dims, context.axes, mostPoints)) {
    const value = evaluate(term, at, context.axes);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values.length === 0 ? undefined : values;
}

/** The first known value of the term that breaks the type's bounds, as text. */
function firstProblem(term: Term, type: Type, context: Context): string | undefined {
  if (!isBounded(type)) return undefined;
  for (const at of fewPointsOver(term.dims, context.axes, mostPoints)) {
    const value = evaluate(term, at, context.axes);
    const problem = value === undefined ? undefined : outOfBounds(value, type);
    if (problem === undefined) continue;
    const point = Object.entries(at).map(([axis, label]) => `${axis} = ${label}`);
    return point.length === 0 ? problem : `${problem} (${point.join(', ')})`;
  }
  return undefined;
}

/** Can a value of the type be out of bounds? */
function isBounded(type: Type): boolean {
  return ['number', 'enum', 'list', 'range', 'record', 'optional'].includes(type.kind);
}

/** What was found, with its value where it is short. */
function showFound(term: Term): string {
  const type = showType(term.type);
  if (term.kind !== 'literal' || term.value === null || typeof term.value === 'object') return type;
  return `${showValue(term.value, term.type)}, ${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}
