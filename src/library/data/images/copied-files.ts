import { createHash } from 'node:crypto';
import { readSource } from '../decode/image-source.js';
import type { DataFile, FilePlace } from '../files/data-file.js';

/** The last bytes of a file that are read where another has its length: a header is alike in many. */
const tail = 4096;

/**
 * For each file that has the very bytes of others, the place of the first of them: its own for that one.
 * Files of a length that no other has are not read, and all of a file only where its end is another's.
 */
export function copiedFiles(files: readonly DataFile[]): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const sameLength of alike(files.keys(), (at) => String(placeOf(files, at).length))) {
    for (const sameEnd of alike(sameLength, (at) => digestOf(endOf(placeOf(files, at))))) {
      for (const same of alike(sameEnd, (at) => digestOf(placeOf(files, at)))) {
        const [representative = 0] = same;
        for (const at of same) first.set(at, representative);
      }
    }
  }
  return first;
}

/** Groups of two or more places that have the same key, each in their order. */
function alike(
  places: Iterable<number>,
  keyOf: (place: number) => string,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const place of places) {
    const key = keyOf(place);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

const placeOf = (files: readonly DataFile[], at: number): FilePlace =>
  files[at]?.source ?? { path: '', start: 0, length: 0 };

function endOf({ path, start, length }: FilePlace): FilePlace {
  const bytes = Math.min(length, tail);
  return { path, start: start + length - bytes, length: bytes };
}

const digestOf = (place: FilePlace): string =>
  createHash('sha256').update(readSource(place)).digest('base64');
