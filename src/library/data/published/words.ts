import { readFileSync } from 'node:fs';

/**
 * Words of WordNet ids, of lines such as `n01440764<TAB>tench, Tinca tinca` (or a blank in place of the
 * tab): all words together, and each.
 */
export function readWords(path: string): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, wnid, text] = /^(n\d{8})\s+(.*?)\s*$/.exec(line) ?? [];
    if (wnid !== undefined && text) words.set(wnid, namesOf(text));
  }
  return words;
}

/** The names that words of a class give: `tench, Tinca tinca`, `tench`, `Tinca tinca`. */
export const namesOf = (text: string): readonly string[] => [
  ...new Set([text, ...text.split(',').map((word) => word.trim())]),
];
