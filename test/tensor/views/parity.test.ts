import { expect, it } from 'vitest';
import { asMatrix, asRank4 } from '../../../src/tensor/as-rank.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { applyDraws, normalisePlanes } from '../../../src/tensor/views/apply-views.js';
import type { Augmentation } from '../../../src/tensor/views/augmentation.js';
import { blur } from '../../../src/tensor/views/blur.js';
import { blurKernels } from '../../../src/tensor/views/draws/blur-kernels.js';
import { drawCrop } from '../../../src/tensor/views/draws/draw-crop.js';
import type { ViewDraws } from '../../../src/tensor/views/draws/draw-views.js';
import { grayMatrices, jitterArrays } from '../../../src/tensor/views/draws/jitter-arrays.js';
import { rotationArray } from '../../../src/tensor/views/draws/rotations.js';
import { evaluationView } from '../../../src/tensor/views/evaluation-view.js';
import { jitter } from '../../../src/tensor/views/jitter.js';
import { imagesToPlanes, planesToImages } from '../../../src/tensor/views/planes.js';
import { rotate } from '../../../src/tensor/views/rotate.js';
import { tensorOf, tensorsOf } from '../../../src/tensor/views/view-tensors.js';
import { expectClose, jsonOf, tensorsOf as referencesOf } from '../parity.js';

interface Cases {
  readonly boxes: readonly (readonly [number, number, number, number, 0 | 1])[];
  readonly orders: readonly (readonly number[])[];
  readonly blur: { readonly radius: number; readonly sigmas: readonly number[] };
  readonly angles: readonly number[];
  readonly whole: {
    readonly box: readonly [number, number, number, number];
    readonly factors: readonly number[];
    readonly sigma: number;
    readonly angle: number;
  };
  readonly crops: readonly {
    readonly height: number;
    readonly width: number;
    readonly scale: readonly [number, number];
    readonly ratio: readonly [number, number];
    readonly count: number;
    readonly mean: readonly number[];
    readonly std: readonly number[];
  }[];
}

const reference = referencesOf('views');
const cases = jsonOf<Cases>('views');
const at = (name: string): tf.Tensor4D => asRank4(pick(reference, name));
const numbers = (name: string): Float32Array =>
  Float32Array.from(pick(reference, name).dataSync<'float32'>());
const normalise = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] } as const;

const plain: Augmentation = {
  size: 16,
  crop: undefined,
  flip: 0,
  rotation: 0,
  jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
  grayscale: 0,
  blur: { probability: 0, sigma: { low: 0, high: 0 } },
  solarise: { probability: 0, threshold: 0.5 },
  normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
};
const all = { probability: 1, brightness: 1, contrast: 1, saturation: 1, hue: 0.5 };

/** Draws that change nothing. */
function nothing(count: number, height: number, width: number): ViewDraws {
  return {
    crops: Array.from({ length: count }, () => ({ top: 0, left: 0, height, width })),
    flips: new Uint8Array(count),
    angles: new Float32Array(count),
    factors: Float32Array.from({ length: count * 4 }, (_, i) => (i % 4 === 3 ? 0 : 1)),
    orders: Uint8Array.from({ length: count * 4 }, (_, i) => i % 4),
    grays: new Uint8Array(count),
    sigmas: new Float32Array(count),
    solarised: new Uint8Array(count),
  };
}

/** A function of colours (n, 3, p) as one of images (n, h, w, 3). */
function onImages(images: tf.Tensor4D, f: (colours: tf.Tensor3D) => tf.Tensor3D): tf.Tensor4D {
  const [n, height, width] = images.shape;
  const colours = imagesToPlanes(images).reshape<tf.Tensor3D>([n, 3, height * width]);
  return planesToImages(f(colours).reshape([n, 3, height, width]));
}

