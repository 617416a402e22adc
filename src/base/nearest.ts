import { distance } from 'fastest-levenshtein';

/**
 * The candidate that the name was probably meant to be. One that differs only in case wins; else
 * the first of the fewest edits, at most a third of the name's length and one; candidates of one or
 * two letters are near to everything and therefore to nothing. In a list of more than a thousand only those
 * with the same first letter are looked at.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const limit = Math.floor(0.34 * name.length) + 1;
  let best: string | undefined;
  let bestDistance = limit + 1;
  const all = Array.isArray(candidates) ? (candidates as readonly string[]) : [...candidates];
  const many = all.length > 1000;
  for (const candidate of all) {
    if (candidate === name) continue;
    if (many && candidate[0] !== name[0]) continue;
    if (candidate.toLowerCase() === lower) return candidate;
    if (candidate.length < 3 || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const edits = editsBetween(lower, candidate.toLowerCase());
    if (edits < bestDistance && edits < candidate.length) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}

/** Letters to change, insert or take away; two that changed places are one edit. */
function editsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  if (edits !== 2 || a.length !== b.length) return edits;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] ? 1 : edits;
}

/** `a`, `b` and `c` (or another word for `and`), in back-quotes. */
export function listing(names: Iterable<string>, word: 'and' | 'or' = 'and'): string {
  const quoted = [...names].map((name) => `\`${name}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${word} ${last}`;
}

/**
 * The help for a name that does not exist: the nearest one, or what there is if that is a short
 * list; nothing if there is nothing to choose.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...new Set(candidates)];
  const near = nearest(name, all);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (all.length === 0) return undefined;
  if (all.length === 1) return `there is only ${listing(all)}`;
  if (all.length <= 20) return `there are ${listing(all)}`;
  return undefined;
}
