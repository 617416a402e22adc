import { type HostArray, numbers } from './host-array.js';

/** Pixels to each side that a blur of at most this sigma reaches: three sigmas, at least one pixel. */
export function blurRadius(sigma: number, size: number): number {
  return Math.min(Math.max(1, Math.ceil(3 * sigma)), size - 1);
}

/** Kernels (n, 2 radius + 1) of a sigma in pixels each (0: no blur), sampled and normalised to 1. */
export function blurKernels(sigmas: Float32Array, radius: number): HostArray {
  const taps = 2 * radius + 1;
  const kernels = new Float32Array(sigmas.length * taps);
  const values = new Float64Array(taps);
  sigmas.forEach((sigma, i) => {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const value = tap === radius ? 1 : Math.exp(-0.5 * ((tap - radius) / sigma) ** 2);
      values[tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) kernels[i * taps + tap] = (values[tap] ?? 0) / sum;
  });
  return numbers(kernels, [sigmas.length, taps]);
}
