/** Levels that are looked at, about. */
const samples = 128;

/** A number that follows from some of an image's levels, and so tells most images apart: FNV-1a, twice 26 bits. */
export function sketchOf(pixels: Uint8Array): number {
  let [low, high] = [0x811c9dc5, 0x01000193];
  const least = Math.max(1, Math.floor(pixels.length / samples));
  // Of all three channels.
  const step = least % 3 === 0 ? least + 1 : least;
  for (let at = 0; at < pixels.length; at += step) {
    const level = pixels[at] ?? 0;
    low = Math.imul(low ^ level, 0x01000193);
    high = Math.imul(high ^ level, 0x5bd1e995);
  }
  return (low >>> 6) * 2 ** 26 + (high >>> 6);
}