it('crops, resizes and mirrors as torchvision with antialiasing', () => {
  const planes = imagesToPlanes(at('images'));
  const crops = cases.boxes.map(([top, left, height, width]) => ({ top, left, height, width }));
  const flips = Uint8Array.from(cases.boxes, ([, , , , mirrored]) => mirrored);
  for (const size of [8, 16]) {
    const draws = { ...nothing(6, 24, 20), crops, flips };
    const y = applyDraws({ ...plain, size }, planes, draws);
    expectClose(`crop: to ${size}`, y, at(`crop.${size}`), 1e-6);
  }
});

it('crops with a bicubic filter as torchvision with antialiasing, clamped', () => {
  const planes = imagesToPlanes(at('images'));
  const crops = cases.boxes.map(([top, left, height, width]) => ({ top, left, height, width }));
  const flips = Uint8Array.from(cases.boxes, ([, , , , mirrored]) => mirrored);
  for (const size of [8, 16, 48]) {
    const draws = { ...nothing(6, 24, 20), crops, flips };
    const y = applyDraws({ ...plain, size, filter: 'bicubic' }, planes, draws);
    expectClose(`bicubic crop: to ${size}`, y, at(`bicubic.${size}`), 2e-6);
  }
});

it('shows the whole image at evaluation, from floats and from bytes', () => {
  for (const size of [12, 32]) {
    const y = evaluationView(at('images'), { size, normalise });
    expectClose(`evaluation: to ${size}`, y, at(`evaluation.${size}`), 1e-6);
  }
  const bytes = tf.tensor4d([0, 51, 255], [1, 1, 1, 3], 'int32');
  const y = evaluationView(bytes, { size: 1, normalise: plain.normalise });
  expectClose('evaluation: bytes', y, tf.tensor4d([0, 0.2, 1], [1, 1, 1, 3]), 1e-7);
});

it('changes brightness, contrast, saturation and hue by given factors', () => {
  const factors = numbers('factors');
  const neutral = [1, 1, 1, 0];
  ['brightness', 'contrast', 'saturation', 'hue'].forEach((name, op) => {
    const only = factors.map((value, i) => (i % 4 === op ? value : (neutral[i % 4] ?? 1)));
    const draws = { ...nothing(8, 6, 6), factors: only };
    const y = onImages(at('small'), (x) => jitter(x, tensorsOf(jitterArrays(draws, all)), all));
    expectClose(`colour: ${name}`, y, at(name), 3e-6);
  });
});

it('jitters each image in its own order, for all 24 orders', () => {
  const orders = Uint8Array.from(cases.orders.flat());
  for (const [name, factors] of [
    ['jitter', 'jitter.factors'],
    ['jitter.bright', 'jitter.bright.factors'],
  ] as const) {
    const draws = { orders, factors: numbers(factors) };
    const y = onImages(at('jitter.images'), (x) =>
      jitter(x, tensorsOf(jitterArrays(draws, all)), all),
    );
    expectClose(`jitter: ${name}`, y, at(name), 1e-5);
  }
});

it('leaves out hue and contrast where they have no strength', () => {
  const draws = { ...nothing(8, 6, 6), factors: new Float32Array(32).fill(0.5) };
  const weak = { ...all, contrast: 0, hue: 0 };
  const factors = draws.factors.map((value, i) => (i % 4 === 1 ? 1 : i % 4 === 3 ? 0 : value));
  const y = onImages(at('small'), (x) =>
    jitter(x, tensorsOf(jitterArrays({ ...draws, factors }, weak)), weak),
  );
  const z = onImages(at('small'), (x) =>
    jitter(x, tensorsOf(jitterArrays({ ...draws, factors }, all)), all),
  );
  expectClose('jitter: without hue', y, z, 1e-6);
});

it('takes colours away from the chosen images only', () => {
  const x = at('small');
  const y = onImages(x, (colours) =>
    tf.matMul(tensorOf(grayMatrices(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0))), colours),
  );
  const expected = tf.concat([at('grayscale').slice(0, 4), x.slice(4)]);
  expectClose('grayscale', y, expected, 1e-6);
});

