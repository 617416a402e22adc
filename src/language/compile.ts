import { diagnose } from '../base/codes.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { invariant } from '../base/errors.js';
import type { SourceFile } from '../base/source.js';
import type { StrayByte } from '../base/utf8.js';
import type { Module } from './ast.js';
import { choose } from './check/advice/choose.js';
import type { CheckedAxis, Note } from './check/context.js';
import { stageTable } from './check/expressions/stage-table.js';
import { type OpenModule, openModule } from './check/module/open-module.js';
import { chosenOnTest } from './check/program/chosen-on-test.js';
import { idleDisplayNames } from './check/program/display-names.js';
import { droppedPoints } from './check/program/dropped-points.js';
import { missingFiles } from './check/program/missing-files.js';
import { oncePerCause } from './check/program/once-per-cause.js';
import { orderStages } from './check/program/order-stages.js';
import type { Host } from './host.js';
import { type Library, libraryWith, standardLibrary } from './library.js';
import { type LoadedFile, loadFiles } from './load-files.js';
import { ownFiles } from './own-files.js';
import { parse } from './parse/parser.js';
import type { Axis, Program } from './program.js';

export type { Host } from './host.js';

export interface CompileOptions {
  /** Values of params, as texts: `--set epochs=800`. */
  readonly set?: Readonly<Record<string, string>>;
  /** Files that stages read need not be there: results on hand are shown without them. */
  readonly withoutData?: boolean;
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
    const diagnostics = [
      diagnose('file-not-found', { file, start: 0, end: 0 }, { what: 'file', path: entry }),
    ];
    return { program: undefined, diagnostics, modules: [], open: undefined };
  }
  const { module, diagnostics: syntax } = (host.parse ?? parse)(file);
  const found: Diagnostic[] = [...syntax];
  const library = host.library ? libraryWith(host.library) : standardLibrary();
  const report = (diagnostic: Diagnostic) => found.push(diagnostic);
  const files = loadFiles(module, host, report);
  const modules = files.map((loaded) => loaded.module);
  const foreign = modules.flatMap((read) => notUtf8(read.file, host));
  const set = options.set ?? {};
  const open = openFiles(host, files, set, library, report, options.note);
  const checked = open.checkAll();
  found.push(...unknownSettings(open, set));
  const named = new Map(checked.axes.map((axis) => [axis.name, axis]));
  if (host.kindOf && !options.withoutData) {
    found.push(...missingFiles(checked.stages.values(), named, host.kindOf));
  }
  if (!found.some(({ severity }) => severity === 'error')) {
    found.push(...droppedPoints(checked, named), ...chosenOnTest(checked, named));
  }
  const diagnostics = oncePerCause(
    [...withoutForeign(found, foreign), ...idleDisplayNames(modules), ...library.diagnostics],
    entry,
    modules,
  );
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { program: undefined, diagnostics, modules, open };
  }
  const axes: readonly Axis[] = checked.axes.map(({ name, shown, doc, labels, span }) => {
    return { name, shown, doc, labels, span };
  });
  const { params, reports, expects, references } = checked;
  const stages = orderStages(checked.stages, axes);
  const program = { file, doc: module.doc, params, axes, stages, reports, expects, references };
  return { program, diagnostics, modules, open };
}

/** Says where a file is in another encoding. */
export function notUtf8(file: SourceFile, host: Host): readonly Diagnostic[] {
  const utf16 = utf16In(file);
  const stray =
    utf16?.stray ?? (file.text.includes('\ufffd') ? host.strayByte?.(file.path) : undefined);
  if (!stray) return [];
  const { offset } = stray;
  const byte = stray.byte.toString(16).toUpperCase().padStart(2, '0');
  const [from, name] = utf16 ? [utf16.name.toLowerCase(), utf16.name] : ['latin1', 'Latin 1'];
  const help = `save it as UTF-8: \`iconv -f ${from} -t utf-8\` makes it of ${name}`;
  return [diagnose('not-utf8', { file, start: offset, end: offset + 1 }, { byte }, { help })];
}

