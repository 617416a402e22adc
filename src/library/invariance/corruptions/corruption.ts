import type { Rng } from '../../../tensor/rng.js';

/** An image that is corrupted: pixels (size, size, 3) from 0 to 1, and the severity from 1 to 5. */
export interface Corrupted {
  readonly pixels: Float64Array;
  readonly size: number;
  readonly strength: number;
  readonly rng: Pick<Rng, 'uniform' | 'normal'>;
}

/** Pixels as they become; what leaves 0 to 1 is cut off. */
export type Corruption = (image: Corrupted) => Float64Array;

/** One that is made by a library that works beside. */
export type LaterCorruption = (image: Corrupted) => Promise<Float64Array>;

export const cut = (value: number): number => Math.min(1, Math.max(0, value));
