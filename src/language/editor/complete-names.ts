import { addImport } from '../check/advice/add-import.js';
import type { DeclaredName, Inner, Meaning } from '../check/context.js';
import { fieldsOf } from '../check/expressions/check-member.js';
import { preludeNames } from '../check/expressions/check-prelude.js';
import { widens } from '../check/expressions/coerce.js';
import { writeString } from '../lex/literals.js';
import type { Extern } from '../program.js';
import { shortName } from '../terms/call-labels.js';
import { signatureText } from '../terms/extern-text.js';
import { showType } from '../types/show-type.js';
import type { Type } from '../types.js';
import { callable } from './callable.js';
import type { Completion, CompletionKind } from './completion.js';
import { preludeDocs } from './prelude-docs.js';
import { code, describeTarget, joined } from './show.js';
import type { Snapshot } from './snapshot.js';

/** What may stand where a value is expected: names, built-ins, and what could be imported. */
export function nameCompletions(
  snapshot: Snapshot,
  expected: Type | undefined,
  own: string | undefined,
): readonly Completion[] {
  const declared = snapshot.open.symbols.flatMap((symbol) => {
    if (symbol.name.text === own || symbol.meaning?.kind === 'report') return [];
    return [ofSymbol(snapshot, symbol, expected)];
  });
  const prelude = preludeNames.flatMap((name): readonly Completion[] => {
    if (name === 'table' || name === 'pivot') return [];
    const known = preludeDocs[name];
    return [{ label: name, kind: 'function', detail: known?.signature, doc: known?.doc, rank: 30 }];
  });
  return [...constants(expected), ...declared, ...prelude, ...importable(snapshot, expected)];
}

function ofSymbol(
  snapshot: Snapshot,
  symbol: DeclaredName,
  expected: Type | undefined,
): Completion {
  const { meaning } = symbol;
  const type = meaning && typeOf(meaning);
  const called = callable(meaning);
  return {
    label: symbol.name.text,
    kind: kindOf(symbol, meaning),
    detail: called ? signatureText(called) : type && showType(type),
    doc: describeTarget(snapshot, { kind: 'name', symbol }),
    rank: 10 + (fits(type, expected) ? 0 : 10),
  };
}

function typeOf(meaning: Meaning): Type | undefined {
  switch (meaning.kind) {
    case 'term':
    case 'stage':
      return meaning.term.type;
    case 'axis':
      return meaning.axis.type;
    case 'extern':
    case 'def':
      return callable(meaning)?.result;
    default:
      return undefined;
  }
}

function kindOf(symbol: DeclaredName, meaning: Meaning | undefined): CompletionKind {
  if (meaning?.kind === 'extern') return meaning.extern.of === 'stage' ? 'stage' : 'value';
  if (meaning?.kind === 'axis') return 'axis';
  if (meaning?.kind === 'def') return 'function';
  return symbol.word === 'param' ? 'param' : 'variable';
}

function fits(type: Type | undefined, expected: Type | undefined): boolean {
  if (!type || !expected || type.kind === 'unknown' || expected.kind === 'unknown') return false;
  return widens(type, expected);
}

/** Values that are words or texts: `true`, `"small"`, `none`. */
function constants(expected: Type | undefined): readonly Completion[] {
  if (!expected) return [];
  if (expected.kind === 'optional') {
    return [...constants(expected.of), { label: 'none', kind: 'keyword', rank: 9 }];
  }
  if (expected.kind === 'bool') {
    return ['true', 'false'].map((label) => ({ label, kind: 'keyword', rank: 0 }));
  }
  return choiceCompletions(expected);
}

/** The texts of an enum, with their quotes. */
export function choiceCompletions(expected: Type | undefined): readonly Completion[] {
  if (expected?.kind === 'optional') return choiceCompletions(expected.of);
  if (expected?.kind !== 'enum') return [];
  return expected.choices.map((choice, rank) => {
    return { label: writeString(choice), kind: 'choice', rank };
  });
}

/** Stages and values of the standard library that are not imported yet. */
function importable(snapshot: Snapshot, expected: Type | undefined): readonly Completion[] {
  const taken = new Set(snapshot.open.symbols.map((symbol) => symbol.name.text));
  const { library } = snapshot;
  return library.names.flatMap((module) =>
    (library.find(module)?.names ?? []).flatMap((name): readonly Completion[] => {
      const meaning = taken.has(name) ? undefined : library.find(module)?.meaning(name);
      if (meaning?.kind !== 'extern') return [];
      const { extern } = meaning;
      const rank = fits(extern.result, expected) ? 25 : 50;
      return [
        {
          ...ofExtern(extern),
          detail: module,
          rank,
          edits: [addImport(snapshot.module, module, name)],
        },
      ];
    }),
  );
}

/** A stage or value as an entry of a list. */
export function ofExtern(extern: Extern): Completion {
  const doc = joined(code(signatureText(extern)), extern.doc);
  const kind = extern.of === 'stage' ? 'stage' : 'value';
  return { label: shortName(extern.name), kind, detail: signatureText(extern), doc, rank: 0 };
}

/** What may stand behind `.`. */
export function fieldCompletions(type: Type): readonly Completion[] {
  return Object.entries(fieldsOf(type)).map(([name, field], i) => {
    const rank = name === 'time' ? 99 : i;
    return { label: name, kind: 'field', detail: showType(field), rank };
  });
}

/** The stages that stand behind the name of another: `q.encoder`. */
export function innerCompletions(snapshot: Snapshot, inner: Inner): readonly Completion[] {
  return inner.names().flatMap((name): readonly Completion[] => {
    const found = inner.find(name);
    if (!found) return [];
    const { meaning, symbol } = found;
    const type = typeOf(meaning);
    const doc = symbol && describeTarget(snapshot, { kind: 'name', symbol });
    return [{ label: name, kind: 'stage', detail: type && showType(type), doc, rank: 50 }];
  });
}

/** Names of axes; with dimensions known, only those. */
export function axisCompletions(
  snapshot: Snapshot,
  dims: readonly string[] | undefined,
): readonly Completion[] {
  return snapshot.open.symbols.flatMap((symbol): readonly Completion[] => {
    const { meaning } = symbol;
    if (meaning?.kind !== 'axis') return [];
    if (dims && !dims.includes(meaning.axis.name)) return [];
    const doc = describeTarget(snapshot, { kind: 'name', symbol });
    const count = meaning.axis.labels.length;
    return [{ label: symbol.name.text, kind: 'axis', detail: `${count} labels`, doc, rank: 0 }];
  });
}
