import { diagnose } from '../../../base/codes.js';
import { removeItem } from '../../../base/fix.js';
import type { Expression, Name } from '../../ast.js';
import { reportNoAxis } from '../advice/no-axis.js';
import type { Context } from '../context.js';

/** `seed` or `[seed, on]`: names of axes. */
export function axisNames(expression: Expression, context: Context): readonly Name[] | undefined {
  const items = expression.kind === 'list' ? expression.items : [expression];
  const names: Name[] = [];
  for (const item of items) {
    if (item.kind !== 'name') {
      reportNoAxis(item, context);
      // nobody looks at the others, which are used all the same
      for (const other of items) if (other.kind === 'name') context.lookup(other.name);
      return undefined;
    }
    if (names.some((name) => name.text === item.name.text)) {
      const fixes = [removeItem(item.span)];
      context.report(diagnose('duplicate-label', item.span, { label: item.name.text }, { fixes }));
    } else names.push(item.name);
  }
  return names;
}
