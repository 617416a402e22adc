import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import { changeTo, textAt } from '../../../base/fix.js';
import { own } from '../../../base/own.js';
import type { Span } from '../../../base/source.js';
import type { Expression } from '../../ast.js';
import type { Term } from '../../program.js';
import { isUnknown, literal, unknownDim } from '../../terms/terms.js';
import { unknownType } from '../../types/join-types.js';
import type { Type } from '../../types.js';
import type { Context } from '../context.js';

/** More labels than this are a slip of the pen. */
export const mostLabels = 100_000;

/** One value of an axis: its label, if it is written, and how to check it. */
export interface AxisEntry {
  readonly label: string | undefined;
  /** What readers see instead of the label. */
  readonly shown: string | undefined;
  readonly span: Span;
  /** All of it, where it is written in the axis. */
  readonly whole: Span | undefined;
  readonly expression: Expression | undefined;
  readonly check: (context: Context) => Term;
}

/** The values of a list, a record or an Int range, written or known by name. */
export function axisEntries(
  expression: Expression,
  context: Context,
): readonly AxisEntry[] | undefined {
  if (expression.kind === 'list') {
    return expression.items.map((item, i) => ({
      label: writtenLabel(item),
      shown: expression.shown[i]?.text,
      span: item.span,
      whole: item.span,
      expression: item,
      check: (inner) => inner.check(item, inner),
    }));
  }
  if (expression.kind === 'record') {
    return expression.entries.map((entry) => ({
      label: entry.key.text,
      shown: entry.shown?.text,
      span: entry.key.span,
      whole: entry.span,
      expression: entry.value,
      check: (inner) => inner.check(entry.value, inner),
    }));
  }
  const term = context.check(expression, context);
  return isUnknown(term) || term.dims.includes(unknownDim)
    ? undefined
    : entriesOfTerm(term, expression, context);
}

function entriesOfTerm(
  term: Term,
  expression: Expression,
  context: Context,
): readonly AxisEntry[] | undefined {
  const { span } = expression;
  const entry = (value: Term, label?: string, shown?: string): AxisEntry => ({
    label,
    shown,
    span: value.span,
    whole: undefined,
    expression: undefined,
    check: () => value,
  });
  if (term.kind === 'list')
    return term.items.map((item, i) => entry(item, undefined, term.shown?.[i]));
  if (term.kind === 'record') {
    return term.fields.map(({ name, value, shown }) => entry(value, name, shown));
  }
  if (term.kind === 'literal' && term.type.kind === 'list' && Array.isArray(term.value)) {
    const of = term.type.of;
    return (term.value as readonly Json[]).map((item) => entry(literal(item, of, span)));
  }
  if (term.kind === 'literal' && term.type.kind === 'record') {
    const types: Readonly<Record<string, Type>> = term.type.fields;
    const values = term.value as Readonly<Record<string, Json>>;
    return Object.entries(values).map(([name, value]) =>
      entry(literal(value, own(types, name) ?? unknownType, span), name),
    );
  }
  const ends = rangeEnds(term);
  if (!ends) {
    const data = ['number', 'string', 'bool', 'enum', 'description', 'artifact'];
    const fixes = data.includes(term.type.kind) ? [changeTo(span, `[${textAt(span)}]`)] : [];
    context.report(diagnose('axis-values', span, {}, { fixes }));
    return undefined;
  }
  const count = ends.high - ends.low + 1;
  if (count > mostLabels) {
    context.report(diagnose('axis-too-long', span, { count, most: mostLabels }));
    return undefined;
  }
  const type: Type = { kind: 'number', unit: 'Int' };
  return Array.from({ length: count }, (_, i) => entry(literal(ends.low + i, type, span)));
}

function rangeEnds(term: Term): { low: number; high: number } | undefined {
  if (term.type.kind !== 'range' || term.type.of.kind !== 'number' || term.type.of.unit !== 'Int')
    return undefined;
  const ends =
    term.kind === 'range' && term.low.kind === 'literal' && term.high.kind === 'literal'
      ? { low: term.low.value, high: term.high.value }
      : term.kind === 'literal'
        ? (term.value as { low: Json; high: Json })
        : undefined;
  if (!ends || typeof ends.low !== 'number' || typeof ends.high !== 'number') return undefined;
  return { low: ends.low, high: ends.high };
}

/** A bare name labels itself, a text is its own label. */
function writtenLabel(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name.text;
  return expression.kind === 'string' ? expression.value : undefined;
}
