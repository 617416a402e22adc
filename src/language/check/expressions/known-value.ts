import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import type { Span } from '../../../base/source.js';
import type { Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { isUnknown, unknownDim } from '../../terms/terms.js';
import type { Context } from '../context.js';

/**
 * The value of what must be known from the file alone; says where it is not, unless a mistake that was
 * told has left it open.
 */
export function knownValue(
  term: Term,
  span: Span,
  what: string,
  context: Context,
): Json | undefined {
  if (isUnknown(term)) return undefined;
  const value = term.dims.length > 0 ? undefined : evaluate(term, {}, context.axes);
  if (value === undefined && !term.dims.includes(unknownDim)) {
    context.report(diagnose('not-constant', span, { what }));
  }
  return value;
}
