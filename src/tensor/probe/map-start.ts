import type { Rng } from '../rng.js';

/** A map begins in a square with sides of this. */
const extent = 10;

/** Keeps images with the same features, and those on a line, apart; as a share of the extent. */
const noise = 1e-5;

/** Places (n, 2) stretched along both axes to the square in which a map begins, after a little noise. */
export function mapStart(places: Float64Array, rng: Rng): Float64Array {
  const widest = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const start = places.map((value) => value + noise * widest * rng.normal());
  for (const axis of [0, 1]) {
    const along = start.filter((_, at) => at % 2 === axis);
    const low = along.reduce((a, b) => Math.min(a, b));
    const high = along.reduce((a, b) => Math.max(a, b));
    for (let at = axis; at < start.length; at += 2) {
      start[at] = (extent * ((start[at] ?? 0) - low)) / (high - low);
    }
  }
  return start;
}
