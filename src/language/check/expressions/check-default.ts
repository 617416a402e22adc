import { diagnose } from '../../../base/codes.js';
import { remove } from '../../../base/fix.js';
import type { Expression } from '../../ast.js';
import type { Term } from '../../program.js';
import { dimsOf, isUnknown, literal, unknownTerm } from '../../terms/terms.js';
import { showType } from '../../types/show-type.js';
import type { Context } from '../context.js';
import { folded } from './check-operators.js';
import { joinTerms } from './join-terms.js';

/** Checks `a ?? b`, which is short for `if a == none then b else a`. */
export function checkDefault(
  expression: Extract<Expression, { kind: 'default' }>,
  context: Context,
): Term {
  const { of, otherwise, span } = expression;
  const left = context.check(of, context);
  const right = context.check(otherwise, context);
  const dims = dimsOf([left, right]);
  if (isUnknown(left) || isUnknown(right)) return { ...unknownTerm(span), dims };
  if (left.type.kind === 'none') return right;
  if (left.type.kind !== 'optional') {
    const args = {
      operator: '??',
      expected: 'a value that may be `none`',
      found: showType(left.type),
    };
    const fixes = [remove({ ...span, start: of.span.end })];
    const help = 'it is never `none`: leave out `??` and what stands behind it';
    context.report(diagnose('wrong-operand', of.span, args, { help, fixes }));
    return unknownTerm(span);
  }
  const present: Term = { ...left, type: left.type.of };
  const sides = [of, otherwise];
  const joined = joinTerms([present, right], sides, 'sides of this `??`', context);
  const [value, then] = joined.terms;
  if (!value || !then || isUnknown(value) || isUnknown(then)) return unknownTerm(span);
  if (joined.type.kind === 'unknown') return unknownTerm(span);
  const none = literal(null, { kind: 'none' }, span);
  const condition: Term = folded({
    kind: 'binary',
    operator: '==',
    left,
    right: none,
    type: { kind: 'bool' },
    dims: left.dims,
    span,
  });
  return folded({ kind: 'if', condition, then, else: value, type: joined.type, dims, span });
}
