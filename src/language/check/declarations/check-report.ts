import { diagnose } from '../../../base/codes.js';
import type { Advice, Fix } from '../../../base/diagnostic.js';
import { changeTo, textAt } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { Argument, Expression, ReportDeclaration } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Field, Report, Term } from '../../program.js';
import { dimsOf, isUnknown, unknownDim, unknownTerm } from '../../terms/terms.js';
import { intervalIn, isSecret, numberIn, unknownType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import { secretHelp } from '../advice/type-advice.js';
import type { Context } from '../context.js';
import { axisNames } from '../expressions/axis-names.js';
import { axisOf, isElsewhere, list, takeAxis } from '../expressions/check-slice.js';
import { distinctEntries } from '../expressions/distinct-entries.js';
import { writtenAs } from '../expressions/place-arguments.js';
import { reportRepeatedNames } from './display-names.js';

type Places = Readonly<Record<'rows' | 'columns' | 'over', readonly string[]>>;

interface Value extends Field {
  readonly at: Expression;
  /** Of all values of the report. */
  readonly all: Span;
}

/** Checks `report r = table({…}, rows: method, columns: on, over: seed)` or `pivot(…)`. */
export function checkReport(declaration: ReportDeclaration, context: Context): Report | undefined {
  const { value: call, doc, name } = declaration;
  const callee = call.kind === 'call' && call.callee.kind === 'name' ? call.callee : undefined;
  const kind = callee?.name.text;
  if (call.kind !== 'call' || (kind !== 'table' && kind !== 'pivot')) {
    const term = context.check(call, context);
    if (!isUnknown(term)) {
      const fixes = [changeTo(call.span, `table(${textAt(call.span)})`)];
      context.report(diagnose('report-form', call.span, {}, { fixes }));
    }
    return undefined;
  }
  const [first, ...rest] = call.args;
  if (!first || first.name) {
    context.report(
      diagnose('built-in-arguments', call.span, { name: kind, expected: 'values first' }),
    );
    return undefined;
  }
  const values = reportValues(first.value, context);
  if (kind === 'pivot' && values.length > 1) {
    const fixes = callee ? [changeTo(callee.span, 'table')] : [];
    const args = { count: values.length };
    context.report(diagnose('pivot-values', first.value.span, args, { fixes }));
  }
  const named = values.map(({ name: column, shown, at }) => ({
    name: column,
    shown,
    span: at.span,
  }));
  reportRepeatedNames('columns', named, context);
  const places = reportPlaces(
    rest,
    kind,
    values.map((v) => v.value),
    context,
  );
  // which axis a mistaken name was meant to be is unknown, and so is what stands in a mistaken place
  const placed = Object.values(places).flat();
  const misplaced = rest.some(({ name: place }) => place && !isPlace(place.text));
  if (!misplaced && !placed.includes(unknownDim)) {
    for (const value of values) checkRemaining(value, places, rest, context);
  }
  return {
    name: name.text,
    shown: declaration.shown?.text,
    kind,
    values: values.map(({ name: label, value, shown }) => ({ name: label, value, shown })),
    ...places,
    doc,
    span: name.span,
  };
}

/** A record's entries, one value, or all metrics of an evaluation. */
function reportValues(expression: Expression, context: Context): readonly Value[] {
  const all = expression.span;
  if (expression.kind === 'record') {
    return distinctEntries(expression.entries, context).flatMap(({ key, shown, value: at }) =>
      columnsOf(
        context.check(at, context),
        [{ name: key.text, shown: shown?.text }],
        { at, all },
        context,
      ),
    );
  }
  if (expression.kind === 'list') return listedValues(expression, context);
  const value = context.check(expression, context);
  // a record is columns wherever it comes from; all else alone is a column of its own name
  const { kind } = value.type;
  const parts = kind === 'metrics' || (kind === 'record' && !intervalIn(value.type));
  const path = parts ? [] : [{ name: nameOfValue(expression) }];
  return columnsOf(value, path, { at: expression, all }, context);
}

/** A list is no columns: its values have no names. They need not be of one type, as those of other lists. */
function listedValues(
  listed: Extract<Expression, { kind: 'list' }>,
  context: Context,
): readonly Value[] {
  const { span } = listed;
  const items = listed.items.map((item) => context.check(item, context));
  if (!items.some(isUnknown)) {
    const advice = valueAdvice(listed, unknownType);
    context.report(diagnose('report-value', span, { found: 'a list' }, advice));
  }
  return [{ name: foldedText(span), value: unknownTerm(span), at: listed, all: span }];
}

/** The columns of a value: one for a number or an interval, one for each field of anything else. */
function columnsOf(
  value: Term,
  path: readonly Part[],
  place: Pick<Value, 'at' | 'all'>,
  context: Context,
): readonly Value[] {
  const { type, dims, span } = value;
  if (isUnknown(value) || numberIn(type) || intervalIn(type) || isLabel(value)) {
    return [{ ...joinedName(path), value, ...place }];
  }
  if (type.kind !== 'metrics' && type.kind !== 'record') {
    const advice = valueAdvice(place.at, type);
    context.report(diagnose('report-value', place.at.span, { found: showType(type) }, advice));
    // which axes what was meant varies over is unknown
    return [{ ...joinedName(path), value: unknownTerm(place.at.span), ...place }];
  }
  const own = value.kind === 'record' ? value.fields : [];
  return Object.entries(type.fields).flatMap(([name, of]) => {
    const known = own.find((field) => field.name === name);
    const field: Term = known?.value ?? { kind: 'member', of: value, name, type: of, dims, span };
    const inner = [...path, { name, shown: known?.shown }];
    // what a metric may be was said where it is declared
    if (type.kind === 'metrics') return { ...joinedName(inner), value: field, ...place };
    return columnsOf(field, inner, place, context);
  });
}

/** One step from a report's values to a column. */
type Part = Pick<Field, 'name' | 'shown'>;

const joinedName = (path: readonly Part[]): Part => ({
  name: path.map(({ name }) => name).join('.'),
  shown: path.some(({ shown }) => shown !== undefined)
    ? path.map(({ name, shown }) => shown ?? name).join(', ')
    : undefined,
});

/** Is it a label that is chosen by results? */
function isLabel(term: Term): boolean {
  return term.kind === 'slice'
    ? isLabel(term.of)
    : term.kind === 'reduce' && term.type.kind === 'string';
}

/** Several values are a record, which names them. */
function valueAdvice(at: Expression, type: Type): Advice {
  if (isSecret(type)) return { help: secretHelp };
  if (type.kind === 'artifact') {
    return {
      help: 'evaluate it, as with `linear_probe(…)`, and show a metric or the `time` of that',
    };
  }
  if (at.kind !== 'list') return {};
  const text = `{${at.items.map((item) => foldedText(item.span)).join(', ')}}`;
  const metrics = at.items.map(nameOfValue);
  const names = areDistinct(metrics) ? metrics : at.items.map(ownerOfValue);
  const entries = at.items.map((item, i) => `${names[i]}: ${textAt(item.span)}`);
  const plain = areDistinct(names) && entries.every((entry) => /^[A-Za-z_]\w*: /.test(entry));
  return {
    help: `several values are a record, which names each: \`${plain ? `{${entries.join(', ')}}` : text}\``,
    fixes: plain ? [changeTo(at.span, `{${entries.join(', ')}}`)] : [],
  };
}

/** A value alone is called after its metric or its name. */
function nameOfValue(expression: Expression): string {
  if (expression.kind === 'name') return expression.name.text;
  if (expression.kind === 'member') return expression.name.text;
  return expression.kind === 'slice' ? nameOfValue(expression.of) : foldedText(expression.span);
}

/** One of several values of one metric is called after the evaluation: `linear` of `linear.top1`. */
function ownerOfValue(expression: Expression): string {
  if (expression.kind === 'slice') return ownerOfValue(expression.of);
  return nameOfValue(expression.kind === 'member' ? expression.of : expression);
}

const areDistinct = (names: readonly string[]) => new Set(names).size === names.length;

function reportPlaces(
  args: readonly Argument[],
  callee: string,
  values: readonly Term[],
  context: Context,
): Places {
  const places: Record<keyof Places, readonly string[]> = { rows: [], columns: [], over: [] };
  const dims = dimsOf(values);
  for (const argument of args) {
    const { name: word, bare } = writtenAs(argument);
    // an axis that is called `rows` may stand for itself
    const place = bare && word !== undefined && !isPlace(word) ? argument.name?.text : word;
    if (place === undefined || !isPlace(place)) {
      if (place === undefined) {
        const args = {
          name: callee,
          expected: 'one value or record, then `rows:`, `columns:`, `over:`',
        };
        context.report(diagnose('built-in-arguments', argument.span, args));
      } else {
        const name = argument.name ?? { text: place, span: argument.span };
        const advice = choose(name, Object.keys(places));
        const args = { name: place, callee };
        context.report(diagnose('unknown-parameter', name.span, args, advice));
      }
      continue;
    }
    const named = axisNames(argument.value, context);
    const axes: string[] = named ? [] : [unknownDim];
    for (const name of named ?? []) {
      if (Object.values(places).flat().includes(name.text)) {
        context.report(diagnose('duplicate-label', name.span, { label: name.text }));
        continue;
      }
      const axis = axisOf(name, dims, context);
      axes.push(axis?.name ?? unknownDim);
    }
    places[place] = axes;
  }
  return places;
}

function isPlace(name: string): name is keyof Places {
  return name === 'rows' || name === 'columns' || name === 'over';
}

/** Every axis that a value still has must be somewhere in the table. */
function checkRemaining(
  value: Value,
  places: Places,
  args: readonly Argument[],
  context: Context,
): void {
  const placed = [...places.rows, ...places.columns, ...places.over];
  const { dims } = value.value;
  if (dims.includes(unknownDim)) return;
  const one = intervalIn(value.value.type) ? 'an interval' : isLabel(value.value) && 'a label';
  const mixed = one ? dims.filter((d) => places.over.includes(d)) : [];
  if (mixed.length > 0) {
    const found = `${one} for each ${list(mixed)}, of which there is no mean`;
    const help = `let it reduce over ${list(mixed)} itself, or put ${list(mixed)} in \`rows:\` or \`columns:\``;
    context.report(diagnose('report-value', value.at.span, { found }, { help }));
    return;
  }
  const rest = dims.filter((dim) => !placed.includes(dim));
  if (rest.length === 0) return;
  const help = `put ${rest.length === 1 ? 'it' : 'them'} in \`rows:\`, \`columns:\` or \`over:\`, or fix ${rest.length === 1 ? 'it' : 'them'} with a slice`;
  const far = rest.flatMap((dim) => {
    const axis = context.axes.get(dim);
    return axis && isElsewhere(axis) ? [takeAxis(axis, value.at.span.file.path)] : [];
  });
  const everywhere = ['over', 'rows', 'columns'] as const;
  // what another file calls an axis cannot be written here
  const fixes = far.length > 0 ? [] : everywhere.map((place) => placing(place, rest, args, value));
  context.report(
    diagnose(
      'axis-remains',
      value.at.span,
      { name: value.name, axes: list(rest) },
      { help: [...far, help].join('; '), fixes },
    ),
  );
}

/** Puts axes in a place of a table. */
function placing(
  place: keyof Places,
  axes: readonly string[],
  args: readonly Argument[],
  { all }: Value,
): Fix {
  const known = args.find((argument) => argument.name?.text === place)?.value;
  const words = known?.kind === 'list' ? known.items : known ? [known] : [];
  const names = [...words.map((word) => textAt(word.span)), ...axes];
  const text = names.length === 1 ? names.join() : `[${names.join(', ')}]`;
  const end = args.at(-1)?.span ?? all;
  const edit = known
    ? { span: known.span, text }
    : { span: { ...end, start: end.end }, text: `, ${place}: ${text}` };
  return { title: `Put ${list(axes)} in \`${place}:\``, edits: [edit] };
}
