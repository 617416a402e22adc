import { diagnose } from '../../base/codes.js';
import type { Report } from '../../base/diagnostic.js';
import { nearest } from '../../base/nearest.js';
import type { ImportDeclaration, Name } from '../ast.js';
import type { Param } from '../program.js';
import { choicesHelp } from './choices-help.js';
import type { Meaning } from './context.js';
import type { DeclaredName } from './declared-names.js';
import type { Note } from './occurrence.js';

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
  modules: Modules,
  report: Report,
  note?: Note,
): Meaning {
  const { from } = declaration;
  const name = symbol.imported ?? symbol.name;
  const first = declaration.names[0]?.name === symbol.imported;
  if (from.kind === 'file') {
    const file = modules.file?.(declaration);
    return file ? takenFromFile(symbol, name, from.path, file, report, note) : { kind: 'unknown' };
  }
  const module = from.path.map((word) => word.text).join('.');
  const found = modules.find(module);
  if (!found) {
    const whole = `${module}.${name.text}`;
    const span = from.path.at(-1)?.span ?? name.span;
    if (modules.names.includes(whole)) {
      const names = modules.find(whole)?.names ?? [];
      const help = `name what to take: \`import ${whole}.{${names.slice(0, 3).join(', ')}}\``;
      report(diagnose('import-whole-module', name.span, { module: whole }, { help }));
    } else if (first) {
      const help = choicesHelp(module, modules.names);
      report(diagnose('unknown-module', span, { module }, { help }));
    }
    return { kind: 'unknown' };
  }
  const meaning = found.meaning(name.text);
  symbol.origin = found.declared(name.text);
  if (symbol.origin) note?.(name.span, { kind: 'name', symbol: symbol.origin });
  if (meaning) return meaning;
  const elsewhere = moduleOf(name.text, modules);
  const help =
    elsewhere === undefined
      ? choicesHelp(name.text, found.names)
      : `\`${elsewhere}\` has it: \`import ${elsewhere}.${name.text}\``;
  report(diagnose('unknown-import', name.span, { name: name.text, module }, { help }));
  return { kind: 'unknown' };
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
  const help =
    origin?.word === 'report'
      ? 'a report belongs to its own file'
      : origin
        ? 'it is imported there; import it from where it is declared'
        : choicesHelp(name.text, file.names, 'it declares nothing to take');
  report(diagnose('unknown-import', name.span, { name: name.text, module: path }, { help }));
  return { kind: 'unknown' };
}

/** Help for a name that is not declared: where the library has it, or a near one. */
export function unknownNameHelp(
  name: string,
  declared: readonly string[],
  modules: Modules,
): string | undefined {
  const module = moduleOf(name, modules);
  if (module !== undefined) return `\`${module}\` has it: \`import ${module}.${name}\``;
  const near = nearest(name, declared);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const all = modules.names.flatMap((from) => modules.find(from)?.names ?? []);
  const far = nearest(name, all);
  const home = far === undefined ? undefined : moduleOf(far, modules);
  return home === undefined ? undefined : `did you mean \`${far}\` of \`${home}\`?`;
}

function moduleOf(name: string, modules: Modules): string | undefined {
  return modules.names.find((from) => modules.find(from)?.names.includes(name));
}
