/** Squares of numbers between these, and sums of many of them, are numbers of float32. */
const range = { from: 1e-12, to: 1e12 };

/**
 * Features whose squares are numbers of float32: as they are, or where the largest is far too large or too small all of
 * them divided by one power of 2, which changes no order of distances and rounds nothing.
 */
export function inRange(features: Float32Array): Float32Array {
  const largest = features.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || (largest > range.from && largest < range.to)) return features;
  const scale = 2 ** Math.floor(Math.log2(largest));
  return features.map((value) => value / scale);
}
