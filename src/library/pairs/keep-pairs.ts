/** An image, and one of its nearest neighbours. */
export interface Found {
  readonly image: number;
  readonly other: number;
  /** Cosine. */
  readonly similarity: number;
}

/** What of the neighbours becomes a pair. */
interface Wanted {
  /** Each is among the other's neighbours. */
  readonly mutual: boolean;
  /** The least similarity. */
  readonly threshold: number | null;
}

/** The pairs that neighbours make, each once, in the order of the images that begin them and then of nearness. */
export function keepPairs(
  found: readonly Found[],
  { mutual, threshold }: Wanted,
): readonly Found[] {
  const size = 2 ** 26; // more images than there are, and squared still exact
  const keyOf = ({ image, other }: Pick<Found, 'image' | 'other'>): number => image * size + other;
  const all = new Set(found.map(keyOf));
  const sorted = [...found].sort((a, b) => a.image - b.image);
  return sorted.filter((pair) => {
    const back = all.has(keyOf({ image: pair.other, other: pair.image }));
    if (threshold !== null && pair.similarity < threshold) return false;
    // Found from both sides: kept where it begins with the image that stands first.
    return back ? pair.image < pair.other : !mutual;
  });
}
