import type { Edit } from '../../base/diagnostic.js';
import type { Span } from '../../base/source.js';
import type { Module, RecordEntry } from '../ast.js';
import type { Target } from '../check/context.js';
import { preludeNames } from '../check/expressions/check-prelude.js';
import { writeString } from '../lex/literals.js';
import { declarationKeywords, operatorKeywords } from '../lex/tokens.js';
import { type Reference, references } from './navigate.js';
import { eachNode } from './node-path.js';
import { keepArguments, renameArgument } from './rename-argument.js';
import {
  declarationOf,
  identity,
  occurrenceAt,
  placeOfParameter,
  type Snapshot,
} from './snapshot.js';
import { spanKey } from './span-key.js';

/** A word that can be renamed. */
interface Renameable {
  readonly span: Span;
  readonly target: Target;
}

interface Refused {
  readonly refused: string;
}

/** What can be renamed at an offset, or why nothing can. */
export function renameable(snapshot: Snapshot, offset: number): Renameable | Refused {
  const occurrence = occurrenceAt(snapshot, offset);
  const target = occurrence?.targets[0];
  if (!occurrence || !target) return { refused: 'there is no name here' };
  const found = { span: occurrence.span, target };
  switch (target.kind) {
    case 'name':
      return found;
    case 'label': {
      const { label } = target.label;
      const name = namedBy(snapshot, target.label.span);
      if (name) return { refused: `the label \`${label}\` follows from the name \`${label}\`` };
      if (isWord(textAt(target.label.span))) return found;
      return { refused: `the label \`${label}\` follows from its value` };
    }
    case 'parameter': {
      if (target.extern.name.startsWith('def.')) return found;
      return { refused: `\`${target.param.name}\` is a parameter of \`${target.extern.name}\`` };
    }
    case 'prelude':
      return { refused: `\`${target.name}\` is built in` };
    case 'kept':
      return { refused: `\`${target.axis.name}\` is the axis that \`keep\` makes` };
    default:
      return { refused: 'only declared names and labels can be renamed' };
  }
}

/** Whether a label is that of a name in a list of values. */
function namedBy(snapshot: Snapshot, span: Span): boolean {
  const there = snapshot.occurrences.find((other) => spanKey(other.span) === spanKey(span));
  const name = there?.targets.some((target) => target.kind === 'name') ?? false;
  return name && formOf(snapshot.module, span) === 'plain';
}

/**
 * The edits that rename what stands at an offset, in all of the files; or why that cannot be. Short
 * forms keep their meaning: `{gain}` becomes `{gain: better}`. A name from the standard library gets
 * an `as` in this file.
 */
export function rename(
  snapshot: Snapshot,
  offset: number,
  to: string,
  files: readonly Snapshot[],
): readonly Edit[] | Refused {
  const found = renameable(snapshot, offset);
  if ('refused' in found) return found;
  const bad = badName(to, found.target.kind === 'label');
  if (bad !== undefined) return { refused: bad };
  const { target } = found;
  if (target.kind === 'label') {
    const taken = target.axis.labels.some(({ label }) => label === to);
    if (taken) return { refused: `axis \`${target.axis.name}\` already has the label \`${to}\`` };
    return relabel(references(files, target), to);
  }
  const place = placeOfTarget(target);
  if (!place) return { refused: 'only names can be renamed' };
  const editable = files.some(({ file }) => file.path === place.file.path);
  const uses = references(editable ? files : [snapshot], target);
  // the name in an import that has an `as` already
  if (!editable && uses.every(({ span }) => formOf(snapshot.module, span) === 'taken')) {
    return { refused: `\`${textAt(place)}\` is declared in ${place.file.path}` };
  }
  const collision = uses.find((use) => clashes(use.snapshot, place, to));
  if (collision) return { refused: `\`${to}\` is declared in ${collision.span.file.path} already` };
  const kept = editable ? files.flatMap((file) => keepArguments(file, place, to)) : [];
  return [...uses.flatMap((use) => renameUse(use, target, to, editable, files)), ...kept];
}

