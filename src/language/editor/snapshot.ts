import type { Diagnostic } from '../../base/diagnostic.js';
import type { SourceFile, Span } from '../../base/source.js';
import type { DefDeclaration, Module, Name } from '../ast.js';
import type { Meaning } from '../check/context.js';
import type { DeclaredName } from '../check/declared-names.js';
import type { Modules } from '../check/imports.js';
import type { Note, Target } from '../check/occurrence.js';
import { type OpenModule, openModule } from '../check/open-module.js';
import { compile } from '../compile.js';
import type { Host } from '../host.js';
import { libraryModule, standardLibrary } from '../library.js';
import { type Lexed, lex } from '../parse/lex.js';
import { parse } from '../parse/parser.js';
import type { ExternParam, Program } from '../program.js';
import { spanKey } from './span-key.js';

/** A word and what it stands for; a shorthand such as `epochs` in a call stands for two things. */
export interface Occurrence {
  readonly span: Span;
  readonly targets: readonly Target[];
}

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
  const found = new Map<string, { span: Span; targets: Target[] }>();
  const note: Note = (span, target) => {
    // matching labels looks names up in places where they do not stand
    const text = span.file.text.slice(span.start, span.end);
    if (span.file.path !== path || (target.kind === 'name' && !isWord(text))) return;
    const key = spanKey(span);
    const known = found.get(key);
    if (!known) found.set(key, { span, targets: [target] });
    else if (known.targets.some((other) => same(other, target))) return;
    // of a shorthand the name comes before the parameter that it fills
    else if (target.kind === 'name') known.targets.unshift(target);
    else known.targets.push(target);
  };
  const { open, program, diagnostics, modules } = opened(host, path, note);
  if (!open) return undefined;
  for (const symbol of open.symbols) {
    note(symbol.name.span, { kind: 'name', symbol });
    if (symbol.word === 'axis' && symbol.meaning) noteLabels(symbol.meaning, note);
    if (symbol.declaration.kind === 'def') noteDef(symbol.declaration, found, note);
  }
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
    get occurrences() {
      occurrences ??= [...found.values()].sort((a, b) => a.span.start - b.span.start);
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

const isWord = (text: string) => /^[A-Za-z_]\w*$/.test(text);

/** The names that a `def` declares: those that are used are known, the others stand for themselves. */
function noteDef(
  declaration: DefDeclaration,
  found: ReadonlyMap<string, { readonly targets: readonly Target[] }>,
  note: Note,
): void {
  const used = new Map<string, Target>();
  for (const { targets } of found.values()) {
    for (const target of targets) {
      if (target.kind === 'name') used.set(spanKey(target.symbol.name.span), target);
    }
  }
  const declare = (name: Name, word: string, of: DeclaredName['declaration']) => {
    const { span } = name;
    const alone = { name, word, declaration: of, imported: undefined, meaning: undefined };
    const symbol: DeclaredName = { ...alone, used: false };
    note(span, used.get(spanKey(span)) ?? { kind: 'name', symbol });
  };
  for (const { name } of declaration.params) declare(name, 'parameter', declaration);
  for (const part of declaration.body)
    declare(part.name, part.kind === 'let' ? 'let' : part.keyword, part);
}

/** The words that give an axis's values their labels. */
function noteLabels(meaning: Meaning, note: (span: Span, target: Target) => void): void {
  if (meaning.kind !== 'axis') return;
  const { axis } = meaning;
  for (const label of axis.labels) {
    const { span } = label;
    const text = span.file.text.slice(span.start, span.end);
    if (text === label.label || text === JSON.stringify(label.label)) {
      note(span, { kind: 'label', axis, label });
    }
  }
}

function same(a: Target, b: Target): boolean {
  if (a.kind === 'name' && b.kind === 'name') {
    return spanKey(a.symbol.name.span) === spanKey(b.symbol.name.span);
  }
  return a.kind === b.kind;
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
    case 'choice':
      return `choice ${target.text} ${target.choices.join('|')}`;
    case 'field':
      return `field ${target.name} ${Object.keys('fields' in target.of ? target.of.fields : {})}`;
  }
}
