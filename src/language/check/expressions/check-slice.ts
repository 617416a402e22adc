import { dirname, relative } from 'node:path';
import { diagnose } from '../../../base/codes.js';
import type { Advice, Fix } from '../../../base/diagnostic.js';
import { changeTo, remove, removeItem, textAt } from '../../../base/fix.js';
import { nearest } from '../../../base/nearest.js';
import type { Span } from '../../../base/source.js';
import type { Expression, Label, Name, SliceItem } from '../../ast.js';
import type { Term } from '../../program.js';
import { labelText } from '../../terms/label-text.js';
import { isUnknown, unknownDim, unknownTerm, withoutDims } from '../../terms/terms.js';
import { choose } from '../advice/choose.js';
import type { CheckedAxis, Context } from '../context.js';
import { matchLabel } from './match-label.js';
import { elsewhere } from './narrow.js';

type SliceExpression = Extract<Expression, { kind: 'slice' }>;

/** Checks `x[pairs: sp]` and `x[pairs: {sp, ap}]`. */
export function checkSlice(expression: SliceExpression, context: Context): Term {
  let term = context.check(expression.of, elsewhere(context));
  if (expression.items.length === 0) {
    const at = { ...expression.span, start: expression.of.span.end };
    context.report(diagnose('empty-slice', expression.span, {}, { fixes: [remove(at)] }));
    return unknownTerm(expression.span);
  }
  const { span } = expression;
  for (const item of expression.items) {
    const axis = axisOf(item.axis, term.dims, context, () => [itemAway(expression, item)]);
    if (axis && item.labels.length === 0) {
      const fixes = [itemAway(expression, item)];
      context.report(diagnose('empty-slice', item.span, {}, { fixes }));
    }
    const labels = axis ? checkLabels(item.labels, axis, context) : [];
    if (isUnknown(term)) continue;
    // the other axes of the slice have nothing to do with a mistake in this one
    if (!axis || labels.length === 0) {
      term = mistaken(term, span);
      continue;
    }
    const { set } = item;
    const dims = set ? term.dims : withoutDims(term.dims, [axis.name]);
    term = { kind: 'slice', of: term, axis: axis.name, labels, set, type: term.type, dims, span };
  }
  return term;
}

/** A slice of nobody knows what: of the value its type is left, and no value at any point. */
function mistaken(of: Term, span: Span): Term {
  const dims = [unknownDim];
  return { kind: 'slice', of, axis: unknownDim, labels: [], set: false, type: of.type, dims, span };
}

/** The labels of an axis that are written; reports those that it does not have. */
export function checkLabels(
  labels: readonly Label[],
  axis: CheckedAxis,
  context: Context,
): readonly string[] {
  const found: string[] = [];
  for (const label of labels) {
    const match = matchLabel(axis, label, context);
    const target = axis.labels.find((l) => l.label === match);
    if (target) context.note?.(label.span, { kind: 'label', axis, label: target });
    if (match === undefined) {
      const all = axis.labels.map((l) => l.label);
      const args = { label: label.text, axis: axis.name };
      const advice = labelAdvice(label, all);
      // after a mistake in its values its labels are guessed
      if (axis.labels.length > 0 && axis.type.kind !== 'unknown') {
        context.report(diagnose('unknown-label', label.span, args, advice));
      }
    } else if (found.includes(match)) {
      const fixes = [removeItem(label.span)];
      context.report(diagnose('duplicate-label', label.span, { label: match }, { fixes }));
    } else found.push(match);
  }
  return found;
}

/**
 * The axis that a slice, a reduction or a table names, where values vary over `dims`; reports one
 * that they do not vary over. Nothing is said where that may follow from another mistake.
 */
export function axisOf(
  name: Name,
  dims: readonly string[],
  context: Context,
  without: () => readonly Fix[] = () => [],
): CheckedAxis | undefined {
  const word = context.wordOf(name);
  const renamed = word === 'axis' ? undefined : renamedAdvice(name, dims, context);
  if (renamed && word !== undefined && noAxes.has(word)) {
    // what the name itself stands for may need what is checked here
    context.report(diagnose('unknown-axis', name.span, { name: name.text }, renamed));
    return undefined;
  }
  const meaning = context.lookup(name);
  if (meaning?.kind === 'unknown') return undefined;
  if (meaning?.kind !== 'axis') {
    const advice =
      renamed ??
      importAdvice(name, dims, context) ??
      choose(name, dims.filter(isKnownDim), 'this varies over no axis');
    const mistake = diagnose('unknown-axis', name.span, { name: name.text }, advice);
    if (meaning) context.report(mistake);
    else context.reportUnknown(name, context.report, mistake);
    return undefined;
  }
  const { axis } = meaning;
  if (dims.includes(axis.name) || dims.includes(unknownDim)) return axis;
  const varies = dims.length === 0 ? 'over no axis' : `over ${list(dims)}`;
  const related = [{ span: axis.span, message: 'the axis' }];
  const fixes = without();
  const args = { name: axis.name, varies };
  const help = namesakeHelp(axis, dims, context);
  context.report(diagnose('axis-not-here', name.span, args, { related, fixes, help }));
  return undefined;
}

