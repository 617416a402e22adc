import type { Scaling } from './standardise.js';

/** Batch normalisation of features, without weights of its own: `torch.nn.BatchNorm1d(d, affine=False, eps=1e-6)`. */
export interface RunningScaling {
  /** A batch (n, d) by its own mean and deviation; the running ones move by a tenth towards these. */
  normalise(batch: Float64Array): Float64Array;
  /** By the running statistics. */
  scaling(): Scaling;
}

const epsilon = 1e-6;
const share = 0.1;

/** Leaves features as they are. */
export const unscaled = (d: number): Scaling => ({
  mean: new Float64Array(d),
  deviation: new Float64Array(d).fill(1),
});

export function runningScaling(d: number): RunningScaling {
  const mean = new Float64Array(d);
  const variance = new Float64Array(d).fill(1);
  return {
    normalise(batch) {
      const n = batch.length / d;
      const normalised = new Float64Array(batch.length);
      for (let j = 0; j < d; j++) {
        let centre = 0;
        for (let i = j; i < batch.length; i += d) centre += (batch[i] ?? 0) / n;
        let squares = 0;
        for (let i = j; i < batch.length; i += d) squares += ((batch[i] ?? 0) - centre) ** 2;
        const deviation = Math.sqrt(squares / n + epsilon);
        for (let i = j; i < batch.length; i += d) {
          normalised[i] = ((batch[i] ?? 0) - centre) / deviation;
        }
        // The running variance is the unbiased one.
        mean[j] = (1 - share) * (mean[j] ?? 0) + share * centre;
        variance[j] = (1 - share) * (variance[j] ?? 0) + (share * squares) / (n - 1);
      }
      return normalised;
    },
    scaling: () => ({
      mean: mean.slice(),
      deviation: variance.map((value) => Math.sqrt(value + epsilon)),
    }),
  };
}
