import { diagnose } from '../../../base/codes.js';
import type { Advice, Fix } from '../../../base/diagnostic.js';
import { changeTo, insert, removeItem } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { ExternDeclaration, Parameter } from '../../ast.js';
import type { OwnFiles } from '../../own-files.js';
import type { Extern, ExternParam } from '../../program.js';
import { isUnknown } from '../../terms/terms.js';
import { unknownType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import type { Context } from '../context.js';
import { checkType, typeNames } from '../expressions/check-type.js';
import { coerce } from '../expressions/coerce.js';
import { checkVersion } from './check-annotations.js';
import { checkOwnStage } from './check-own-stage.js';
import { checkRevisions, isRevision } from './check-revisions.js';

/**
 * Checks the declaration of a stage or value: of the library, where TypeScript of its name does the
 * work, or with `files` of the user's own. None where no work is known for it.
 */
export function checkExtern(
  declaration: ExternDeclaration,
  module: string,
  context: Context,
  files?: OwnFiles,
): Extern | undefined {
  const inner: Context = { ...context, home: { kind: 'none', what: 'a default' } };
  const params = checkParameters(declaration.params, context);
  const { of, doc, name } = declaration;
  const code = files && checkOwnStage(declaration, params, files, inner);
  if (files && !code) return undefined;
  const { annotations } = declaration;
  const revisions = checkRevisions(annotations, { name: name.text, params }, inner);
  const result = checkExternResult(declaration, inner);
  checkReferences(declaration, params, result, inner);
  return {
    of,
    name: `${module}.${name.text}`,
    version: checkVersion(
      annotations.filter((annotation) => !isRevision(annotation)),
      inner,
    ),
    ...(revisions.length > 0 ? { revisions } : {}),
    params,
    result,
    doc,
    span: name.span,
    ...(code ? { code } : {}),
  };
}

/** Checks the parameters of an `extern` or a `def`, each name once. */
export function checkParameters(
  parameters: readonly Parameter[],
  context: Context,
): readonly ExternParam[] {
  const inner: Context = { ...context, home: { kind: 'none', what: 'a default' } };
  const seen = new Map<string, Parameter>();
  return parameters.flatMap((parameter) => {
    const before = seen.get(parameter.name.text);
    if (before) {
      const related = [{ span: before.name.span, message: 'the first one' }];
      const args = { name: parameter.name.text };
      const fixes = [removeItem(parameter.span)];
      context.report(diagnose('duplicate-key', parameter.name.span, args, { related, fixes }));
      return [];
    }
    seen.set(parameter.name.text, parameter);
    return [checkParameter(parameter, inner)];
  });
}

function checkParameter(parameter: Parameter, context: Context): ExternParam {
  const { name, doc } = parameter;
  const type = parameter.type ? checkType(parameter.type, 'parameter', context) : unknownType;
  const typed = parameter.type ? undefined : typeAsDefault(parameter);
  // a type where the default stands is no second mistake
  const value = typed ? undefined : parameter.value;
  const given =
    value && coerce(context.check(value, context), type, value, `\`${name.text}\``, context);
  if (!parameter.type) {
    const known = given && !isUnknown(given) && given.type.kind !== 'none' ? given : undefined;
    const fixes = known ? [insert(name.span, name.span.end, `: ${showType(known.type)}`)] : [];
    const advice = typed ?? { fixes };
    context.report(diagnose('parameter-type-missing', name.span, { name: name.text }, advice));
  }
  return { name: name.text, type, default: given, doc, span: parameter.span };
}

/** Advice for `data = Files`. */
function typeAsDefault({ name, value }: Parameter): Advice | undefined {
  if (value?.kind !== 'name' || !typeNames.includes(value.name.text)) return undefined;
  const span = { ...name.span, start: name.span.end, end: value.span.start };
  const text = `${name.text}: ${value.name.text}`;
  const fixes = [{ title: `Change to \`${text}\``, edits: [{ span, text: ': ' }] }];
  return { help: `a type stands behind \`:\`: \`${text}\``, fixes };
}

/** Makes a declared stage a value, or a value a stage. */
function otherKind({ of, name }: ExternDeclaration): Fix {
  const text = of === 'stage' ? 'value' : 'stage';
  const start = name.span.file.text.lastIndexOf(of, name.span.start - of.length);
  return changeTo({ ...name.span, start, end: start + of.length }, text);
}

/** Artifacts that hold images with their attributes and splits. */
const holders: ReadonlySet<string> = new Set(['Images', 'Pairs']);

/** What names an attribute or a split names it of a parameter that takes images. */
function checkReferences(
  declaration: ExternDeclaration,
  params: readonly ExternParam[],
  result: Type,
  context: Context,
): void {
  const isImages = (name: string) =>
    params.some((p) => p.name === name && p.type.kind === 'artifact' && holders.has(p.type.name));
  const images = params.flatMap(({ name }) => (isImages(name) ? [`\`${name}\``] : []));
  const expected = `a parameter that takes Images or Pairs, such as ${images.join(' or ') || '`on: Images`'}`;
  for (const { type, span } of params) {
    const bare = type.kind === 'optional' ? type.of : type;
    const names = bare.kind === 'string' ? bare.names : undefined;
    if (!names || isImages(names.of)) continue;
    context.report(diagnose('type-form', span, { name: `[${names.of}]`, expected }));
  }
  for (const { type, span } of params) checkFeatures(type, span, params, context);
  const facts = result.kind === 'artifact' ? Object.values(result.facts ?? {}) : [];
  for (const fact of facts) {
    if (!('of' in fact) || isImages(fact.of)) continue;
    context.report(diagnose('type-form', declaration.result.span, { name: fact.of, expected }));
  }
}

/** Features in a parameter are of images that another takes, and nothing stands around them. */
function checkFeatures(
  type: Type,
  span: Span,
  params: readonly ExternParam[],
  context: Context,
): void {
  const inner = type.kind === 'optional' || type.kind === 'list' ? type.of : type;
  if (inner.kind !== 'artifact' || inner.of === undefined) return;
  const wrong = (name: string, expected: string) =>
    context.report(diagnose('type-form', span, { name, expected }));
  if (inner !== type) {
    wrong(showType(type), `\`${showType(inner)}\`, which is neither optional nor in a list`);
    return;
  }
  const { of } = inner;
  const images = params.flatMap(({ name, type: other }) =>
    other.kind === 'artifact' && other.name === 'Images' ? [name] : [],
  );
  if (images.includes(of)) return;
  const listed = images.map((name) => `\`${name}\``).join(' or ') || '`on: Images`';
  wrong(`[${of}]`, `a parameter that takes Images, such as ${listed}`);
}

/** A stage makes an artifact or metrics, a value a description. */
function checkExternResult(declaration: ExternDeclaration, context: Context): Type {
  const type = checkType(declaration.result, 'result', context);
  const stage = type.kind === 'artifact' || type.kind === 'metrics';
  if (type.kind === 'unknown' || stage === (declaration.of === 'stage')) return type;
  const args = { of: declaration.of, found: showType(type) };
  const fixes = stage || type.kind === 'description' ? [otherKind(declaration)] : [];
  context.report(diagnose('extern-result', declaration.result.span, args, { fixes }));
  return unknownType;
}