/** Where what was meant is an axis of another file that has the name of one here. */
function namesakeHelp(
  axis: CheckedAxis,
  dims: readonly string[],
  context: Context,
): string | undefined {
  const other = dims
    .flatMap((dim) => context.axes.get(dim) ?? [])
    .find((of) => isElsewhere(of) && textAt(of.span) === textAt(axis.span));
  if (!other) return undefined;
  const own = textAt(other.span);
  const path = pathOfAxis(other, axis.span.file.path);
  return `\`${own}\` of \`${path}\` is another axis: \`import "${path}".{${own} as …}\` takes it`;
}

/** Words whose names never stand for an axis. */
const noAxes: ReadonlySet<string> = new Set([
  'let',
  'param',
  'def',
  'dataset',
  'transform',
  'train',
  'evaluate',
  'report',
]);

/** Advice for an axis that has another name in its own file. */
function renamedAdvice(name: Name, dims: readonly string[], context: Context): Advice | undefined {
  const axis = dims
    .map((dim) => context.axes.get(dim))
    .find((of) => of && !isElsewhere(of) && of.name !== name.text && textAt(of.span) === name.text);
  if (!axis) return undefined;
  const help = `it is imported as \`${axis.name}\`, which is its name here: write \`${axis.name}\``;
  return { help, fixes: [changeTo(name.span, axis.name)] };
}

/** Advice for an axis of another file: it is called there as here, and only has to be taken. */
function importAdvice(name: Name, dims: readonly string[], context: Context): Advice | undefined {
  const elsewhere = dims.flatMap((dim) => {
    const axis = isKnownDim(dim) ? context.axes.get(dim) : undefined;
    return axis && isElsewhere(axis) ? [{ axis, own: textAt(axis.span) }] : [];
  });
  const near =
    nearest(
      name.text,
      elsewhere.map(({ own }) => own),
    ) ?? name.text;
  const found = elsewhere.find(({ own }) => own === near);
  return found && { help: takeAxis(found.axis, name.span.file.path) };
}

/** Axes of other files that nobody took stand under the name of their file: `rounds/seed`. */
export function isElsewhere({ name }: CheckedAxis): boolean {
  return name.includes('/');
}

/** `` take `seed` from its file: `import "./rounds.ssp".{seed}` ``. */
export function takeAxis({ span }: CheckedAxis, from: string): string {
  const path = pathOfAxis({ span }, from);
  const own = textAt(span);
  return `\`${own}\` is an axis of another file: \`import "${path}".{${own}}\` takes it`;
}

/** How a file imports from that of an axis: `./rounds.ssp`. */
function pathOfAxis({ span }: Pick<CheckedAxis, 'span'>, from: string): string {
  const to = relative(dirname(from), span.file.path);
  return to.startsWith('.') ? to : `./${to}`;
}

/** The nearest label; for a bare number the one that has a unit. */
function labelAdvice(label: Label, all: readonly string[]): Advice {
  const units = all.filter(
    (l) => l.startsWith(label.text) && /^(?:%|[A-Za-z]+)$/.test(l.slice(label.text.length)),
  );
  const [only] = units;
  if (label.kind !== 'number' || only === undefined || units.length > 1) {
    return choose(label, all, '', labelText);
  }
  return { help: `did you mean \`${only}\`?`, fixes: [changeTo(label.span, only)] };
}

/** A slice without one of its items; without its brackets where there is no other. */
function itemAway({ of, items, span }: SliceExpression, item: SliceItem): Fix {
  return items.length > 1 ? removeItem(item.span) : remove({ ...span, start: of.span.end });
}

function isKnownDim(dim: string): boolean {
  return dim !== unknownDim;
}

/** Names in back-quotes with commas. */
export function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
