import { diagnose } from '../../../base/codes.js';
import { removeItem } from '../../../base/fix.js';
import type { Span } from '../../../base/source.js';
import type { ExpectDeclaration, ReferenceDeclaration } from '../../ast.js';
import { foldedText } from '../../lex/source-text.js';
import type { Expect, Reference } from '../../program.js';
import { isUnknown } from '../../terms/terms.js';
import { numberIn } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Context } from '../context.js';
import { coerce } from '../expressions/coerce.js';
import { knownValue } from '../expressions/known-value.js';

/** Checks `expect <condition>`. */
export function checkExpect(declaration: ExpectDeclaration, context: Context): Expect | undefined {
  const condition = context.check(declaration.condition, context);
  const { span } = declaration.condition;
  if (isUnknown(condition)) return undefined;
  if (condition.type.kind !== 'bool') {
    const args = { operator: 'expect', expected: 'a Bool', found: showType(condition.type) };
    context.report(diagnose('wrong-operand', span, args));
    return undefined;
  }
  return { condition, text: foldedText(span), doc: declaration.doc, span: declaration.span };
}

/** Checks `reference "source" { name.metric[axis: label] = 85.59% }`. */
export function checkReference(declaration: ReferenceDeclaration, context: Context): Reference {
  const published = new Map<string, Span>();
  const entries = declaration.entries.flatMap((entry) => {
    const target = context.check(entry.target, context);
    const given = context.check(entry.value, context);
    if (isUnknown(target)) return [];
    const type = numberIn(target.type);
    if (!type) {
      const args = { found: showType(target.type) };
      context.report(diagnose('report-value', entry.target.span, args));
      return [];
    }
    const text = foldedText(entry.target.span);
    const name = text.replaceAll(' ', '');
    const before = published.get(name);
    if (before) {
      const related = [{ span: before, message: 'the first one' }];
      const fixes = [removeItem(entry.span)];
      const { span } = entry.target;
      context.report(diagnose('duplicate-key', span, { name: text }, { related, fixes }));
      return [];
    }
    published.set(name, entry.target.span);
    const value = coerce(given, type, entry.value, `\`${text}\``, context);
    if (isUnknown(value)) return [];
    knownValue(value, entry.value.span, 'a published value', context);
    return [{ text, target, value, span: entry.span }];
  });
  return { source: declaration.source, entries };
}
