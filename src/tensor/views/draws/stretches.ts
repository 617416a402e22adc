import { type HostArray, numbers } from './host-array.js';

/** A stretch of one axis that is resized: pixels `start` to `start + length` of the input. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  /** Reversed: the last output pixel sees the start. */
  readonly mirrored: boolean;
}

/** Stretches of an axis of `input` pixels that become `size` pixels, as `resizeWeights` computes with them. */
export function stretchArrays(
  stretches: readonly Stretch[],
  input: number,
  size: number,
): Record<'centres' | 'slopes' | 'inside', HostArray> {
  const count = stretches.length;
  const centres = new Float32Array(count * size);
  const slopes = new Float32Array(count);
  const inside = new Float32Array(count * input);
  stretches.forEach(({ start, length, mirrored }, k) => {
    const step = length / size;
    slopes[k] = -1 / Math.max(step, 1);
    for (let t = 0; t < size; t++) {
      const place = mirrored ? size - 1 - t : t;
      centres[k * size + t] = start + (place + 0.5) * step;
    }
    inside.fill(1, k * input + start, k * input + start + length);
  });
  return {
    centres: numbers(centres, [count, size, 1]),
    slopes: numbers(slopes, [count, 1, 1]),
    inside: numbers(inside, [count, 1, input]),
  };
}
