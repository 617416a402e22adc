import type { Advice } from '../../../base/diagnostic.js';
import { changeTo } from '../../../base/fix.js';
import { listing, nearest } from '../../../base/nearest.js';
import { meantBy } from '../../../base/other-names.js';
import type { Span } from '../../../base/source.js';

/** A list longer than this helps nobody. */
const longestList = 20;

/**
 * Advice for a name that is not among the choices: the nearest one, or the one that others call so, and the list, where it is short;
 * `none` where there is nothing to choose. `write` is how a choice is written.
 */
export function choose(
  name: { readonly text: string; readonly span: Span },
  choices: Iterable<string>,
  none?: string,
  write: (choice: string) => string = (choice) => choice,
): Advice {
  const all = [...new Set(choices)];
  const [only] = all;
  if (only === undefined) return { help: none };
  const near = meantBy(name.text, all) ?? nearest(name.text, all);
  const meant = near ?? (all.length === 1 ? only : undefined);
  const fixes = meant === undefined ? [] : [changeTo(name.span, write(meant))];
  const list =
    all.length > longestList
      ? `there are ${all.length}`
      : `${all.length === 1 ? 'there is only' : 'there are'} ${listing(all)}`;
  if (near === undefined) return { help: list, fixes };
  const question = `did you mean \`${near}\`?`;
  const alone = all.length === 1 || all.length > longestList;
  return { help: alone ? question : `${question} ${list}`, fixes };
}
