import { diagnose } from '../../../base/codes.js';
import { changeTo } from '../../../base/fix.js';
import type { Expression } from '../../ast.js';
import type { Context } from '../context.js';

/** Says that an axis is needed; a text may be its name in quotes. */
export function reportNoAxis(at: Expression, context: Context): void {
  const name = at.kind === 'string' ? { text: at.value, span: at.span } : undefined;
  const axis = name && context.lookup(name)?.kind === 'axis' ? name.text : undefined;
  const advice =
    axis === undefined
      ? {}
      : { help: `it stands without quotes: \`${axis}\``, fixes: [changeTo(at.span, axis)] };
  context.report(diagnose('axis-expected', at.span, {}, advice));
}