it('blurs each image by its own sigma as gaussian_blur does', () => {
  const { radius, sigmas } = cases.blur;
  const planes = imagesToPlanes(at('square'));
  const y = planesToImages(
    blur(planes, asMatrix(tensorOf(blurKernels(Float32Array.from(sigmas), radius)))),
  );
  expectClose('blur', y, at('blur'), 1e-6);
  const z = planesToImages(
    blur(planes, asMatrix(tensorOf(blurKernels(new Float32Array(4), radius)))),
  );
  expectClose('blur: none', z, at('square'), 1e-7);
});

it('rotates counter-clockwise as torchvision does with bilinear sampling', () => {
  const [, height, width] = at('square').shape;
  const y = rotate(
    at('square'),
    asMatrix(tensorOf(rotationArray(Float32Array.from(cases.angles), height, width))),
  );
  expectClose('rotate', y, at('rotate'), 2e-5);
});

it('inverts bright pixels of the chosen images', () => {
  const solarised = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0);
  const view = { ...plain, size: 6, solarise: { probability: 1, threshold: 0.5 } };
  const draws = { ...nothing(8, 6, 6), solarised };
  const y = applyDraws(view, imagesToPlanes(at('small')), draws);
  const expected = tf.concat([at('solarise').slice(0, 7), at('small').slice(7)]);
  expectClose('solarise', y, expected, 1e-6);
});

it('does everything in the documented order', () => {
  const [top, left, height, width] = cases.whole.box;
  const count = 4;
  const view: Augmentation = {
    ...plain,
    rotation: 30,
    jitter: all,
    grayscale: 0.5,
    blur: { probability: 1, sigma: { low: 0.5, high: 1 } },
    solarise: { probability: 1, threshold: 0.5 },
    normalise,
  };
  const draws: ViewDraws = {
    crops: Array.from({ length: count }, () => ({ top, left, height, width })),
    flips: new Uint8Array(count).fill(1),
    angles: new Float32Array(count).fill(cases.whole.angle),
    factors: Float32Array.from(Array.from({ length: count }, () => cases.whole.factors).flat()),
    orders: Uint8Array.from(Array.from({ length: count }, () => [2, 0, 3, 1]).flat()),
    grays: Uint8Array.of(0, 0, 1, 1),
    sigmas: new Float32Array(count).fill(cases.whole.sigma),
    solarised: new Uint8Array(count).fill(1),
  };
  const y = applyDraws(view, imagesToPlanes(at('whole.images')), draws);
  expectClose('whole view', y, at('whole'), 1e-4);
});

it('normalises nothing by a mean of 0 and a deviation of 1', () => {
  const planes = imagesToPlanes(at('small'));
  expect(normalisePlanes(planes, plain.normalise)).toBe(planes);
});

it('draws crops with the distribution of RandomResizedCrop', () => {
  for (const { height, width, scale, ratio, count, mean, std } of cases.crops) {
    const rng = createRng(0, 'crops', width);
    const ranges = {
      scale: { low: scale[0], high: scale[1] },
      ratio: { low: ratio[0], high: ratio[1] },
    };
    const drawn = Array.from({ length: count }, () => {
      const box = drawCrop(rng, { height, width }, ranges);
      const area = (box.height * box.width) / (height * width);
      return [box.top, box.left, box.height, box.width, area, Math.log(box.width / box.height)];
    });
    mean.forEach((expected, column) => {
      const values = drawn.map((row) => row[column] ?? Number.NaN);
      const own = values.reduce((sum, value) => sum + value, 0) / count;
      const spread = Math.sqrt(
        values.reduce((sum, value) => sum + (value - own) ** 2, 0) / (count - 1),
      );
      const deviation = std[column] ?? Number.NaN;
      // Both sides are samples: five standard errors of a difference (and rounding, where all agree).
      const error = deviation * Math.sqrt(2 / count) + 1e-12;
      expect(
        Math.abs(own - expected),
        `mean ${column} of ${height} x ${width}`,
      ).toBeLessThanOrEqual(5 * error);
      expect(Math.abs(spread - deviation), `spread ${column}`).toBeLessThanOrEqual(5 * error);
    });
  }
});
