import { diagnose } from '../../../base/codes.js';
import { removeItem } from '../../../base/fix.js';
import type { RecordEntry } from '../../ast.js';
import type { Context } from '../context.js';

/** The first entry of each key of a record; says which keys are given twice. */
export function distinctEntries(
  entries: readonly RecordEntry[],
  context: Context,
): readonly RecordEntry[] {
  const seen = new Map<string, RecordEntry>();
  for (const entry of entries) {
    const { text: name, span } = entry.key;
    const before = seen.get(name);
    if (before) {
      const related = [{ span: before.key.span, message: 'the first one' }];
      const fixes = [removeItem(entry.span)];
      context.report(diagnose('duplicate-key', span, { name }, { related, fixes }));
    } else seen.set(name, entry);
  }
  return [...seen.values()];
}
