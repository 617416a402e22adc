import { counted } from '../../base/counted.js';
import type { CheckedAxis, DeclaredName, Target } from '../check/context.js';
import { termSize } from '../check/expressions/term-size.js';
import { foldedText } from '../lex/source-text.js';
import type { AxisLabel, Extern, ExternParam, Term } from '../program.js';
import { shortName, termText } from '../terms/call-labels.js';
import { defaultText, signatureText } from '../terms/extern-text.js';
import { showType } from '../types/show-type.js';
import { annotationDocs } from './annotations.js';
import { callable } from './callable.js';
import { preludeDocs } from './prelude-docs.js';
import { originOf, type Snapshot } from './snapshot.js';

/** Labels shown of a long axis. */
const mostLabels = 12;

/** Markdown that says what a word stands for. */
export function describeTarget(snapshot: Snapshot, target: Target): string {
  switch (target.kind) {
    case 'name':
      return describeSymbol(snapshot, target.symbol);
    case 'prelude': {
      const known = preludeDocs[target.name];
      return known ? joined(code(known.signature), known.doc) : '';
    }
    case 'kept': {
      const { axis } = target;
      return joined(code(`axis ${axis.name}: ${showType(axis.type)}`), axisText(axis), axis.doc);
    }
    case 'parameter':
      return describeParam(target.extern, target.param);
    case 'label': {
      const { axis, label } = target;
      const what = `A label of the axis \`${axis.name}\``;
      return joined(
        code(`${axis.name}: ${label.label}`),
        `${what}: ${inline(labelValue(axis, label))}`,
        shownText(label.shown),
      );
    }
    case 'choice':
      return `One of ${target.choices.map((choice) => inline(JSON.stringify(choice))).join(', ')}`;
    case 'field':
      return code(`${showType(target.of)}.${target.name}: ${showType(target.type)}`);
  }
}

function describeSymbol(snapshot: Snapshot, symbol: DeclaredName): string {
  const origin = originOf(symbol);
  const { meaning } = origin;
  const name = origin.name.text;
  const called = callable(meaning);
  const doc = called ? called.doc : docOf(origin);
  const from = origin === symbol ? undefined : whereFrom(origin);
  const head = () => {
    if (called) return `${meaning?.kind === 'def' ? 'def ' : ''}${signatureText(called)}`;
    switch (meaning?.kind) {
      case 'axis':
        return `axis ${name}: ${showType(meaning.axis.type)}`;
      case 'term':
      case 'stage':
        return `${origin.word} ${name}: ${showType(meaning.term.type)}${known(origin.word, meaning.term)}`;
      default:
        return `${origin.word === 'broken' ? '' : `${origin.word} `}${name}`;
    }
  };
  const facts = () => {
    if (meaning?.kind === 'axis') {
      return joined(axisText(meaning.axis), shownText(meaning.axis.shown));
    }
    if (meaning?.kind === 'stage' || meaning?.kind === 'term') {
      return variesText(snapshot, meaning.term.dims);
    }
    return meaning?.kind === 'extern' ? `A ${meaning.extern.of}${version(meaning.extern)}.` : '';
  };
  return joined(code(head()), facts(), doc, from);
}

/** A parameter of a `def` has its own documentation. */
function docOf({ declaration, word, name }: DeclaredName): string | undefined {
  if (word !== 'parameter' || declaration.kind !== 'def') return declaration.doc;
  return declaration.params.find((param) => param.name.text === name.text)?.doc;
}

function version(extern: Extern): string {
  return extern.version === 1 ? '' : `, version ${extern.version}`;
}

/** Values of more parts are not short. */
const mostShownParts = 60;

/** The value of a param or let, where it is short and known. */
function known(word: string, term: Term): string {
  if (term.kind !== 'literal' && term.kind !== 'describe' && term.kind !== 'range') return '';
  if (termSize(term) > mostShownParts) return '';
  const text = valueText(term);
  return text.length <= 60 && (word === 'param' || word === 'let') ? ` = ${text}` : '';
}

/** What a label stands for: a call as it is written, or a value. */
export function labelValue(axis: CheckedAxis, label: AxisLabel): string {
  const call = axis.calls[axis.labels.indexOf(label)];
  return call ? foldedText(call.span) : valueText(label.value);
}

function valueText(term: Term): string {
  return termText(term, () => undefined);
}

/** `3 labels: sp, ap, …`. */
function axisText(axis: CheckedAxis): string {
  const { labels } = axis;
  const shown = labels.slice(0, mostLabels).map((label) => inline(label.label));
  const more = labels.length > mostLabels ? ', …' : '';
  const count = counted(labels.length, 'label');
  return `${count}: ${shown.join(', ')}${more}`;
}

/** What readers of a report see, where it is not the name. */
const shownText = (shown: string | undefined): string =>
  shown === undefined ? '' : `Shown as "${shown}".`;

/** `varies over views (2) × seed (3)`. */
function variesText(snapshot: Snapshot, dims: readonly string[]): string {
  const parts = dims.flatMap((dim) => {
    const count = snapshot.open.context.axes.get(dim)?.labels.length;
    return count === undefined ? [] : [`\`${dim}\` (${count})`];
  });
  return parts.length === 0 ? '' : `Varies over ${parts.join(' × ')}.`;
}

/** Markdown about a parameter of a stage or value. */
function describeParam(extern: Extern, param: ExternParam): string {
  return joined(code(paramText(param)), param.doc, `A parameter of \`${shortName(extern.name)}\`.`);
}

/** `epochs: Int(1..) = 100`. */
export function paramText(param: ExternParam): string {
  const value = defaultText(param);
  return `${param.name}: ${showType(param.type)}${value === undefined ? '' : ` = ${value}`}`;
}

/** Markdown about an annotation. */
export function describeAnnotation(name: string): string {
  const known = Object.hasOwn(annotationDocs, name) ? annotationDocs[name] : undefined;
  return known ? joined(code(known.example), known.doc) : '';
}

function whereFrom(origin: DeclaredName): string {
  return `From \`${origin.name.span.file.path}\`.`;
}

export function code(text: string): string {
  return `\`\`\`ssp\n${text}\n\`\`\``;
}

/** Inline code, whatever is in it. */
function inline(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text}${fence}`;
}

export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.flatMap((part) => (part ? [part] : [])).join('\n\n');
}
