import { diagnose } from '../../../base/codes.js';
import type { Expression } from '../../ast.js';
import type { Term } from '../../program.js';
import { isUnknown } from '../../terms/terms.js';
import { joinTypes, unknownType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import type { Context } from '../context.js';
import { coerce } from './coerce.js';

/**
 * The common type of several terms, and the terms as values of it; reports the first that has
 * nothing in common with those before. `what` names them: "entries of axis `method`".
 */
export function joinTerms(
  terms: readonly Term[],
  expressions: readonly Expression[],
  what: string,
  context: Context,
): { readonly type: Type; readonly terms: readonly Term[] } {
  let type: Type | undefined;
  for (const [i, term] of terms.entries()) {
    if (isUnknown(term)) continue;
    const joined: Type | undefined = type ? joinTypes(type, term.type) : term.type;
    if (!joined) {
      const span = expressions[i]?.span ?? term.span;
      const args = { what, first: showType(type ?? unknownType), other: showType(term.type) };
      const related = terms[0] ? [{ span: terms[0].span, message: 'the first one' }] : [];
      context.report(diagnose('mixed-types', span, args, { related }));
      return { type: unknownType, terms };
    }
    type = joined;
  }
  const common = type ?? unknownType;
  if (common.kind !== 'number') return { type: common, terms };
  const fitted = terms.map((term, i) => {
    const expression = expressions[i];
    if (!expression || term.type.kind !== 'number' || term.type.unit === common.unit) return term;
    return coerce(term, common, expression, `one of the ${what}`, context);
  });
  return { type: common, terms: fitted };
}
