import { diagnose } from '../../../base/codes.js';
import type { Expression } from '../../ast.js';
import { isBeyond } from '../../operators.js';
import type { Term } from '../../program.js';
import { literal, unknownTerm } from '../../terms/terms.js';
import { numberType } from '../../types/join-types.js';
import { normalise } from '../../types/units.js';
import type { Context } from '../context.js';

/** A number in its unit's normal measure. */
export function checkNumber(
  expression: Extract<Expression, { kind: 'number' }>,
  context: Context,
): Term {
  const { value, digits, unit, decimal, span } = expression;
  if (unit === undefined) return literal(value, numberType(decimal ? 'Float' : 'Int'), span);
  const normal = normalise(digits, unit);
  if (!normal) return unknownTerm(span); // the parser said so
  if (isBeyond(normal.value, numberType(normal.unit))) {
    context.report(diagnose('number-too-large', span, { found: `${value}${unit}` }));
    return unknownTerm(span);
  }
  return literal(normal.value, numberType(normal.unit), span);
}
