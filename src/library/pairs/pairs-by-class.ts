import type { Pairs } from '../artifact/pairs.js';

/**
 * The numbers of the pairs of each class, ascending; classes in their order. A pair is of the class of
 * its first image, whatever the second one shows.
 */
export function pairsByClass(
  { count, images, pairs }: Pairs,
  label = 'class',
): ReadonlyMap<string, readonly number[]> {
  const { values, numbers } = images.labels(label);
  const members = values.map((): number[] => []);
  for (let pair = 0; pair < count; pair++) {
    members[numbers[pairs[2 * pair] ?? -1] ?? -1]?.push(pair);
  }
  return new Map(
    values.flatMap((name, number) => {
      const of = members[number] ?? [];
      return of.length === 0 ? [] : [[name, of] as const];
    }),
  );
}

/** The images of some pairs, pair by pair. */
export function pairsAt({ pairs }: Pairs, numbers: readonly number[]): Int32Array {
  return Int32Array.from(
    numbers.flatMap((pair) => [pairs[2 * pair] ?? -1, pairs[2 * pair + 1] ?? -1]),
  );
}
