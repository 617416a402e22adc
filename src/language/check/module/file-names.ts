import type { Report } from '../../../base/diagnostic.js';
import type { Module } from '../../ast.js';
import type { DeclaredName } from '../context.js';
import { declaredNames } from '../declarations/declared-names.js';
import { preludeNames } from '../expressions/check-prelude.js';
import { type Modules, within } from './imports.js';

/** The names that a file declares. */
export interface FileNames {
  /** All, in source order. */
  readonly symbols: readonly DeclaredName[];
  /** What a name of the file is looked up by. */
  readonly byName: ReadonlyMap<string, DeclaredName>;
  /** Built-in names that it declares: what their uses mean is unknown, since that is the mistake. */
  readonly misused: ReadonlySet<string>;
  /** Names of several things: which of them a use means is unknown. */
  readonly ambiguous: ReadonlySet<string>;
}

/** Finds the names of a file before anything is checked; says which cannot be declared. */
export function fileNames(module: Module, modules: Modules, report: Report): FileNames {
  const isModule = (whole: string) => modules.names.some((name) => within(name, whole));
  const symbols = declaredNames(module, isModule, report);
  const byName = new Map<string, DeclaredName>();
  const misused = new Set<string>();
  const ambiguous = new Set<string>();
  for (const symbol of symbols) {
    const { text } = symbol.name;
    if (preludeNames.includes(text)) {
      if (!symbol.isModule) misused.add(text);
      continue;
    }
    // where another declaration has the name of a module that is imported whole, it means that
    const before = byName.get(text);
    if (!before || before.isModule) byName.set(text, symbol);
    else if (!isSame(before, symbol)) ambiguous.add(text);
  }
  return { symbols, byName, misused, ambiguous };
}

/** Do two declarations of a name bring the same, or is one of them no other thing? */
function isSame(a: DeclaredName, b: DeclaredName): boolean {
  if (b.isModule || a.word === 'broken' || b.word === 'broken') return true;
  const [one, other] = [sourceOf(a), sourceOf(b)];
  return one !== undefined && one === other;
}

/** What an import takes, and from where. */
function sourceOf({ declaration, imported }: DeclaredName): string | undefined {
  if (declaration.kind !== 'import') return undefined;
  const { from } = declaration;
  const path = from.kind === 'library' ? from.path.map(({ text }) => text).join('.') : from.path;
  return `${from.kind} ${path} ${imported?.text}`;
}

/** What other files cannot take. */
const notTaken: readonly string[] = ['import', 'report'];

/** The names that other files can take. */
export function namesToTake({ symbols }: FileNames): readonly string[] {
  return symbols.flatMap(({ name, word }) => (notTaken.includes(word) ? [] : [name.text]));
}
