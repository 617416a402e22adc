import type { Augmentation } from '../augmentation.js';
import { jitterOps, type ViewDraws } from './draw-views.js';
import { type HostArray, type HostArrays, numbers } from './host-array.js';

/** Weights of red, green and blue in gray, as torchvision has them (they sum to 0.9999). */
export const grayWeights = [0.2989, 0.587, 0.114] as const;

const hue = jitterOps.indexOf('hue');

/** Between the steps of a jitter colours go from 0 to this. */
export const jitterRange = 6;

/** What `jitter` computes with: matrices (n, 3, 3) and offsets (n, 1, 1) of each step, shifts of hue (n, 1, 1). */
export function jitterArrays(
  { factors, orders }: Pick<ViewDraws, 'factors' | 'orders'>,
  strengths: Augmentation['jitter'],
): HostArrays {
  const count = orders.length / 4;
  const drawn: Record<string, HostArray> = {};
  planSteps(factors, orders, strengths.hue > 0).forEach(({ matrices, offsets }, step) => {
    drawn[`matrices${step}`] = numbers(matrices, [count, 3, 3]);
    if (strengths.contrast > 0) drawn[`offsets${step}`] = numbers(offsets, [count, 1, 1]);
  });
  if (strengths.hue > 0) {
    drawn.shifts = numbers(
      factors.filter((_, at) => at % 4 === hue),
      [count, 1, 1],
    );
  }
  return drawn;
}

/** What one step does to each image. */
interface Step {
  /** (n, 3, 3): new channels from old ones. */
  readonly matrices: Float32Array;
  /** (n): how much of the image's mean gray is added. */
  readonly offsets: Float32Array;
}

function planSteps(factors: Float32Array, orders: Uint8Array, withHue: boolean): readonly Step[] {
  const count = orders.length / 4;
  const steps = Array.from({ length: withHue ? 6 : 3 }, () => ({
    matrices: new Float32Array(count * 9),
    offsets: new Float32Array(count),
  }));
  steps.forEach(({ matrices }, k) => {
    for (let i = 0; i < count; i++) setMatrix(matrices, i, scaleOf(k), 0);
  });
  for (let i = 0; i < count; i++) {
    let next = 0;
    for (const op of orders.subarray(i * 4, i * 4 + 4)) {
      if (op === hue) {
        if (withHue) next = 3;
        continue;
      }
      const scale = scaleOf(next);
      const step = steps[next++];
      const factor = factors[i * 4 + op] ?? 1;
      if (step === undefined || factor === 1) continue;
      const rest = scale * (1 - factor);
      setMatrix(step.matrices, i, scale * factor, jitterOps[op] === 'saturation' ? rest : 0);
      if (jitterOps[op] === 'contrast') step.offsets[i] = rest;
    }
  }
  return steps;
}

/** The first step takes colours from 0 to 1. */
function scaleOf(step: number): number {
  return step === 0 ? jitterRange : 1;
}

/** x becomes `factor` x + `gray` gray(x). */
function setMatrix(matrices: Float32Array, image: number, factor: number, gray: number): void {
  for (let to = 0; to < 3; to++) {
    for (let from = 0; from < 3; from++) {
      const share = gray * (grayWeights[from] ?? 0);
      matrices[image * 9 + to * 3 + from] = to === from ? share + factor : share;
    }
  }
}

/** Matrices (n, 3, 3) that make colours gray in all three channels, in the chosen images (1 in `grays`) only. */
export function grayMatrices(grays: Uint8Array): HostArray {
  const matrices = new Float32Array(grays.length * 9);
  grays.forEach((gray, i) => {
    setMatrix(matrices, i, gray === 1 ? 0 : 1, gray);
  });
  return numbers(matrices, [grays.length, 3, 3]);
}
