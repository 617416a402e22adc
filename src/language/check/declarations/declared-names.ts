import { diagnose } from '../../../base/codes.js';
import type { Report } from '../../../base/diagnostic.js';
import { changeTo } from '../../../base/fix.js';
import type { Declaration, Module, Name } from '../../ast.js';
import { isUnknown, unknownDim } from '../../terms/terms.js';
import { removeUnused } from '../advice/remove-unused.js';
import type { DeclaredName, Meaning } from '../context.js';
import { preludeNames } from '../expressions/check-prelude.js';

/** The names of a file, each as first declared; says which are declared twice or reserved. */
export function declaredNames(
  module: Module,
  isModule: (whole: string) => boolean,
  report: Report,
): readonly DeclaredName[] {
  const symbols = module.declarations.flatMap(namesIn);
  const first = new Map<string, DeclaredName>();
  const kept: DeclaredName[] = [];
  for (const symbol of symbols) {
    const { text, span } = symbol.name;
    const before = first.get(text);
    if (isModule(pathOf(symbol))) {
      symbol.isModule = true;
    } else if (preludeNames.includes(text) && symbol.word !== 'broken') {
      const help = symbol.imported ? `import it \`as\` another name` : 'choose another name';
      const free = symbol.imported ? `${text} as ${text}_1` : `${text}_1`;
      report(
        diagnose('built-in-name', span, { name: text }, { help, fixes: [changeTo(span, free)] }),
      );
    } else if (before?.word === 'broken' || (before && symbol.word === 'broken')) {
      // what cannot be read may be meant otherwise
    } else if (before) {
      const related = [{ span: before.name.span, message: 'declared here first' }];
      const edit = removeUnused(module, span);
      const fixes = edit ? [{ title: `Remove this \`${text}\``, edits: [edit] }] : [];
      report(diagnose('duplicate-declaration', span, { name: text }, { related, fixes }));
    } else {
      first.set(text, symbol);
    }
    // one that cannot be used is not unused
    symbol.used = first.get(text) !== symbol;
    kept.push(symbol);
  }
  return kept;
}

/** `std.ssl.simclr` for a name that is taken from the library. */
function pathOf({ declaration, imported }: DeclaredName): string {
  if (declaration.kind !== 'import' || declaration.from.kind !== 'library') return '';
  return [...declaration.from.path, ...(imported ? [imported] : [])]
    .map(({ text }) => text)
    .join('.');
}

function namesIn(declaration: Declaration): readonly DeclaredName[] {
  const symbol = (name: Name, word: string, imported?: Name): DeclaredName => {
    return { name, word, declaration, imported, meaning: undefined, used: false };
  };
  switch (declaration.kind) {
    case 'import':
      return declaration.names.map(({ name, as }) => symbol(as ?? name, 'import', name));
    case 'stage':
      return [symbol(declaration.name, declaration.keyword)];
    case 'expect':
    case 'reference':
      return [];
    case 'broken':
      return declaration.name ? [symbol(declaration.name, 'broken')] : [];
    default:
      return [symbol(declaration.name, declaration.kind)];
  }
}

/** Words whose names are of no use unless something uses them; other declarations are results. */
const needsUse = ['import', 'param', 'let', 'axis', 'def', 'transform', 'dataset', 'parameter'];

/**
 * Warns of names that nothing uses; where something could not be read or is missing (`incomplete`),
 * it may use them.
 */
export function reportUnused(
  symbols: readonly DeclaredName[],
  module: Module,
  mistaken: boolean,
  incomplete: boolean,
  report: Report,
): void {
  if (incomplete || module.declarations.some((d) => d.kind === 'broken')) return;
  reportUnusedNames(symbols, module, mistaken, report);
}

/**
 * Warns of names that nothing uses. Behind a mistake not everything is looked at: there a name that
 * stands in the file a second time may be used.
 */
export function reportUnusedNames(
  symbols: readonly DeclaredName[],
  module: Module,
  mistaken: boolean,
  report: Report,
): void {
  const words = mistaken ? wordsOf(module.file.text) : new Map<string, number>();
  for (const { name, word, used, meaning, origin } of symbols) {
    // a param is taken to be set here: `--set` has its name
    if (origin?.word === 'param') continue;
    if (used || !meaning || failed(meaning, mistaken) || !needsUse.includes(word)) continue;
    if ((words.get(name.text) ?? 0) > 1) continue;
    const edit = removeUnused(module, name.span);
    const title = `Remove \`${name.text}\``;
    const fixes = edit && word !== 'parameter' ? [{ title, edits: [edit] }] : [];
    report(diagnose('unused', name.span, { name: name.text, word }, { fixes }));
  }
}

/** How often each word stands in a text, comments and texts aside. */
function wordsOf(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  const bare = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/.*/g, ' ');
  for (const [word] of bare.matchAll(/[A-Za-z_]\w*/g)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** Had its declaration a mistake? Then that was said. */
function failed(meaning: Meaning, mistaken: boolean): boolean {
  if (meaning.kind === 'axis') {
    const { labels, dims } = meaning.axis;
    return labels.length === 0 || (mistaken && dims.includes(unknownDim));
  }
  if (meaning.kind === 'unknown') return true;
  if (meaning.kind !== 'term' && meaning.kind !== 'stage') return false;
  return isUnknown(meaning.term) || (mistaken && meaning.term.dims.includes(unknownDim));
}
