import type { Images } from '../artifact/images.js';

/**
 * Finds items by what a list calls them: those of that very name; where there are none, those whose name
 * is a path with the same last parts, as far as both go. Extensions count where both have one, and
 * `\\` is `/`.
 */
export function itemsByName({ items }: Images): (name: string) => readonly number[] {
  const byName = new Map<string, number[]>();
  const byFile = new Map<string, number[]>();
  items.forEach(({ name }, index) => {
    put(byName, name, index);
    put(byFile, fileOf(partsOf(name)), index);
  });
  return (name) => {
    const exact = byName.get(name);
    if (exact) return exact;
    const parts = partsOf(name);
    const candidates = byFile.get(fileOf(parts)) ?? [];
    return candidates.filter((index) => endAlike(parts, partsOf(items[index]?.name ?? '')));
  };
}

function put(map: Map<string, number[]>, name: string, index: number): void {
  const places = map.get(name);
  if (places) places.push(index);
  else map.set(name, [index]);
}

const partsOf = (path: string): readonly string[] =>
  path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');

const extension = /\.[A-Za-z]{3,4}$/;

/** The last part, without extension. */
const fileOf = (parts: readonly string[]): string => (parts.at(-1) ?? '').replace(extension, '');

function endAlike(a: readonly string[], b: readonly string[]): boolean {
  const [fileA = '', fileB = ''] = [a.at(-1), b.at(-1)];
  if (extension.test(fileA) && extension.test(fileB) && fileA !== fileB) return false;
  const folders = Math.min(a.length, b.length) - 1;
  return Array.from({ length: folders }, (_, back) => back + 2).every(
    (back) => a.at(-back) === b.at(-back),
  );
}
