import { expect, it } from 'vitest';
import { asRank4 } from '../../../src/tensor/as-rank.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { applyDraws } from '../../../src/tensor/views/apply-views.js';
import type { Augmentation } from '../../../src/tensor/views/augmentation.js';
import type { ViewDraws } from '../../../src/tensor/views/draws/draw-views.js';
import { imagesToPlanes } from '../../../src/tensor/views/planes.js';
import { expectClosePlain, jsonOf, tensorsOf } from '../parity.js';

/**
 * How far views are from those that official pipelines make with Pillow, in levels of 8 bits. They are
 * torchvision's on floats to a rounding (parity.test.ts); Pillow rounds after each operation, has hues
 * in 256 steps, and blurs by three boxes instead of a Gaussian.
 */
const reference = tensorsOf('views_pil');
const cases = jsonOf<{
  readonly box: readonly [number, number, number, number];
  readonly to: number;
  readonly factors: readonly [number, number, number, number];
  readonly sigmas: readonly number[];
}>('views_pil');
const at = (name: string): tf.Tensor4D => asRank4(pick(reference, name));
const size = at('images').shape[1];
const count = at('images').shape[0];

const none = { probability: 0, brightness: 1, contrast: 1, saturation: 1, hue: 0.5 };
const plain: Augmentation = {
  size,
  crop: undefined,
  flip: 0,
  rotation: 0,
  jitter: none,
  grayscale: 0,
  blur: { probability: 0, sigma: { low: 0, high: 0 } },
  solarise: { probability: 0, threshold: 128 / 255 },
  normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
};
const whole = { top: 0, left: 0, height: size, width: size };
const same = <T>(value: T): T[] => Array.from({ length: count }, () => value);
const draws: ViewDraws = {
  crops: same(whole),
  flips: Uint8Array.from(same(0)),
  angles: Float32Array.from(same(0)),
  factors: Float32Array.from(same([1, 1, 1, 0]).flat()),
  orders: Uint8Array.from(same([0, 1, 2, 3]).flat()),
  grays: Uint8Array.from(same(0)),
  sigmas: Float32Array.from(same(0)),
  solarised: Uint8Array.from(same(0)),
};

/** Checks the largest and the mean difference, in levels. */
function compare(
  item: string,
  [view, drawn]: readonly [Partial<Augmentation>, Partial<ViewDraws>],
  { largest, mean }: { readonly largest: number; readonly mean: number },
): void {
  const planes = imagesToPlanes(tf.div(at('images'), 255));
  const made = applyDraws({ ...plain, ...view }, planes, { ...draws, ...drawn });
  const levels = tf.mul(made, 255).dataSync();
  const expected = at(item).dataSync();
  const far = Array.from(levels, (value, index) =>
    Math.abs(value - (expected[index] ?? Number.NaN)),
  );
  const average = far.reduce((sum, value) => sum + value, 0) / far.length;
  const span = [255];
  expectClosePlain(`Pillow, largest: ${item}`, [255 + Math.max(...far)], span, largest / 255);
  expectClosePlain(`Pillow, mean: ${item}`, [255 + average], span, mean / 255);
  if (process.env.PILLOW_REPORT === '1') {
    console.log(
      `${item}: largest ${Math.max(...far).toFixed(2)}, mean ${average.toFixed(3)} levels`,
    );
  }
}

const [top, left, height, width] = cases.box;
const crops = same({ top, left, height, width });
const jitter = { ...none, probability: 1 };
const only = (op: number): Float32Array =>
  Float32Array.from(
    same([1, 1, 1, 0].map((value, i) => (i === op ? (cases.factors[i] ?? value) : value))).flat(),
  );

it('crops as Pillow to a rounding', () => {
  for (const filter of ['bilinear', 'bicubic'] as const) {
    compare(filter, [{ size: cases.to, filter }, { crops }], { largest: 1.5, mean: 0.4 });
  }
});

it('changes colours as Pillow to a rounding, hue to its 256 steps', () => {
  ['brightness', 'contrast', 'saturation'].forEach((name, op) => {
    compare(name, [{ jitter }, { factors: only(op) }], { largest: 1.5, mean: 0.6 });
  });
  compare('hue', [{ jitter }, { factors: only(3) }], { largest: 13, mean: 1.5 });
  const grays = Uint8Array.from(same(1));
  compare('grayscale', [{ grayscale: 1 }, { grays }], { largest: 1.5, mean: 0.6 });
  const solarise = { ...plain.solarise, probability: 1 };
  compare('solarise', [{ solarise }, { solarised: grays }], { largest: 0.01, mean: 0.01 });
});

it('blurs about as Pillow', () => {
  for (const sigma of cases.sigmas) {
    const blur = { probability: 1, sigma: { low: sigma, high: sigma } };
    const sigmas = Float32Array.from(same(sigma));
    compare(`blur.${sigma}`, [{ blur }, { sigmas }], { largest: 12, mean: 1 });
  }
});

it('makes a whole view about as Pillow', () => {
  const view: Partial<Augmentation> = {
    size: cases.to,
    filter: 'bicubic',
    jitter,
    blur: { probability: 1, sigma: { low: 0.5, high: 0.5 } },
  };
  const drawn: Partial<ViewDraws> = {
    crops,
    flips: Uint8Array.from(same(1)),
    factors: Float32Array.from(same(cases.factors).flat()),
    orders: Uint8Array.from(same([2, 3, 0, 1]).flat()),
    sigmas: Float32Array.from(same(0.5)),
  };
  compare('whole', [view, drawn], { largest: 12, mean: 2.5 });
  expect(at('whole').shape).toEqual([count, cases.to, cases.to, 3]);
});
