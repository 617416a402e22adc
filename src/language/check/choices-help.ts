import { listing, nearest } from '../../base/nearest.js';

/** A list longer than this helps nobody. */
const longestList = 20;

/**
 * Help for a name that is not among the choices: the nearest one and the list, where it is short;
 * `none` where there is nothing to choose.
 */
export function choicesHelp(
  name: string,
  choices: Iterable<string>,
  none?: string,
): string | undefined {
  const all = [...new Set(choices)];
  if (all.length === 0) return none;
  const near = nearest(name, all);
  const list =
    all.length > longestList
      ? `there are ${all.length}`
      : `${all.length === 1 ? 'there is only' : 'there are'} ${listing(all)}`;
  if (near === undefined) return list;
  return all.length === 1 || all.length > longestList
    ? `did you mean \`${near}\`?`
    : `did you mean \`${near}\`? ${list}`;
}