/** UTF-16, whose every other byte is 0 in English: with the mark at its beginning, or without. */
function utf16In({
  text,
}: SourceFile): { readonly name: string; readonly stray: StrayByte } | undefined {
  const found = /^(\ufffd\ufffd)?(?:(?:[^\0]\0){2}|((?:\0[^\0]){2}))/.exec(text);
  if (!found) return undefined;
  const [, mark, big] = found;
  const isBig = big !== undefined;
  if (mark !== undefined)
    return { name: 'UTF-16', stray: { byte: isBig ? 0xfe : 0xff, offset: 0 } };
  return { name: isBig ? 'UTF-16BE' : 'UTF-16LE', stray: { byte: 0, offset: isBig ? 0 : 1 } };
}

/** Each foreign encoding once: that its characters begin no token is the same mistake. */
function withoutForeign(
  found: readonly Diagnostic[],
  foreign: readonly Diagnostic[],
): readonly Diagnostic[] {
  const files = new Set(foreign.map(({ span }) => span.file));
  const same = ({ code, span }: Diagnostic) =>
    files.has(span.file) &&
    (utf16In(span.file) !== undefined ||
      (code === 'unexpected-character' && span.file.text[span.start] === '\ufffd'));
  return [...found.filter((diagnostic) => !same(diagnostic)), ...foreign];
}

/** Opens the files of a pipeline; gives the first. */
function openFiles(
  host: Host,
  files: readonly LoadedFile[],
  set: Readonly<Record<string, string>>,
  library: Library,
  report: (diagnostic: Diagnostic) => void,
  note: Note | undefined,
): OpenModule {
  const axes = new Map<string, CheckedAxis>();
  const table = stageTable();
  const expansions = { calls: 0, depth: 0 };
  const [entry] = files;
  const opened = new Map<LoadedFile, OpenModule>();
  const open = (file: LoadedFile): OpenModule => {
    const known = opened.get(file);
    if (known) return known;
    const first = file === entry;
    const taken = first ? undefined : namesTaken(entry, file);
    const module = openModule(file.module, {
      library: undefined,
      setting: (own) => {
        const name = taken ? taken.get(own) : own;
        return name === undefined ? undefined : { name, text: textOf(set, name) };
      },
      modules: {
        names: library.names,
        find: library.find,
        open: library.open,
        file: (declaration) => {
          const found = file.imports.get(declaration);
          return found && open(found);
        },
      },
      files: ownFiles(host, file.module.file.path, file.root),
      shared: {
        axes,
        table,
        expansions,
        nameOf: (own) => (taken ? (taken.get(own) ?? `${file.name}/${own}`) : own),
        first,
      },
      report,
      note,
    });
    opened.set(file, module);
    return module;
  };
  invariant(entry, 'the file asked for is loaded');
  return open(entry);
}

/** What the first file calls the things that it imports from another: own name → name there. */
function namesTaken(entry: LoadedFile | undefined, from: LoadedFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [declaration, file] of entry?.imports ?? []) {
    if (file !== from) continue;
    for (const { name, as } of declaration.names) {
      if (!names.has(name.text)) names.set(name.text, (as ?? name).text);
    }
  }
  return names;
}

function textOf(set: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(set, name) ? set[name] : undefined;
}

/** Says which `--set` names are no params. */
function unknownSettings(
  { symbols }: OpenModule,
  set: Readonly<Record<string, string>>,
): readonly Diagnostic[] {
  const names = symbols.flatMap(({ name, word, origin, meaning }) => {
    const taken = word === 'import' && (origin?.word === 'param' || meaning?.kind === 'unknown');
    return taken || word === 'param' || word === 'broken' ? [name.text] : [];
  });
  return Object.entries(set).flatMap(([name, text]) => {
    if (names.includes(name)) return [];
    const file: SourceFile = { path: '--set', text: `${name}=${text}` };
    const span = { file, start: 0, end: name.length };
    // no text of the file is wrong, so there is none to change
    const { help } = choose({ text: name, span }, names, 'this file has no params');
    const axis = symbols.some((symbol) => symbol.word === 'axis' && symbol.name.text === name);
    const fewer = `\`${name}\` is an axis: \`--only 'STAGE[${name}: LABEL]'\` runs fewer of its values`;
    return [
      diagnose('unknown-setting', span, { name }, { help: axis ? `${fewer}; ${help}` : help }),
    ];
  });
}
