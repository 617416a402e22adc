import type {
  Annotation,
  AxisDeclaration,
  Declaration,
  ExternDeclaration,
  ImportDeclaration,
  ParamDeclaration,
  ReportDeclaration,
  StageDeclaration,
} from '../../ast.js';
import type { Context, DeclaredName, Meaning } from '../context.js';
import { checkResources, rejectAnnotations } from '../declarations/check-annotations.js';
import { checkAxis } from '../declarations/check-axis.js';
import { checkDef } from '../declarations/check-def.js';
import { checkExtern } from '../declarations/check-extern.js';
import { checkHalving } from '../declarations/check-halving.js';
import { checkParam } from '../declarations/check-param.js';
import { checkReport } from '../declarations/check-report.js';
import { checkStage } from '../declarations/check-stage.js';
import { importedMeaning } from './imports.js';
import { defScope, type OpenFile } from './open-file.js';

/** Declarations that annotations may stand at. */
const annotated: ReadonlySet<Declaration['kind']> = new Set(['stage', 'extern', 'axis']);

/** Checks what declares a name; what it gives beside its meaning is kept in the file. */
export function checkDeclaration(symbol: DeclaredName, file: OpenFile): Meaning {
  const { declaration } = symbol;
  const { context, shared } = file;
  if (!annotated.has(declaration.kind)) {
    rejectAnnotations(declaration.annotations, `\`${symbol.word}\``, context);
  }
  switch (declaration.kind) {
    case 'import':
      return imported(symbol, declaration, file);
    case 'param':
      return paramOf(declaration, file);
    case 'let': {
      const term = context.check(declaration.value, outside('a `let`', context));
      return { kind: 'term', term };
    }
    case 'axis':
      return axisOf(declaration, file);
    case 'stage':
      return stageOf(declaration, file);
    case 'report':
      return reportOf(declaration, file);
    case 'extern':
      return externOf(declaration, file);
    case 'def':
      return checkDef(declaration, defScope(file), shared.expansions);
    default:
      return { kind: 'unknown' };
  }
}

/** The context of something that no stage can stand in. */
export function outside(what: string, context: Context): Context {
  return { ...context, home: { kind: 'none', what } };
}

function imported(symbol: DeclaredName, declaration: ImportDeclaration, file: OpenFile): Meaning {
  const { module, context, options, shared, params } = file;
  const { modules, note } = options;
  const meaning = importedMeaning(symbol, declaration, module, modules, context.report, note);
  const taken = shared.first && symbol.origin ? modules.file?.(declaration) : undefined;
  const param = taken?.param(symbol.imported?.text ?? '');
  if (param) params.set(param.name, param);
  return meaning;
}

function paramOf(declaration: ParamDeclaration, { context, options, params }: OpenFile): Meaning {
  const setting = options.setting(declaration.name.text);
  const { param, meaning } = checkParam(declaration, setting, context);
  if (param && setting) params.set(param.name, { ...param, name: setting.name });
  return meaning;
}

function axisOf(declaration: AxisDeclaration, { context, shared }: OpenFile): Meaning {
  const { axes, table, nameOf } = shared;
  const { annotations, name } = declaration;
  const resources = checkResources(annotations, context);
  const axis = checkAxis(declaration, nameOf(name.text), context, table, resources);
  axes.set(axis.name, axis);
  if (Object.keys(resources).length > 0 && !table.stages.has(axis.name)) {
    rejectAnnotations(annotations, 'an axis without stages', context);
  }
  return { kind: 'axis', axis };
}

function stageOf(declaration: StageDeclaration, file: OpenFile): Meaning {
  const { context, shared, atEnd } = file;
  const name = shared.nameOf(declaration.name.text);
  const isHalving = (annotation: Annotation): boolean =>
    shared.first && declaration.keyword === 'train' && annotation.name.text === 'halving';
  for (const halving of declaration.annotations.filter(isHalving)) {
    // it names evaluations of the training, so these are checked first
    atEnd.push(() => checkHalving(halving, name, outside('an annotation', context), shared.table));
  }
  const annotations = declaration.annotations.filter((annotation) => !isHalving(annotation));
  return checkStage({ ...declaration, annotations }, context, {
    name,
    keyword: shared.first ? declaration.keyword : undefined,
    table: shared.table,
    when: [],
    dims: [],
    outer: [],
    resources: {},
  });
}

function reportOf(declaration: ReportDeclaration, { context, reports }: OpenFile): Meaning {
  const made = checkReport(declaration, outside('a report', context));
  if (made) reports.push(made);
  return { kind: 'report' };
}

function externOf(declaration: ExternDeclaration, { context, options }: OpenFile): Meaning {
  const { library, files } = options;
  const extern =
    library === undefined
      ? files && checkExtern(declaration, 'own', context, files)
      : checkExtern(declaration, library, context);
  return extern ? { kind: 'extern', extern } : { kind: 'unknown' };
}
