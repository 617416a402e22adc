import { diagnose } from '../../../base/codes.js';
import type { Advice, Report } from '../../../base/diagnostic.js';
import { changeTo, remove } from '../../../base/fix.js';
import { nearest } from '../../../base/nearest.js';
import { cover } from '../../../base/source.js';
import type { ImportDeclaration, Module, Name } from '../../ast.js';
import type { Param } from '../../program.js';
import { addImport } from '../advice/add-import.js';
import { choose } from '../advice/choose.js';
import { removeUnused } from '../advice/remove-unused.js';
import type { DeclaredName, Meaning, Note } from '../context.js';

/** What another file offers. */
export interface Exports {
  readonly names: readonly string[];
  readonly meaning: (name: string) => Meaning | undefined;
  /** Where a name is declared. */
  readonly declared: (name: string) => DeclaredName | undefined;
  /** A param that can be set, once its meaning is known. */
  readonly param: (name: string) => Param | undefined;
}

/** The modules that can be imported. */
export interface Modules {
  /** Names of library modules: `std.ssl`. */
  readonly names: readonly string[];
  /** Opens a library module. */
  readonly find: (name: string) => Exports | undefined;
  /** The file that an import names; none where that has a mistake, which was said. */
  readonly file?: (declaration: ImportDeclaration) => Exports | undefined;
  /** The names whose declarations are being checked, outermost first: for cycles. */
  readonly open: DeclaredName[];
}

/** What an imported name means; says what is wrong with the import. */
export function importedMeaning(
  symbol: DeclaredName,
  declaration: ImportDeclaration,
  by: Module,
  modules: Modules,
  report: Report,
  note?: Note,
): Meaning {
  const { from } = declaration;
  const name = symbol.imported ?? symbol.name;
  if (from.kind === 'file') {
    const file = modules.file?.(declaration);
    return file ? takenFromFile(symbol, name, from.path, file, report, note) : { kind: 'unknown' };
  }
  const module = dotted(from.path);
  const found = modules.find(module);
  if (!found || declaration.star) {
    reportModule(name, from.path, declaration, by, modules, report);
    return { kind: 'unknown' };
  }
  const meaning = found.meaning(name.text);
  symbol.origin = found.declared(name.text);
  if (symbol.origin) note?.(name.span, { kind: 'name', symbol: symbol.origin });
  if (meaning) return meaning;
  const elsewhere = moduleOf(name.text, modules);
  const advice =
    elsewhere === undefined ? choose(name, found.names) : takeFrom(elsewhere, name, by, true);
  report(diagnose('unknown-import', name.span, { name: name.text, module }, advice));
  return { kind: 'unknown' };
}

/** Says that what stands before the last dot of an import is no module; once for each import. */
function reportModule(
  name: Name,
  path: readonly Name[],
  declaration: ImportDeclaration,
  by: Module,
  modules: Modules,
  report: Report,
): void {
  if (declaration.names[0]?.name !== name) return;
  const whole = dotted([...path, name]);
  const inside = modules.names.filter((module) => within(module, whole));
  const [first, last] = [path[0], path.at(-1)];
  if (inside.length > 0) {
    report(diagnose('import-whole-module', name.span, { module: whole }, taking(name, whole)));
    return;
  }
  if (declaration.star) {
    const span = cover(path[0]?.span ?? name.span, name.span);
    const named = modules.find(dotted(path))?.names.includes(name.text) === true;
    const advice = named
      ? {
          help: `\`${name.text}\` is what it takes: leave the \`.*\` out`,
          fixes: [remove(declaration.star)],
        }
      : choose({ text: whole, span }, modules.names);
    report(diagnose('unknown-module', span, { module: whole }, advice));
    return;
  }
  const span = first && last ? cover(first.span, last.span) : name.span;
  const module = first ? dotted(path) : name.text;
  const home = moduleOf(name.text, modules);
  const advice: Advice =
    home === undefined || declaration.names.length > 1
      ? choose({ text: module, span }, modules.names)
      : {
          help: `\`${home}\` has it: \`import ${home}.${name.text}\``,
          fixes: [changeTo(span, first ? home : `${home}.${name.text}`)],
        };
  report(diagnose('unknown-module', span, { module }, advice));

  /** What of a module or of those in it the file seems to want. */
  function taking(at: Name, from: string): Advice {
    const offered = inside.flatMap((module) =>
      (modules.find(module)?.names ?? []).map((taken) => ({ module, taken })),
    );
    const wanted = offered.filter(({ taken }) => standsElsewhere(taken, by, at));
    const [example = offered[0]] = wanted;
    const exact = inside.includes(from);
    const help = exact
      ? `name what to take: \`import ${from}.{${(wanted.length > 0 ? wanted : offered.slice(0, 3)).map(({ taken }) => taken).join(', ')}}\``
      : `name what to take from a module: \`import ${example?.module}.${example?.taken}\``;
    if (wanted.length === 0) return { help };
    if (exact) {
      const list = `.{${wanted.map(({ taken }) => taken).join(', ')}}`;
      const end = declaration.star ?? { ...at.span, start: at.span.end };
      return { help, fixes: [{ title: `Insert \`${list}\``, edits: [{ span: end, text: list }] }] };
    }
    const lines = inside.flatMap((module) => {
      const names = wanted.filter((w) => w.module === module).map(({ taken }) => taken);
      if (names.length === 0) return [];
      return [`import ${module}.${names.length === 1 ? names[0] : `{${names.join(', ')}}`}`];
    });
    const title = 'Import what the file uses';
    return {
      help,
      fixes: [{ title, edits: [{ span: declaration.span, text: lines.join('\n') }] }],
    };
  }
}

