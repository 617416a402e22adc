import type { Diagnostic } from '../../base/diagnostic.js';
import type { SourceFile, Span } from '../../base/source.js';
import type { Module } from '../ast.js';
import type { DeclaredName, Note, Target } from '../check/context.js';
import type { Modules } from '../check/module/imports.js';
import { type OpenModule, openModule } from '../check/module/open-module.js';
import { compile } from '../compile.js';
import type { Host } from '../host.js';
import { type Lexed, lex } from '../lex/lex.js';
import { libraryModule, standardLibrary } from '../library.js';
import { parse } from '../parse/parser.js';
import type { ExternParam, Program } from '../program.js';
import { type Occurrence, occurrencesOf } from './occurrences.js';
import { spanKey } from './span-key.js';

/** One file as it was checked, with what each word in it stands for. */
export interface Snapshot {
  readonly file: SourceFile;
  readonly module: Module;
  readonly open: OpenModule;
  readonly library: Modules;
  /** None when there is any error. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of the files that it imports, directly or through others. */
  readonly reads: readonly string[];
  /** By place. */
  readonly occurrences: readonly Occurrence[];
  readonly lexed: Lexed;
}

/** Checks a file for an editor; undefined when there is no such file. */
export function snapshotOf(host: Host, path: string): Snapshot | undefined {
  // two lists and no pairs: there are tens of thousands at every keystroke
  const spans: Span[] = [];
  const targets: Target[] = [];
  const note: Note = (span, target) => {
    if (span.file.path !== path) return;
    spans.push(span);
    targets.push(target);
  };
  const { open, program, diagnostics, modules } = opened(host, path, note);
  if (!open) return undefined;
  const { module } = open;
  let occurrences: readonly Occurrence[] | undefined;
  let lexed: Lexed | undefined;
  return {
    file: module.file,
    module,
    open,
    library: standardLibrary(),
    program,
    diagnostics,
    reads: modules.map((other) => other.file.path).filter((other) => other !== path),
    // diagnostics need neither, and are what somebody who types waits for
    get occurrences() {
      occurrences ??= occurrencesOf(spans, targets, open);
      return occurrences;
    },
    get lexed() {
      lexed ??= lex(module.file.text);
      return lexed;
    },
  };
}

interface Opened {
  readonly open: OpenModule | undefined;
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly modules: readonly Module[];
}

/** A file of the standard library is checked as what it is: there `extern` stands alone. */
function opened(host: Host, path: string, note: Note): Opened {
  const library = libraryModule(path);
  const text = library === undefined ? undefined : host.readText(path);
  if (text === undefined) return compile(host, path, { note });
  const { module, diagnostics: syntax } = (host.parse ?? parse)({ path, text });
  const diagnostics = [...syntax];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const modules = standardLibrary();
  const setting = () => undefined;
  const open = openModule(module, { library, setting, modules, report, note });
  open.checkAll();
  return { open, program: undefined, diagnostics, modules: [] };
}

/** What stands at an offset, the smallest first. */
export function occurrenceAt(snapshot: Snapshot, offset: number): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const occurrence of snapshot.occurrences) {
    const { start, end } = occurrence.span;
    if (start > offset) break;
    const size = end - start;
    if (offset <= end && (!best || size <= best.span.end - best.span.start)) best = occurrence;
  }
  return best;
}

/** What a name is in the end: through imports that keep it. */
export function declarationOf(symbol: DeclaredName): DeclaredName {
  const { origin, declaration } = symbol;
  const renamed = symbol.imported && symbol.imported.span.start !== symbol.name.span.start;
  if (!origin || renamed || declaration.kind !== 'import') return symbol;
  return declarationOf(origin);
}

/** Where a name comes from: through every import. */
export function originOf(symbol: DeclaredName): DeclaredName {
  return symbol.origin ? originOf(symbol.origin) : symbol;
}

/** Where a parameter's name stands: at the start of its declaration. */
export function placeOfParameter({ name, span }: ExternParam): Span {
  return { ...span, end: span.start + name.length };
}

/** What identifies a target: two words with the same identity stand for the same thing. */
export function identity(target: Target): string {
  switch (target.kind) {
    case 'name':
      return spanKey(declarationOf(target.symbol).name.span);
    case 'label':
      return `label ${target.label.label} ${spanKey(target.axis.span)}`;
    case 'parameter':
      return spanKey(placeOfParameter(target.param));
    case 'prelude':
      return `prelude ${target.name}`;
    case 'kept':
      return `kept ${target.axis.name}`;
    case 'choice':
      return `choice ${target.text} ${target.choices.join('|')}`;
    case 'field':
      return `field ${target.name} ${Object.keys('fields' in target.of ? target.of.fields : {})}`;
  }
}
