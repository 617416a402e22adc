import { diagnose } from '../../base/codes.js';
import type { Report } from '../../base/diagnostic.js';
import type { Module, Name } from '../ast.js';
import type { Expect, Param, Reference, Report as TableReport } from '../program.js';
import { checkResources, rejectAnnotations } from './check-annotations.js';
import { checkAxis } from './check-axis.js';
import { checkExpect, checkReference } from './check-claims.js';
import { checkExpression } from './check-expression.js';
import { checkExtern } from './check-extern.js';
import { checkParam } from './check-param.js';
import { preludeNames } from './check-prelude.js';
import { checkReport } from './check-report.js';
import { checkStage } from './check-stage.js';
import type { CheckedAxis, Context, Meaning } from './context.js';
import { type DeclaredName, declaredNames, reportUnused } from './declared-names.js';
import { importedMeaning, type Modules, unknownNameHelp } from './imports.js';
import type { Note } from './occurrence.js';
import { type StageTable, stageTable } from './stage-table.js';

/** A file whose names are found and whose declarations are checked when they are asked for. */
export interface OpenModule {
  readonly module: Module;
  readonly names: readonly string[];
  /** What a name means to those who import it. */
  readonly meaning: (name: string) => Meaning | undefined;
  readonly declared: (name: string) => DeclaredName | undefined;
  /** Checks everything that is left. */
  readonly checkAll: () => CheckedModule;
  /** Every declared name, as far as it was checked. */
  readonly symbols: readonly DeclaredName[];
  /** For checking more expressions as if they stood in this file. */
  readonly context: Context;
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
  /** Texts given with `--set`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly modules: Modules;
  readonly report: Report;
  readonly note?: Note | undefined;
}

/** Opens a parsed file. */
export function openModule(module: Module, options: OpenOptions): OpenModule {
  const { report, modules, note } = options;
  const symbols = declaredNames(module, report);
  const byName = new Map<string, DeclaredName>();
  for (const symbol of symbols) {
    const { text } = symbol.name;
    if (!byName.has(text) && !preludeNames.includes(text)) byName.set(text, symbol);
  }
  const axes = new Map<string, CheckedAxis>();
  const table = stageTable();
  const params: Param[] = [];
  const reports: TableReport[] = [];
  const context: Context = {
    report,
    note,
    home: { kind: 'none', what: 'a calculation' },
    axes,
    lookup,
    reportUnknown: (name, to) =>
      to(
        diagnose(
          'unknown-name',
          name.span,
          { name: name.text },
          {
            help: unknownNameHelp(name.text, [...byName.keys(), ...preludeNames], modules),
          },
        ),
      ),
    check: checkExpression,
  };

  function lookup(name: Name): Meaning | undefined {
    const symbol = byName.get(name.text);
    if (symbol) {
      symbol.used = true;
      note?.(name.span, { kind: 'name', symbol });
      return resolve(symbol);
    }
    if (!preludeNames.includes(name.text)) return undefined;
    note?.(name.span, { kind: 'prelude', name: name.text });
    return { kind: 'prelude', name: name.text };
  }

  function resolve(symbol: DeclaredName): Meaning {
    if (symbol.meaning) return symbol.meaning;
    const { open } = modules;
    if (open.includes(symbol)) {
      reportCycle(open.slice(open.indexOf(symbol)), report);
      return { kind: 'unknown' };
    }
    open.push(symbol);
    const meaning = checkDeclaration(symbol);
    open.pop();
    symbol.meaning = meaning;
    return meaning;
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
        return importedMeaning(symbol, declaration, modules, report, note);
      case 'param': {
        const set = options.settings.get(declaration.name.text);
        const { param, meaning } = checkParam(declaration, set, context);
        if (param) params.push(param);
        return meaning;
      }
      case 'let': {
        const inner: Context = { ...context, home: { kind: 'none', what: 'a `let`' } };
        return { kind: 'term', term: context.check(declaration.value, inner) };
      }
      case 'axis': {
        const resources = checkResources(annotations, context);
        const axis = checkAxis(declaration, context, table, resources);
        axes.set(axis.name, axis);
        if (Object.keys(resources).length > 0 && !table.stages.has(axis.name)) {
          rejectAnnotations(annotations, 'an axis without stages', context);
        }
        return { kind: 'axis', axis };
      }
      case 'stage':
        return checkStage(declaration, context, table);
      case 'report': {
        const inner: Context = { ...context, home: { kind: 'none', what: 'a report' } };
        const made = checkReport(declaration, inner);
        if (made) reports.push(made);
        return { kind: 'report' };
      }
      case 'extern':
        if (options.library !== undefined) {
          return { kind: 'extern', extern: checkExtern(declaration, options.library, context) };
        }
        report(diagnose('not-yet', declaration.name.span, { what: '`extern` in your own file' }));
        return { kind: 'unknown' };
      case 'def':
        report(diagnose('not-yet', declaration.name.span, { what: '`def`' }));
        return { kind: 'unknown' };
      default:
        return { kind: 'unknown' };
    }
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
    reportUnused(symbols, module, report);
    const inOrder = <T extends { span: { start: number } }>(list: readonly T[]) =>
      list.toSorted((a, b) => a.span.start - b.span.start);
    return {
      params: inOrder(params),
      axes: inOrder([...axes.values()]),
      stages: table.stages,
      reports: inOrder(reports),
      expects,
      references,
    };
  }

  const meaning = (name: string) => {
    const symbol = byName.get(name);
    return symbol && resolve(symbol);
  };
  const names = symbols.flatMap(({ name, word }) => (word === 'import' ? [] : [name.text]));
  const declared = (name: string) => byName.get(name);
  return { module, names, meaning, declared, checkAll, symbols, context };
}

function reportCycle(loop: readonly DeclaredName[], report: Report): void {
  const [first] = loop.toSorted((a, b) => a.name.span.start - b.name.span.start);
  if (!first) return;
  const at = loop.indexOf(first);
  const turned = [...loop.slice(at), ...loop.slice(0, at), first];
  const path = turned.map((symbol) => `\`${symbol.name.text}\``).join(' → ');
  const related = turned.slice(1, -1).map((symbol) => ({
    span: symbol.name.span,
    message: 'part of the cycle',
  }));
  report(diagnose('cycle', first.name.span, { path }, { related }));
}
