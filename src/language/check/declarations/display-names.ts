import { diagnose } from '../../../base/codes.js';
import type { Span } from '../../../base/source.js';
import type { Context } from '../context.js';

/** A label or a column, and what readers see instead of it. */
interface Named {
  readonly name: string;
  readonly shown?: string | undefined;
  readonly span: Span;
}

/** Reports those that readers could not tell apart; what has the same name twice is a mistake of its own. */
export function reportRepeatedNames(
  what: string,
  entries: readonly Named[],
  context: Context,
): void {
  const seen = new Map<string, Named>();
  for (const entry of entries) {
    const text = entry.shown ?? entry.name;
    const before = seen.get(text);
    if (!before) seen.set(text, entry);
    if (!before || before.name === entry.name) continue;
    const related = [{ span: before.span, message: 'the first one' }];
    const args = { what, first: before.name, second: entry.name, text };
    context.report(diagnose('display-name-twice', entry.span, args, { related }));
  }
}
