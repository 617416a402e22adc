import type { Exports } from '../check/module/imports.js';
import { writeString } from '../lex/literals.js';
import { Dot, LBrace, StringToken } from '../lex/tokens.js';
import type { FolderNames } from './complete-files.js';
import { ofExtern } from './complete-names.js';
import type { Completion } from './completion.js';
import type { Cursor } from './cursor.js';
import { describeTarget } from './show.js';
import type { Snapshot } from './snapshot.js';

/** What an editor finds beside a file: for completing imports. */
export interface Surroundings {
  /** Paths that an import may name: `./views.ssp`. */
  readonly files: () => readonly string[];
  /** What lies in a folder beside the file. */
  readonly namesIn: FolderNames;
  /** What a file that an import names declares. */
  readonly exports: (path: string) => Exports | undefined;
}

/** Paths and names in an `import`. */
export function importCompletions(
  snapshot: Snapshot,
  cursor: Cursor,
  around: Surroundings,
): readonly Completion[] {
  const { tokens, head } = cursor;
  const words = tokens.slice((head ? tokens.indexOf(head) : -1) + 1);
  const brace = words.findIndex((token) => token.tokenType === LBrace);
  const path = brace < 0 ? words : words.slice(0, brace - 1);
  const text = path.find((token) => token.tokenType === StringToken);
  const taken = new Set(brace < 0 ? [] : words.slice(brace).map((token) => token.image));
  const exports = (found: Exports | undefined) =>
    (found?.names ?? []).flatMap((name) =>
      taken.has(name) ? [] : [ofExport(snapshot, found, name)],
    );
  if (text) {
    const complete = brace >= 0 || words.at(-1)?.tokenType === Dot;
    const name = JSON.parse(safe(text.image)) as string; // the literal of a text
    return complete ? exports(around.exports(name)) : [];
  }
  const module = path
    .filter((token) => token.tokenType !== Dot)
    .map((token) => token.image)
    .join('.');
  const names = exports(snapshot.library.find(module));
  if (brace >= 0 || names.length > 0) return names;
  return snapshot.library.names.flatMap((name): readonly Completion[] => {
    const prefix = module === '' ? '' : `${module}.`;
    if (!name.startsWith(prefix)) return [];
    const [next = ''] = name.slice(prefix.length).split('.');
    return [{ label: module === '' ? name : next, kind: 'module', rank: 0 }];
  });
}

function safe(image: string): string {
  try {
    return JSON.stringify(JSON.parse(image));
  } catch {
    return '""';
  }
}

function ofExport(snapshot: Snapshot, found: Exports | undefined, name: string): Completion {
  const meaning = found?.meaning(name);
  if (meaning?.kind === 'extern') return ofExtern(meaning.extern);
  const symbol = found?.declared(name);
  const doc = symbol && describeTarget(snapshot, { kind: 'name', symbol });
  return { label: name, kind: 'variable', detail: symbol?.word, doc, rank: 0 };
}

/** Paths in the quotes of an `import`. */
export function pathCompletions(around: Surroundings): readonly Completion[] {
  return around.files().map((path, rank) => ({ label: writeString(path), kind: 'file', rank }));
}
