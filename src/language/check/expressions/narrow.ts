import type { Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Term } from '../../program.js';
import { unknownDim } from '../../terms/terms.js';
import type { Context, Present } from '../context.js';

/** The context behind a condition that holds, or does not. */
export function knowing(condition: Expression, holds: boolean, context: Context): Context {
  const found = presentWhen(condition, holds);
  if (found.length === 0) return context;
  const here = found.map((place) => [place, false] as const);
  return { ...context, present: new Map([...(context.present ?? []), ...here]) };
}

/** The context of the arguments of a stage, whose points are those where its `where` holds. */
export function knowingWhere(where: Expression | undefined, context: Context): Context {
  if (!where) return context;
  const inside = knowing(where, true, context);
  return inside === context ? context : { ...inside, outsideWhere: { present: context.present } };
}

/** The context of a stage call in the arguments of another stage: it has points that a `where` of that drops. */
export function outsideWhere({ outsideWhere: outside, ...context }: Context): Context {
  return outside ? { ...context, present: outside.present } : context;
}

/** The context of what a slice or a reduction looks at along an axis. */
export function elsewhere(context: Context): Context {
  const { present } = context;
  if (!present) return context;
  return { ...context, present: new Map([...present.keys()].map((place) => [place, true])) };
}

/** A value that is known not to be `none`, without the `?` of its type. */
export function narrowed(term: Term, expression: Expression, present: Present): Term {
  if (term.type.kind !== 'optional') return term;
  const place = placeOf(expression);
  const away = place === undefined ? undefined : present.get(place);
  if (away === undefined) return term;
  if (away && term.dims.some((dim) => dim !== unknownDim)) return term;
  return { ...term, type: term.type.of };
}

/** What is not `none` where a condition holds, or does not. */
function presentWhen(condition: Expression, holds: boolean): readonly string[] {
  if (condition.kind === 'unary' && condition.operator === 'not') {
    return presentWhen(condition.of, !holds);
  }
  if (condition.kind === 'is') {
    // It is told that `is` looks at labels; what was meant is known.
    const [label, ...more] = condition.labels;
    const isNone = label?.text === 'none' && more.length === 0;
    const place = isNone && condition.negated === holds ? placeOf(condition.of) : undefined;
    return place === undefined ? [] : [place];
  }
  if (condition.kind !== 'binary') return [];
  const { operator, left, right } = condition;
  switch (operator) {
    case '==':
    case '!=': {
      if ((operator === '!=') !== holds) return [];
      const tested = right.kind === 'none' ? left : left.kind === 'none' ? right : undefined;
      const place = tested && placeOf(tested);
      return place === undefined ? [] : [place];
    }
    case 'and':
    case 'or': {
      const first = presentWhen(left, holds);
      const second = presentWhen(right, holds);
      if ((operator === 'and') === holds) return [...first, ...second];
      // one side alone decides it, or the other does behind it
      const behind = [...presentWhen(left, !holds), ...second];
      return first.filter((place) => behind.includes(place));
    }
    default:
      return [];
  }
}

/** A value as it is written: a name, a field or a slice of one. */
function placeOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name.text;
    case 'member': {
      const of = placeOf(expression.of);
      return of === undefined ? undefined : `${of}.${expression.name.text}`;
    }
    case 'slice': {
      const of = placeOf(expression.of);
      const items = expression.items.map(({ span }) => foldedText(span));
      return of === undefined ? undefined : `${of}[${items.join(', ')}]`;
    }
    default:
      return undefined;
  }
}
