import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../base/diagnostic.js';
import type { Modules } from './check/module/imports.js';
import { type OpenModule, openModule } from './check/module/open-module.js';
import { parse } from './parse/parser.js';
import type { Extern } from './program.js';

/** A `def` of the library: its parameters and result as those of a value, under its full name, and its text. */
export interface LibraryDef extends Extern {
  /** From the word `def` on. */
  readonly text: string;
}

/** The standard library, or one with some modules replaced. */
export interface Library extends Modules {
  /** Every declared stage and value, by module, in the order of the declarations. */
  readonly externs: () => readonly Extern[];
  /** Every `def`, likewise. */
  readonly defs: () => readonly LibraryDef[];
  /** Mistakes in the modules that were opened. */
  readonly diagnostics: readonly Diagnostic[];
}

const folder = new URL('../../stdlib/', import.meta.url);
/** Where the texts are read and changed: of a build in a checkout (`builds/ID/`) the checkout's own. */
const shownFolder = /\/builds\/[^/]+\/stdlib\/$/.test(folder.pathname)
  ? new URL('../../../stdlib/', folder)
  : folder;
let texts: ReadonlyMap<string, string> | undefined;
let standard: Library | undefined;
const parsedModules = new Map<string, ReturnType<typeof parse>>();

/** The texts of `stdlib/*.ssp` by module name; read once. */
function standardTexts(): ReadonlyMap<string, string> {
  texts ??= new Map(
    readdirSync(fileURLToPath(folder))
      .filter((name) => name.endsWith('.ssp'))
      .sort()
      .map((name) => [
        `std.${name.slice(0, -'.ssp'.length)}`,
        readFileSync(new URL(name, folder), 'utf8'),
      ]),
  );
  return texts;
}

/** A module's tree; the same text is parsed once. */
function parseOnce(path: string, text: string): ReturnType<typeof parse> {
  const known = parsedModules.get(path);
  if (known?.module.file.text === text) return known;
  const parsed = parse({ path, text });
  parsedModules.set(path, parsed);
  return parsed;
}

/** The file of a module of the library: for editors. */
export function libraryFile(module: string): string | undefined {
  const name = module.startsWith('std.') ? module.slice('std.'.length) : undefined;
  if (name === undefined || !standardTexts().has(module)) return undefined;
  return join(fileURLToPath(shownFolder), `${name}.ssp`);
}

/** The module of the library that is in a file: `std.ssl`. */
export function libraryModule(path: string): string | undefined {
  const module = `std.${basename(path, '.ssp')}`;
  const here = join(dirname(path), '/') === join(fileURLToPath(shownFolder), '/');
  return here && standardTexts().has(module) ? module : undefined;
}

/** The library of this installation, parsed and checked once. */
export function standardLibrary(): Library {
  standard ??= libraryOf(standardTexts());
  return standard;
}

/** The standard library with other texts for some modules (`std.data` → text). */
export function libraryWith(replaced: ReadonlyMap<string, string>): Library {
  return libraryOf(new Map([...standardTexts(), ...replaced]));
}

/** Every stage and value that the standard library declares: for documentation and generation. */
export function loadLibrary(): readonly Extern[] {
  return standardLibrary().externs();
}

/** Every `def` of the standard library: for documentation. */
export function libraryDefs(): readonly LibraryDef[] {
  return standardLibrary().defs();
}

function libraryOf(modules: ReadonlyMap<string, string>): Library {
  const opened = new Map<string, OpenModule>();
  const diagnostics: Diagnostic[] = [];
  const names = [...modules.keys()];
  const library: Library = { names, find, open: [], externs, defs, diagnostics };

  function find(name: string): OpenModule | undefined {
    const known = opened.get(name);
    const text = modules.get(name);
    if (known || text === undefined) return known;
    const parsed = parseOnce(name, text);
    diagnostics.push(...parsed.diagnostics);
    const module = openModule(parsed.module, {
      library: name,
      setting: () => undefined,
      modules: library,
      report: (diagnostic) => diagnostics.push(diagnostic),
    });
    opened.set(name, module);
    return module;
  }

  function externs(): readonly Extern[] {
    return library.names.flatMap((module) =>
      (find(module)?.names ?? []).flatMap((name) => {
        const meaning = find(module)?.meaning(name);
        return meaning?.kind === 'extern' ? [meaning.extern] : [];
      }),
    );
  }

  function defs(): readonly LibraryDef[] {
    return library.names.flatMap((module) =>
      (find(module)?.names ?? []).flatMap((name) => {
        const meaning = find(module)?.meaning(name);
        const span = find(module)?.declared(name)?.declaration.span;
        if (meaning?.kind !== 'def' || !span) return [];
        const text = span.file.text.slice(span.start, span.end);
        return [{ ...meaning.def.signature, name: `${module}.${name}`, text }];
      }),
    );
  }

  return library;
}
