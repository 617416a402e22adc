import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import type { Annotation, Expression } from '../../ast.js';
import type { Extern, ExternParam, Revision } from '../../program.js';
import type { Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { coerce } from '../expressions/coerce.js';
import { knownValue } from '../expressions/known-value.js';

/** Is it `@version(2, every: "epoch")`, a version for some arguments alone? */
export function isRevision({ name, args: [first, ...named] }: Annotation): boolean {
  const isFor = named.length > 0 && named.every((argument) => argument.name !== undefined);
  return name.text === 'version' && first !== undefined && first.name === undefined && isFor;
}

/** The versions of an extern that hold where parameters have certain values. */
export function checkRevisions(
  annotations: readonly Annotation[],
  extern: Pick<Extern, 'name' | 'params'>,
  context: Context,
): readonly Revision[] {
  return annotations.filter(isRevision).flatMap(({ args: [first, ...named] }) => {
    const number: Type = { kind: 'number', unit: 'Int', low: 1 };
    const version = first && constant(first.value, number, '`@version`', context);
    const where = named.flatMap(({ name, value }) => {
      const param = extern.params.find((known) => known.name === name?.text);
      if (name === undefined) return [];
      if (param === undefined) return unknown(name, extern, context);
      const found = constant(value, param.type, `\`${name.text}\``, context);
      return found === undefined ? [] : [{ param: name.text, value: found }];
    });
    return typeof version === 'number' && where.length === named.length ? [{ version, where }] : [];
  });
}

function unknown(
  name: NonNullable<Annotation['args'][number]['name']>,
  { name: callee, params }: Pick<Extern, 'name' | 'params'>,
  context: Context,
): readonly [] {
  const names = params.map((param: ExternParam) => param.name);
  const args = { callee, name: name.text };
  context.report(diagnose('unknown-parameter', name.span, args, choose(name, names)));
  return [];
}

function constant(
  expression: Expression,
  type: Type,
  what: string,
  context: Context,
): Json | undefined {
  const term = coerce(context.check(expression, context), type, expression, what, context);
  return knownValue(term, expression.span, what, context);
}