/** Where the name is declared that an import without `as` carries on. */
function placeOfTarget(target: Target): Span | undefined {
  if (target.kind === 'parameter') return placeOfParameter(target.param);
  return target.kind === 'name' ? declarationOf(target.symbol).name.span : undefined;
}

/** Is another thing called so where the one of `place` is seen? */
function clashes({ module, open }: Snapshot, place: Span, to: string): boolean {
  const defs = module.declarations.filter((d) => d.kind === 'def');
  const own = defs.find(({ span }) => {
    return span.file.path === place.file.path && span.start < place.start && place.end <= span.end;
  });
  // the names in other defs do not matter to one that is declared in a def
  const inner = own && spanKey(own.name.span) !== spanKey(place) ? [own] : defs;
  const names = [
    ...open.symbols.map(({ name }) => name),
    ...inner.flatMap(({ params, body }) => [...params, ...body].map(({ name }) => name)),
  ];
  return names.some(({ text, span }) => text === to && spanKey(span) !== spanKey(place));
}

function badName(to: string, label: boolean): string | undefined {
  if (!isWord(to)) return `\`${to}\` is no name: letters, digits and \`_\`, no digit first`;
  if (label) return to === 'else' ? '`else` cannot be a label here' : undefined;
  const keywords: readonly string[] = [...declarationKeywords, ...operatorKeywords];
  if (keywords.includes(to)) return `\`${to}\` is a keyword and cannot be a name`;
  return preludeNames.includes(to) ? `\`${to}\` is built in and cannot be declared` : undefined;
}

function renameUse(
  { span, snapshot, occurrence }: Reference,
  target: Target,
  to: string,
  editable: boolean,
  files: readonly Snapshot[],
): readonly Edit[] {
  const name = textAt(span);
  const form = formOf(snapshot.module, span);
  if (form === 'import') return [{ span, text: editable ? to : `${name} as ${to}` }];
  const wanted = identity(target);
  const same = occurrence.targets.find((other) => identity(other) === wanted);
  const what = same?.kind === 'parameter' ? 'parameter' : 'name';
  const argument = renameArgument(snapshot, span, to, what);
  if (argument) return argument;
  if (form === 'shorthand') {
    return [{ span, text: what === 'parameter' ? `${to}: ${name}` : `${name}: ${to}` }];
  }
  // a name that stands in a list of axis values is its own label
  const labels = occurrence.targets.filter((target) => target.kind === 'label');
  const own = labels.filter(({ label }) => label.span.start === span.start);
  const followers = own.flatMap((target) =>
    references(files, target).filter((use) => use.span.start !== span.start),
  );
  return [{ span, text: to }, ...relabel(followers, to)];
}

function relabel(uses: readonly Reference[], to: string): readonly Edit[] {
  return uses.map(({ span, snapshot }) => {
    const text = textAt(span);
    const form = formOf(snapshot.module, span);
    if (form === 'shorthand') return { span, text: `${to}: ${text}` };
    return { span, text: text.startsWith('"') ? writeString(to) : to };
  });
}

/**
 * How a name stands: alone; for itself twice (`{gain}`, `epochs` among named arguments); in an import
 * that carries it on, or in one that takes it under another name.
 */
function formOf(module: Module, span: Span): 'plain' | 'shorthand' | 'import' | 'taken' {
  const declaration = module.declarations.find(
    (d) => d.span.start <= span.start && span.end <= d.span.end,
  );
  if (declaration?.kind === 'import') {
    const entry = declaration.names.find(({ name }) => name.span.start === span.start);
    return entry ? (entry.as ? 'taken' : 'import') : 'plain';
  }
  let shorthand = false;
  eachNode(declaration, (node) => {
    if (!('shorthand' in node) || node.span.start !== span.start) return;
    const { shorthand: short } = node as unknown as Pick<RecordEntry, 'shorthand'>; // it has one
    if (short && node.span.end === span.end) shorthand = true;
  });
  return shorthand ? 'shorthand' : 'plain';
}

function textAt({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}

const isWord = (text: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
