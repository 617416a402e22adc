import { diagnose } from '../../base/codes.js';
import { invariant } from '../../base/errors.js';
import { cover, type Span } from '../../base/source.js';
import type {
  Annotation,
  Declaration,
  FieldNode,
  ImportDeclaration,
  LetDeclaration,
  Parameter,
  StageDeclaration,
  StageKeyword,
  TypeNode,
} from '../ast.js';
import { spanOf } from '../lex/lex.js';
import { type BuildContext, nameOf, nodeSpan, only, pathOf, stringOf } from './build-context.js';
import { argumentsOf, displayNameOf, expression, sum } from './build-expression.js';
import type * as cst from './cst.gen.js';

/** What every declaration has. */
interface Head {
  readonly doc: string | undefined;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

/** A declaration's tree from its syntax. */
export function buildDeclaration(c: BuildContext, node: cst.DeclarationCstNode): Declaration {
  const at = node.children;
  const inner = Object.values(at).flat();
  const head = headOf(c, node, inner);
  if (at.importDeclaration) return importOf(c, head, only(at.importDeclaration));
  if (at.letDeclaration) return letOf(c, head, only(at.letDeclaration));
  if (at.stageDeclaration) return stageOf(c, head, only(at.stageDeclaration));
  if (at.paramDeclaration) {
    const { Identifier, type, expression: value } = only(at.paramDeclaration).children;
    const rest = {
      type: type && typeOf(c, only(type)),
      value: value && expression(c, only(value)),
    };
    return { kind: 'param', ...head, name: nameOf(c, only(Identifier)), ...rest };
  }
  if (at.axisDeclaration) {
    const { Identifier, displayName: as, expression: values } = only(at.axisDeclaration).children;
    const named = { name: nameOf(c, only(Identifier)), shown: displayNameOf(c, as) };
    return { kind: 'axis', ...head, ...named, values: expression(c, only(values)) };
  }
  if (at.reportDeclaration) {
    const { Identifier, displayName: as, expression: value } = only(at.reportDeclaration).children;
    const named = { name: nameOf(c, only(Identifier)), shown: displayNameOf(c, as) };
    return { kind: 'report', ...head, ...named, value: expression(c, only(value)) };
  }
  if (at.expectDeclaration) {
    const { expression: condition } = only(at.expectDeclaration).children;
    return { kind: 'expect', ...head, condition: expression(c, only(condition)) };
  }
  if (at.referenceDeclaration) return referenceOf(c, head, only(at.referenceDeclaration));
  if (at.defDeclaration) return defOf(c, head, only(at.defDeclaration));
  return externOf(c, head, only(at.externDeclaration));
}

function headOf(
  c: BuildContext,
  node: cst.DeclarationCstNode | cst.StatementCstNode,
  parts: readonly (cst.AnnotationCstNode | { name: string })[],
): Head {
  const docs: string[] = [];
  for (const [i, part] of parts.entries()) {
    if (!('location' in part)) continue;
    // behind an annotation on its line it is still about the declaration
    const doc = c.docs.take(nodeSpan(c, part as cst.AnnotationCstNode).start, i > 0);
    if (doc !== undefined) docs.push(doc);
  }
  const annotations = (node.children.annotation ?? []).map((a) => annotation(c, a));
  const doc = docs.length === 0 ? undefined : docs.join('\n');
  return { doc, annotations, span: nodeSpan(c, node) };
}

function annotation(c: BuildContext, node: cst.AnnotationCstNode): Annotation {
  const list = node.children.argumentList?.[0];
  const args = list === undefined ? [] : argumentsOf(c, list);
  return { name: nameOf(c, only(node.children.Word)), args, span: nodeSpan(c, node) };
}

function importOf(
  c: BuildContext,
  head: Head,
  node: cst.ImportDeclarationCstNode,
): ImportDeclaration {
  const { String: text, Word, importList, alias } = node.children;
  const words = (Word ?? []).map((w) => nameOf(c, w));
  const aliasOf = (a: readonly cst.AliasCstNode[] | undefined) =>
    a && nameOf(c, only(only(a).children.Identifier));
  const last = importList === undefined ? words.pop() : undefined;
  const [extra] = words;
  if (text && importList === undefined && last === undefined) {
    const span = spanOf(c.file, only(text));
    const expected = '`.{` and the names to take behind the path';
    c.mistakes.push(diagnose('syntax', span, { found: 'a path alone', expected }));
  } else if (text && extra) {
    const args = { found: `\`${extra.text}\``, expected: 'one name or `{` behind the path' };
    c.mistakes.push(diagnose('syntax', extra.span, args));
  }
  const names =
    last !== undefined
      ? [{ name: last, as: aliasOf(alias) }]
      : (importList?.[0]?.children.importName ?? []).map((n) => ({
          name: nameOf(c, only(n.children.Word)),
          as: aliasOf(n.children.alias),
        }));
  if (importList !== undefined && names.length === 0) {
    const args = { found: 'an empty list of names', expected: 'at least one name in `{}`' };
    c.mistakes.push(diagnose('syntax', nodeSpan(c, only(importList)), args));
  }
  const from = text
    ? ({ kind: 'file', ...pathOf(c, only(text)) } as const)
    : ({ kind: 'library', path: words } as const);
  const star = starBehind(head.span);
  if (!star) return { kind: 'import', ...head, from, names };
  return { kind: 'import', ...head, from, names, star, span: cover(head.span, star) };
}

/** The `.*` that was read over behind an import. */
function starBehind({ file, end }: Span): Span | undefined {
  const length = /^\s*\.\s*\*/.exec(file.text.slice(end, end + 100))?.[0].length;
  return length === undefined ? undefined : { file, start: end, end: end + length };
}

function letOf(c: BuildContext, head: Head, node: cst.LetDeclarationCstNode): LetDeclaration {
  const { Identifier, expression: value } = node.children;
  const name = nameOf(c, only(Identifier));
  return { kind: 'let', ...head, name, value: expression(c, only(value)) };
}

function stageOf(c: BuildContext, head: Head, node: cst.StageDeclarationCstNode): StageDeclaration {
  const { keyword, Identifier, expression: parts } = node.children;
  const [value, where] = parts.map((n) => expression(c, n));
  invariant(value !== undefined, 'a stage has a value');
  const name = nameOf(c, only(Identifier));
  const word = only(keyword).image as StageKeyword; // the rule allows these words only
  return { kind: 'stage', ...head, keyword: word, name, value, where };
}

function referenceOf(
  c: BuildContext,
  head: Head,
  node: cst.ReferenceDeclarationCstNode,
): Declaration {
  const source = stringOf(c, only(node.children.String));
  const entries = (node.children.referenceEntry ?? []).map((n) => {
    const [target, value] = n.children.expression.map((e) => expression(c, e));
    invariant(target && value, 'an entry has two sides');
    return { target, value, span: nodeSpan(c, n) };
  });
  return { kind: 'reference', ...head, source, entries };
}

function defOf(c: BuildContext, head: Head, node: cst.DefDeclarationCstNode): Declaration {
  const { Identifier, parameterList, type, statement, expression: value } = node.children;
  const body = (statement ?? []).map((n) => {
    const { letDeclaration, stageDeclaration } = n.children;
    const inner = headOf(c, n, Object.values(n.children).flat());
    return letDeclaration
      ? letOf(c, inner, only(letDeclaration))
      : stageOf(c, inner, only(stageDeclaration));
  });
  return {
    kind: 'def',
    ...head,
    name: nameOf(c, only(Identifier)),
    params: parametersOf(c, only(parameterList)),
    result: type && typeOf(c, only(type)),
    body,
    value: expression(c, only(value)),
  };
}

function externOf(c: BuildContext, head: Head, node: cst.ExternDeclarationCstNode): Declaration {
  const { of, Identifier, parameterList, type, fromClause, commandClause } = node.children;
  const command = commandClause?.[0]?.children;
  const line = command && pathOf(c, only(command.String));
  return {
    kind: 'extern',
    ...head,
    of: only(of).image === 'value' ? 'value' : 'stage',
    name: nameOf(c, only(Identifier)),
    params: parametersOf(c, only(parameterList)),
    result: typeOf(c, only(type)),
    from: fromClause && pathOf(c, only(only(fromClause).children.String)),
    command: line && { text: line.path, span: line.span },
    reads: command?.expression && expression(c, only(command.expression)),
  };
}

function parametersOf(c: BuildContext, list: cst.ParameterListCstNode): readonly Parameter[] {
  return (list.children.parameter ?? []).map((node) => {
    const { Word, type, expression: value } = node.children;
    const span = nodeSpan(c, node);
    return {
      name: nameOf(c, only(Word)),
      type: type && typeOf(c, only(type)),
      value: value && expression(c, only(value)),
      doc: c.docs.take(span.start),
      span,
    };
  });
}

function typeOf(c: BuildContext, node: cst.TypeCstNode): TypeNode {
  const { enumType, namedType, fields, Question } = node.children;
  const span = nodeSpan(c, node);
  const inner = { ...span, end: Question ? only(Question).startOffset : span.end };
  const of: TypeNode = enumType
    ? {
        kind: 'enum',
        choices: only(enumType).children.String.map((t) => ({
          text: stringOf(c, t),
          span: spanOf(c.file, t),
        })),
        span: nodeSpan(c, only(enumType)),
      }
    : namedType
      ? namedOf(c, only(namedType))
      : { kind: 'record', fields: fieldsOf(c, only(fields)), span: inner };
  return Question ? { kind: 'optional', of, span } : of;
}

function namedOf(c: BuildContext, node: cst.NamedTypeCstNode): TypeNode {
  const { Identifier, typeArguments, refinement, fields } = node.children;
  const bounds = refinement?.[0]?.children;
  return {
    kind: 'named',
    name: nameOf(c, only(Identifier)),
    args: (typeArguments?.[0]?.children.type ?? []).map((t) => typeOf(c, t)),
    refinement: bounds && {
      low: bounds.low && sum(c, only(bounds.low)),
      high: bounds.high && sum(c, only(bounds.high)),
    },
    fields: fields && fieldsOf(c, only(fields)),
    span: nodeSpan(c, node),
  };
}

function fieldsOf(c: BuildContext, node: cst.FieldsCstNode): readonly FieldNode[] {
  return (node.children.field ?? []).map((n) => ({
    name: nameOf(c, only(n.children.Word)),
    type: typeOf(c, only(n.children.type)),
  }));
}
