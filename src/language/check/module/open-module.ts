import { diagnose } from '../../../base/codes.js';
import type { Diagnostic, Report } from '../../../base/diagnostic.js';
import { invariant } from '../../../base/errors.js';
import type { Span } from '../../../base/source.js';
import type { DefDeclaration, Module } from '../../ast.js';
import type { Expect, Extern, Param, Reference, Report as TableReport } from '../../program.js';
import type { CheckedAxis, Context, DeclaredName, Meaning, StageTable } from '../context.js';
import { rejectAnnotations } from '../declarations/check-annotations.js';
import { checkExpect, checkReference } from '../declarations/check-claims.js';
import { peekIntoDef } from '../declarations/check-def.js';
import { reportUnused } from '../declarations/declared-names.js';
import type { Body } from '../declarations/def-body.js';
import { checkExpression } from '../expressions/check-expression.js';
import { AT, axisWith } from '../expressions/kept-epochs.js';
import { outside } from './check-declaration.js';
import { fileNames, namesToTake } from './file-names.js';
import { alone, defScope, type OpenFile, type OpenOptions } from './open-file.js';
import { lookup, resolve } from './resolve.js';
import { unknownNames } from './unknown-name.js';

/** A file whose names are found and whose declarations are checked when they are asked for. */
export interface OpenModule {
  readonly module: Module;
  readonly names: readonly string[];
  /** What a name means to those who import it. */
  readonly meaning: (name: string) => Meaning | undefined;
  readonly declared: (name: string) => DeclaredName | undefined;
  /** A param that can be set, once its meaning is known. */
  readonly param: (name: string) => Param | undefined;
  /** Checks everything that is left. */
  readonly checkAll: () => CheckedModule;
  /** Every declared name, as far as it was checked. */
  readonly symbols: readonly DeclaredName[];
  /** For checking more expressions as if they stood in this file. */
  readonly context: Context;
  /** The inside of a `def` as if it stood in this file; it may have mistakes. */
  readonly peek: (declaration: DefDeclaration) => Body;
}

/** What a file declares, as far as it could be checked, in source order. */
export interface CheckedModule {
  readonly params: readonly Param[];
  readonly axes: readonly CheckedAxis[];
  readonly stages: StageTable['stages'];
  readonly reports: readonly TableReport[];
  readonly expects: readonly Expect[];
  readonly references: readonly Reference[];
}

/** Opens a parsed file: finds its names, and checks what declares one when it is asked for. */
export function openModule(module: Module, options: OpenOptions): OpenModule {
  const heard = listening(options.report);
  const names = fileNames(module, options.modules, heard.report);
  const shared = options.shared ?? alone();
  const context: Context = {
    report: heard.report,
    note: options.note,
    home: { kind: 'none', what: 'a calculation' },
    axes: shared.axes,
    lookup: (name) => lookup(name, file),
    reportUnknown: unknownNames(names, module, options.modules),
    wordOf: (name) => names.byName.get(name.text)?.word,
    keepAt: (epochs, span) => {
      const { axes } = shared;
      const other = names.byName.get(AT);
      if (other) reportTaken(other, span, heard.report);
      else axes.set(AT, axisWith(axes.get(AT), epochs, span));
    },
    embed: () => embedIn(options.modules),
    check: checkExpression,
  };
  const params = new Map<string, Param>();
  const file: OpenFile = {
    module,
    options,
    shared,
    names,
    context,
    params,
    reports: [],
    atEnd: [],
  };
  const declared = (name: string) => names.byName.get(name);
  return {
    module,
    names: namesToTake(names),
    meaning: (name) => {
      const symbol = declared(name);
      if (symbol && names.ambiguous.has(name)) return { kind: 'unknown' };
      return symbol && resolve(symbol, file);
    },
    declared,
    param: (name) => params.get(name),
    checkAll: () => checkAll(file, heard),
    symbols: names.symbols,
    context,
    peek: (declaration) => peekIntoDef(declaration, defScope(file)),
  };
}

/** Says that the axis of kept epochs has no name. */
function reportTaken({ name }: DeclaredName, span: Span, report: Report): void {
  const related = [{ span: name.span, message: 'declared here' }];
  const help = '`keep` makes the axis `at`: give what the file calls so another name';
  report(diagnose('duplicate-declaration', span, { name: AT }, { related, help }));
}

/** `std.probe.embed`, which stands behind each parameter that takes features of images. */
function embedIn(modules: OpenOptions['modules']): Extern {
  const meaning = modules.find('std.probe')?.meaning('embed');
  invariant(meaning?.kind === 'extern', 'the library declares `std.probe.embed`');
  return meaning.extern;
}

/** What was said of a file so far. */
interface Heard {
  readonly report: Report;
  /** An error. */
  failed: boolean;
  /** That something is missing: what it would use is not left over. */
  incomplete: boolean;
}

const missing: ReadonlySet<string> = new Set([
  'unknown-name',
  'unknown-axis',
  'unknown-label',
  'unknown-field',
  'missing-argument',
]);

function listening(to: Report): Heard {
  const report = (diagnostic: Diagnostic) => {
    heard.failed ||= diagnostic.severity === 'error';
    heard.incomplete ||= missing.has(diagnostic.code);
    to(diagnostic);
  };
  const heard: Heard = { report, failed: false, incomplete: false };
  return heard;
}

function checkAll(file: OpenFile, heard: Heard): CheckedModule {
  const { module, names, shared } = file;
  for (const symbol of names.symbols) resolve(symbol, file);
  const claims = claimsOf(file);
  for (const task of file.atEnd) task();
  // A module of the library offers its defs to all.
  const { library } = file.options;
  const own = library === undefined ? names.symbols : names.symbols.filter((s) => s.word !== 'def');
  reportUnused(own, module, heard.failed, heard.incomplete, heard.report);
  return {
    params: inOrder(file.params.values(), module),
    axes: inOrder(shared.axes.values(), module),
    stages: shared.table.stages,
    reports: inOrder(file.reports, module),
    ...claims,
  };
}

/** What a file claims: it has no names, so nothing asks for it. */
function claimsOf({ module, context }: OpenFile): Pick<CheckedModule, 'expects' | 'references'> {
  const expects: Expect[] = [];
  const references: Reference[] = [];
  const inner = outside('a claim', context);
  for (const declaration of module.declarations) {
    if (declaration.kind !== 'expect' && declaration.kind !== 'reference') continue;
    rejectAnnotations(declaration.annotations, `\`${declaration.kind}\``, context);
    if (declaration.kind === 'expect') {
      const expect = checkExpect(declaration, inner);
      if (expect) expects.push(expect);
    } else references.push(checkReference(declaration, inner));
  }
  return { expects, references };
}

/** By place, what the file itself declares first. */
function inOrder<T extends { readonly span: Span }>(
  list: Iterable<T>,
  { file }: Module,
): readonly T[] {
  const rank = ({ span }: T) => (span.file === file ? 0 : 1);
  return [...list].sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
}