/** Does a word stand in a file beside one place? */
function standsElsewhere(word: string, { file }: Module, { span }: Name): boolean {
  const rest = `${file.text.slice(0, span.start)}\n${file.text.slice(span.end)}`;
  return new RegExp(`\\b${word}\\b`).test(rest.replaceAll(/\/\/.*|"[^"\n]*"/g, ''));
}

/** Is a module another one, or in it? */
export function within(module: string, whole: string): boolean {
  return module === whole || module.startsWith(`${whole}.`);
}

function dotted(path: readonly Name[]): string {
  return path.map((word) => word.text).join('.');
}

/**
 * Whether imports with a mistake seem to bring a name: those that take a whole module, and those
 * that misspell it. Then it is no further mistake that nothing declares it.
 */
export function broughtByMistake(by: Module, modules: Modules): (name: string) => boolean {
  const wholes: string[] = [];
  const meant = new Set<string>();
  for (const declaration of by.declarations) {
    if (declaration.kind !== 'import') continue;
    const { from, names } = declaration;
    const path = from.kind === 'library' ? dotted(from.path) : undefined;
    const found = path === undefined ? modules.file?.(declaration) : modules.find(path);
    for (const { name } of names) {
      if (!found && path !== undefined)
        wholes.push(path === '' ? name.text : `${path}.${name.text}`);
      if (!found || found.names.includes(name.text)) continue;
      const near = nearest(name.text, found.names);
      if (near !== undefined) meant.add(near);
    }
  }
  if (wholes.length === 0 && meant.size === 0) return () => false;
  return (name) => {
    const home = meant.has(name) ? undefined : moduleOf(name, modules);
    return meant.has(name) || (home !== undefined && wholes.some((whole) => within(home, whole)));
  };
}

/** What a file declares may be taken, but neither its reports nor what it imports itself. */
function takenFromFile(
  symbol: DeclaredName,
  name: Name,
  path: string,
  file: Exports,
  report: Report,
  note: Note | undefined,
): Meaning {
  const origin = file.declared(name.text);
  if (origin && file.names.includes(name.text)) {
    symbol.origin = origin;
    note?.(name.span, { kind: 'name', symbol: origin });
    return file.meaning(name.text) ?? { kind: 'unknown' };
  }
  const advice: Advice =
    origin?.word === 'report'
      ? { help: 'a report belongs to its own file' }
      : origin
        ? { help: 'it is imported there; import it from where it is declared' }
        : choose(name, file.names, 'it declares nothing to take');
  report(diagnose('unknown-import', name.span, { name: name.text, module: path }, advice));
  return { kind: 'unknown' };
}

/** Takes a name from the module that has it; `moved`: instead of the import where it stands. */
export function takeFrom(module: string, { text, span }: Name, by: Module, moved: boolean): Advice {
  const away = moved ? removeUnused(by, span) : undefined;
  const edits = [...(away ? [away] : []), addImport(by, module, text)];
  const help = `\`${module}\` has it: \`import ${module}.${text}\``;
  return { help, fixes: [{ title: `Import \`${text}\` from \`${module}\``, edits }] };
}

/** The first module of the library that declares a name. */
export function moduleOf(name: string, modules: Modules): string | undefined {
  return modules.names.find((from) => modules.find(from)?.names.includes(name));
}
