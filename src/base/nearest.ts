import { distance } from 'fastest-levenshtein';

/**
 * How a name can resemble a candidate, the best first: it begins the candidate (`enc`, `encoder`);
 * few edits lie between (one, or a fifth of its letters); the candidate begins it (`batch_size`,
 * `batch`); the candidate is a word of it; it is a word of the candidate, and of no other; one is
 * the other with letters left out inside (`cols`, `columns`); more edits lie between.
 */
const resemblances = ['start', 'typo', 'stem', 'word', 'part', 'short', 'edits'] as const;

interface Likeness {
  readonly candidate: string;
  readonly as: (typeof resemblances)[number];
  readonly edits: number;
}

/**
 * The candidate that the name was probably meant to be. One that differs only in case wins; else
 * the best resemblance; of equal ones one with the fewest edits, of these one with the fewest where
 * case counts, and of these the first. Edits are at most a third of the name's length and one, and
 * half of the candidate's. Candidates of one or two letters are
 * near to everything and therefore to nothing. In a list of more than a thousand only those with the
 * same first letter are looked at.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const all = [...candidates].filter((candidate) => candidate !== name);
  const same = all.find((candidate) => candidate.toLowerCase() === lower);
  if (same !== undefined) return same;
  const known = all.length > 1000 ? all.filter((candidate) => candidate[0] === name[0]) : all;
  const like = known.flatMap((candidate) => likeness(lower, candidate) ?? []);
  for (const as of resemblances) {
    const alike = like.filter((found) => found.as === as);
    if (as === 'part' && alike.length > 1) continue;
    const letters = least(alike, ({ edits }) => edits);
    const [best] = least(letters, ({ candidate }) => editsBetween(name, candidate));
    if (best) return best.candidate;
  }
  return undefined;
}

/** Those of which a number is least, in their order. */
function least<T>(all: readonly T[], of: (one: T) => number): readonly T[] {
  const numbers = all.map(of);
  const least = Math.min(...numbers);
  return all.filter((_, i) => numbers[i] === least);
}

/** The best resemblance of a name in lower case to a candidate, if there is one. */
function likeness(name: string, candidate: string): Likeness | undefined {
  const other = candidate.toLowerCase();
  if (other.length < 3) return undefined;
  const more = Math.abs(other.length - name.length);
  if (name.length >= 3 && other.startsWith(name)) return { candidate, as: 'start', edits: more };
  const limit = Math.min(Math.floor(0.34 * name.length) + 1, other.length / 2);
  const edits = more <= limit ? editsBetween(name, other) : Number.POSITIVE_INFINITY;
  if (edits <= Math.min(limit, Math.max(1, name.length / 5)))
    return { candidate, as: 'typo', edits };
  const as = containment(name, other);
  if (as !== undefined) return { candidate, as, edits: more };
  return edits <= limit ? { candidate, as: 'edits', edits } : undefined;
}

/** How one of two names stands in the other, if it does. */
function containment(name: string, other: string): Likeness['as'] | undefined {
  const [long, short] = name.length > other.length ? [name, other] : [other, name];
  if (short.length < 3) return undefined;
  const half = short.length * 2 >= long.length;
  const word = wordIn(short, long);
  if (long === name && long.startsWith(short) && (half || word === 0)) return 'stem';
  if (word !== undefined) return long === name ? 'word' : 'part';
  const ends = long[0] === short[0] && long.at(-1) === short.at(-1);
  return half && ends && leftOut(short, long) ? 'short' : undefined;
}

/** Where a text stands in another with no letter or digit next to it. */
function wordIn(word: string, text: string): number | undefined {
  const letter = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + word.length]];
    if (!letter.test(before) && !letter.test(after)) return at;
  }
  return undefined;
}

/** Are the letters of the short text in the long one, in their order? */
function leftOut(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
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
