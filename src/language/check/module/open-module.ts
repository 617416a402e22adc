import { diagnose } from '../../../base/codes.js';
import type { Diagnostic, Report } from '../../../base/diagnostic.js';
import type { Span } from '../../../base/source.js';
import type {
  DefDeclaration,
  ExternDeclaration,
  ImportDeclaration,
  Module,
  Name,
} from '../../ast.js';
import type { OwnFiles } from '../../own-files.js';
import type { Expect, Param, Reference, Report as TableReport } from '../../program.js';
import { termDepth } from '../../terms/term-depth.js';
import type { CheckedAxis, Context, DeclaredName, Meaning, Note, StageTable } from '../context.js';
import { checkResources, rejectAnnotations } from '../declarations/check-annotations.js';
import { checkAxis } from '../declarations/check-axis.js';
import { checkExpect, checkReference } from '../declarations/check-claims.js';
import { checkDef, type Expansions, peekIntoDef } from '../declarations/check-def.js';
import { checkExtern } from '../declarations/check-extern.js';
import { checkParam, type Setting } from '../declarations/check-param.js';
import { checkReport } from '../declarations/check-report.js';
import { checkStage } from '../declarations/check-stage.js';
import { circleFrom, reportCycle } from '../declarations/cycle.js';
import { declaredNames, reportUnused } from '../declarations/declared-names.js';
import type { Body, DefScope } from '../declarations/def-body.js';
import { checkExpression } from '../expressions/check-expression.js';
import { preludeNames } from '../expressions/check-prelude.js';
import { stageTable } from '../expressions/stage-table.js';
import { broughtByMistake, importedMeaning, type Modules, within } from './imports.js';
import { unknownNameAdvice } from './unknown-name.js';

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

export interface OpenOptions {
  /** `std.ssl` for a module of the library: only there `extern` may stand alone. */
  readonly library: string | undefined;
  /** What `--set` can set here: the name that it has there, and the text if one is given. */
  readonly setting: (name: string) => Setting | undefined;
  readonly modules: Modules;
  /** For the stages of the user's own. */
  readonly files?: OwnFiles;
  /** The axes and stages of the program, for the files of a pipeline; names are the program's. */
  readonly shared?: Shared;
  readonly report: Report;
  readonly note?: Note | undefined;
}

/** What the files of a pipeline have in common. */
export interface Shared {
  readonly axes: Map<string, CheckedAxis>;
  readonly table: StageTable;
  readonly expansions: Expansions;
  /** What an axis or stage of this file is called in the program. */
  readonly nameOf: (own: string) => string;
  /** Is it the file asked for? The stages of others are no results of the pipeline. */
  readonly first: boolean;
}

/** A module of the library declares no axes and no stages. */
const alone = (): Shared => {
  const expansions = { calls: 0, depth: 0 };
  return { axes: new Map(), table: stageTable(), expansions, nameOf: (own) => own, first: true };
};

/** Unknown names of a file that near ones are looked for. */
const mostHelped = 1000;

/** Declarations that may wait for each other: each is checked inside the check of the one before. */
const mostOpen = 400;

/** Terms that may lie in each other: all that walks them does so by recursion. */
const mostDeep = 1500;

