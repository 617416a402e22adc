import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import { changeTo } from '../../../base/fix.js';
import { own } from '../../../base/own.js';
import type { Expression } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Term } from '../../program.js';
import { reductionOf } from '../../reductions.js';
import { isUnknown, literal, unknownTerm } from '../../terms/terms.js';
import { numberType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import { type Context, type Inner, noInner } from '../context.js';

/** Names of variables that hold what nobody else is to read. */
const credential =
  /(^|_)(token|secret|password|passwd|passphrase|credentials?|api_?key|(access|private|secret)_?key)(_|$)/i;

/** Checks `budget.epochs`, `stl.top1`, `encoder.time`, `env.NAME` and `secret.NAME`. */
export function checkMember(
  expression: Extract<Expression, { kind: 'member' }>,
  context: Context,
): Term {
  const { of, name, span } = expression;
  if (of.kind === 'name') {
    const meaning = context.lookup(of.name);
    if (meaning?.kind === 'prelude' && meaning.name === 'env') {
      if (credential.test(name.text)) {
        const help =
          'write `secret.NAME`, of which a digest alone is kept, or let the program read the variable itself';
        const fixes = [changeTo(of.span, 'secret')];
        const args = { name: name.text };
        context.report(diagnose('credential-kept', span, args, { help, fixes }));
      }
      return { kind: 'env', name: name.text, type: { kind: 'string' }, dims: [], span };
    }
    if (meaning?.kind === 'prelude' && meaning.name === 'secret') {
      const type: Type = { kind: 'secret' };
      return { kind: 'env', name: name.text, secret: true, type, dims: [], span };
    }
  }
  const path = libraryPath(expression, context);
  if (path !== undefined) {
    const help = `take it with \`import ${path}\` and write \`${name.text}\``;
    const args = { name: path, what: 'a path of the library' };
    context.report(diagnose('not-a-value', span, args, { help }));
    return unknownTerm(span);
  }
  const value = context.check(of, context);
  if (isUnknown(value)) return { ...value, span };
  const fields = fieldsOf(value.type);
  const type = own(fields, name.text);
  if (type) {
    context.note?.(name.span, { kind: 'field', of: value.type, name: name.text, type });
    if (value.kind === 'record') {
      const field = value.fields.find((f) => f.name === name.text);
      if (field) return field.value;
    }
    if (value.kind === 'literal') {
      const parts = value.value as Readonly<Record<string, Json>>; // its type is a record
      return literal(own(parts, name.text) ?? null, type, span);
    }
    return { kind: 'member', of: value, name: name.text, type, dims: value.dims, span };
  }
  const inner = innerOf(of, context);
  const found = inner.find(name.text);
  if (found) {
    const { meaning, symbol } = found;
    if (symbol) context.note?.(name.span, { kind: 'name', symbol });
    if (meaning.kind === 'stage' || meaning.kind === 'term') return { ...meaning.term, span };
    return unknownTerm(span);
  }
  const advice = reductionOf(name.text)
    ? { help: `write \`${name.text}(${foldedText(of.span)}, over: …)\`` }
    : choose(name, [...Object.keys(fields), ...inner.names()], 'it has no fields');
  const args = { name: name.text, type: showType(value.type) };
  context.report(diagnose('unknown-field', name.span, args, advice));
  return unknownTerm(span);
}

/** The stages inside what an expression names: `q`, an axis, or `q.encoder` where that is a call, too. */
export function innerOf(expression: Expression, context: Context): Inner {
  const meaning =
    expression.kind === 'name'
      ? context.lookup(expression.name)
      : expression.kind === 'member'
        ? innerOf(expression.of, context).find(expression.name.text)?.meaning
        : undefined;
  if (meaning?.kind === 'axis') return meaning.axis.inner;
  return meaning?.kind === 'stage' ? meaning.inner : noInner;
}

/** `std.data.emoji`, where it stands as if it were a value. */
function libraryPath(expression: Expression, context: Context): string | undefined {
  if (expression.kind === 'name') {
    const { name } = expression;
    const isStd = name.text === 'std' && context.wordOf(name) === undefined;
    return isStd ? name.text : undefined;
  }
  if (expression.kind !== 'member') return undefined;
  const of = libraryPath(expression.of, context);
  return of === undefined ? undefined : `${of}.${expression.name.text}`;
}

/** What can stand behind `.` of a value. */
export function fieldsOf(type: Type): Readonly<Record<string, Type>> {
  if (type.kind === 'record') return type.fields;
  const time = { time: numberType('Duration') };
  if (type.kind === 'metrics') return { ...time, ...type.fields };
  return type.kind === 'artifact' ? time : {};
}
