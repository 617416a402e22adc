import { diagnose } from '../base/codes.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { SourceFile } from '../base/source.js';
import type { Module } from './ast.js';
import { choicesHelp } from './check/choices-help.js';
import type { Note } from './check/occurrence.js';
import { type OpenModule, openModule } from './check/open-module.js';
import { orderStages } from './check/order-stages.js';
import { libraryWith, standardLibrary } from './library.js';
import { parse } from './parse/parser.js';
import type { Axis, Program } from './program.js';

/** Where texts come from. */
export interface Host {
  /** The text of a file, or undefined where there is none. */
  readText(path: string): string | undefined;
  /** Other texts for some modules of the standard library, by name (`std.data`). */
  readonly library?: ReadonlyMap<string, string>;
  /** A parser that remembers, for an editor. */
  readonly parse?: typeof parse;
}

export interface CompileOptions {
  /** Values of params, as texts: `--set epochs=800`. */
  readonly set?: Readonly<Record<string, string>>;
  /** Told what words stand for. */
  readonly note?: Note;
}

export interface Compiled {
  /** None when there is any error. */
  readonly program: Program | undefined;
  /** Errors and warnings, by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were read, the one asked for first. */
  readonly modules: readonly Module[];
  /** The file asked for, with its names; none when it could not be read. */
  readonly open: OpenModule | undefined;
}

/** Parses and checks a pipeline. Reports all mistakes at once and never throws for one. */
export function compile(host: Host, entry: string, options: CompileOptions = {}): Compiled {
  const text = host.readText(entry);
  const file: SourceFile = { path: entry, text: text ?? '' };
  if (text === undefined) {
    const diagnostics = [diagnose('file-not-found', { file, start: 0, end: 0 }, { path: entry })];
    return { program: undefined, diagnostics, modules: [], open: undefined };
  }
  const { module, diagnostics: syntax } = (host.parse ?? parse)(file);
  const found: Diagnostic[] = [...syntax];
  const library = host.library ? libraryWith(host.library) : standardLibrary();
  const settings = new Map(Object.entries(options.set ?? {}));
  const open = openModule(module, {
    library: undefined,
    settings,
    modules: library,
    report: (diagnostic) => found.push(diagnostic),
    note: options.note,
  });
  const checked = open.checkAll();
  found.push(...unknownSettings(module, settings));
  const diagnostics = inOrder([...found, ...library.diagnostics], entry);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { program: undefined, diagnostics, modules: [module], open };
  }
  const axes: readonly Axis[] = checked.axes.map(({ name, doc, labels, span }) => {
    return { name, doc, labels, span };
  });
  const { params, reports, expects, references } = checked;
  const stages = orderStages(checked.stages, axes);
  const program = { file, doc: module.doc, params, axes, stages, reports, expects, references };
  return { program, diagnostics, modules: [module], open };
}

/** Says which `--set` names are no params. */
function unknownSettings(
  module: Module,
  settings: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const declared = module.declarations.filter((d) => d.kind === 'param' || d.kind === 'broken');
  const names = declared.flatMap((d) => (d.name ? [d.name.text] : []));
  return [...settings].flatMap(([name, text]) => {
    if (names.includes(name)) return [];
    const file: SourceFile = { path: '--set', text: `${name}=${text}` };
    const help = choicesHelp(name, names, 'this file has no params');
    return [diagnose('unknown-setting', { file, start: 0, end: name.length }, { name }, { help })];
  });
}

/** The file asked for first, each file from top to bottom. */
function inOrder(diagnostics: readonly Diagnostic[], entry: string): readonly Diagnostic[] {
  const rank = (d: Diagnostic) => (d.span.file.path === entry ? '' : d.span.file.path);
  return diagnostics.toSorted(
    (a, b) => rank(a).localeCompare(rank(b)) || a.span.start - b.span.start,
  );
}