/** Opens a parsed file. */
export function openModule(module: Module, options: OpenOptions): OpenModule {
  const { modules, note } = options;
  const { axes, table, expansions, nameOf, first } = options.shared ?? alone();
  let failed = false;
  let incomplete = false;
  const report = (diagnostic: Diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    incomplete ||= missing.has(diagnostic.code);
    options.report(diagnostic);
  };
  const isModule = (whole: string) => modules.names.some((name) => within(name, whole));
  const symbols = declaredNames(module, isModule, report);
  const byName = new Map<string, DeclaredName>();
  const misused = new Set<string>();
  for (const symbol of symbols) {
    const { text } = symbol.name;
    if (preludeNames.includes(text)) {
      // what its uses mean is unknown: the mistake is that it is declared
      if (!symbol.isModule) misused.add(text);
      continue;
    }
    // where another declaration has the name of a module that is imported whole, it means that
    if (!byName.has(text) || byName.get(text)?.isModule) byName.set(text, symbol);
  }
  const params = new Map<string, Param>();
  let unknown = 0;
  let brought: ((name: string) => boolean) | undefined;
  const reports: TableReport[] = [];
  const atEnd: (() => void)[] = [];
  const context: Context = {
    report,
    note,
    home: { kind: 'none', what: 'a calculation' },
    axes,
    lookup,
    reportUnknown,
    wordOf: (name) => byName.get(name.text)?.word,
    check: checkExpression,
  };

  function reportUnknown(name: Name, to: Report, as?: Diagnostic): void {
    brought ??= broughtByMistake(module, modules);
    if (brought(name.text)) return;
    unknown += 1;
    to(as ?? unknownName(name));
  }

  function unknownName(name: Name): Diagnostic {
    const names = [...byName.keys(), ...preludeNames];
    // Looking for near names takes its time: nobody reads it a thousand times.
    const advice = unknown > mostHelped ? {} : unknownNameAdvice(name, names, module, modules);
    return diagnose('unknown-name', name.span, { name: name.text }, advice);
  }

  function lookup(name: Name): Meaning | undefined {
    const symbol = byName.get(name.text);
    if (symbol) {
      symbol.used = true;
      note?.(name.span, { kind: 'name', symbol });
      return resolve(symbol);
    }
    if (!preludeNames.includes(name.text)) return undefined;
    if (misused.has(name.text)) return { kind: 'unknown' };
    note?.(name.span, { kind: 'prelude', name: name.text });
    return { kind: 'prelude', name: name.text };
  }

  function resolve(symbol: DeclaredName): Meaning {
    if (symbol.meaning) return symbol.meaning;
    if (symbol.inCycle) return { kind: 'unknown' };
    const { open } = modules;
    if (open.includes(symbol)) {
      reportCycle(open.slice(open.indexOf(symbol)), report);
      return { kind: 'unknown' };
    }
    if (open.length >= mostOpen) {
      const loop = circleFrom(symbol, byName);
      if (!loop) return tooDeep(symbol, mostOpen);
      reportCycle(loop, report);
      return { kind: 'unknown' };
    }
    open.push(symbol);
    const meaning = checkDeclaration(symbol);
    open.pop();
    if (meaning.kind === 'term' && termDepth(meaning.term) > mostDeep) {
      return tooDeep(symbol, mostDeep);
    }
    symbol.meaning = symbol.inCycle ? { kind: 'unknown' } : meaning;
    return symbol.meaning;
  }

  function tooDeep(symbol: DeclaredName, limit: number): Meaning {
    const help = 'these declarations need each other in a long row';
    report(diagnose('too-deep', symbol.name.span, { limit }, { help }));
    symbol.meaning = { kind: 'unknown' };
    return symbol.meaning;
  }

  function checkDeclaration(symbol: DeclaredName): Meaning {
    const { declaration } = symbol;
    const { annotations } = declaration;
    if (
      declaration.kind !== 'stage' &&
      declaration.kind !== 'extern' &&
      declaration.kind !== 'axis'
    ) {
      rejectAnnotations(annotations, `\`${symbol.word}\``, context);
    }
    switch (declaration.kind) {
      case 'import':
        return imported(symbol, declaration);
      case 'param': {
        const setting = options.setting(declaration.name.text);
        const { param, meaning } = checkParam(declaration, setting, context);
        if (param && setting) params.set(param.name, { ...param, name: setting.name });
        return meaning;
      }
      case 'let': {
        const inner: Context = { ...context, home: { kind: 'none', what: 'a `let`' } };
        return { kind: 'term', term: context.check(declaration.value, inner) };
      }
      case 'axis': {
        const resources = checkResources(annotations, context);
        const axis = checkAxis(declaration, nameOf(symbol.name.text), context, table, resources);
        axes.set(axis.name, axis);
        if (Object.keys(resources).length > 0 && !table.stages.has(axis.name)) {
          rejectAnnotations(annotations, 'an axis without stages', context);
        }
        return { kind: 'axis', axis };
      }
      case 'stage':
        return checkStage(declaration, context, {
          name: nameOf(symbol.name.text),
          keyword: first ? declaration.keyword : undefined,
          table,
          when: [],
          dims: [],
          outer: [],
          resources: {},
        });
      case 'report': {
        const inner: Context = { ...context, home: { kind: 'none', what: 'a report' } };
        const made = checkReport(declaration, inner);
        if (made) reports.push(made);
        return { kind: 'report' };
      }
      case 'extern':
        return externOf(declaration);
      case 'def':
        return checkDef(declaration, defScope(), expansions);
      default:
        return { kind: 'unknown' };
    }
  }

  function defScope(): DefScope {
    // a file that is imported is not checked to its end
    const later = (task: () => void) => (first ? atEnd.push(task) : task());
    return { module, context, symbol: (name) => byName.get(name), open: modules.open, later };
  }

  function externOf(declaration: ExternDeclaration): Meaning {
    const { library, files } = options;
    const extern =
      library === undefined
        ? files && checkExtern(declaration, 'own', context, files)
        : checkExtern(declaration, library, context);
    return extern ? { kind: 'extern', extern } : { kind: 'unknown' };
  }

  function imported(symbol: DeclaredName, declaration: ImportDeclaration): Meaning {
    const meaning = importedMeaning(symbol, declaration, module, modules, report, note);
    const name = symbol.imported?.text ?? '';
    const param = first && symbol.origin ? modules.file?.(declaration)?.param(name) : undefined;
    if (param) params.set(param.name, param);
    return meaning;
  }

  function checkAll(): CheckedModule {
    for (const symbol of symbols) resolve(symbol);
    const expects: Expect[] = [];
    const references: Reference[] = [];
    const inner: Context = { ...context, home: { kind: 'none', what: 'a claim' } };
    for (const declaration of module.declarations) {
      if (declaration.kind !== 'expect' && declaration.kind !== 'reference') continue;
      rejectAnnotations(declaration.annotations, `\`${declaration.kind}\``, context);
      if (declaration.kind === 'expect') {
        const expect = checkExpect(declaration, inner);
        if (expect) expects.push(expect);
      } else references.push(checkReference(declaration, inner));
    }
    for (const task of atEnd) task();
    reportUnused(symbols, module, failed, incomplete, report);
    const inOrder = <T extends { span: Span }>(list: readonly T[]) =>
      list.toSorted((a, b) => rank(a.span) - rank(b.span) || a.span.start - b.span.start);
    return {
      params: inOrder([...params.values()]),
      axes: inOrder([...axes.values()]),
      stages: table.stages,
      reports: inOrder(reports),
      expects,
      references,
    };
  }

  const rank = (span: Span) => (span.file === module.file ? 0 : 1);
  const meaning = (name: string) => {
    const symbol = byName.get(name);
    return symbol && resolve(symbol);
  };
  const names = symbols.flatMap(({ name, word }) => (notTaken.includes(word) ? [] : [name.text]));
  const declared = (name: string) => byName.get(name);
  const param = (name: string) => params.get(name);
  const peek = (declaration: DefDeclaration) => peekIntoDef(declaration, defScope());
  return { module, names, meaning, declared, param, checkAll, symbols, context, peek };
}

/** Where something is missing that is used, what it would use is not left over. */
const missing: ReadonlySet<string> = new Set([
  'unknown-name',
  'unknown-axis',
  'unknown-label',
  'unknown-field',
]);

/** What other files cannot take. */
const notTaken: readonly string[] = ['import', 'report'];
