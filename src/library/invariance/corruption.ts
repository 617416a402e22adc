import { describe } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import { defocusBlur, gaussianBlur, glassBlur, zoomBlur } from './corruptions/blur.js';
import type { Corruption } from './corruptions/corruption.js';
import { contrast, pixelate, saturate } from './corruptions/digital.js';
import { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from './corruptions/noise.js';
import { brightness, fog } from './corruptions/weather.js';

type Kind = Signatures['values']['std.invariance.corruption']['args']['kind'];

/** By their names in ImageNet-C. */
export const corruptions: Readonly<Record<Kind, Corruption>> = {
  gaussian_noise: gaussianNoise,
  shot_noise: shotNoise,
  impulse_noise: impulseNoise,
  speckle_noise: speckleNoise,
  gaussian_blur: gaussianBlur,
  defocus_blur: defocusBlur,
  glass_blur: glassBlur,
  zoom_blur: zoomBlur,
  fog,
  brightness,
  contrast,
  saturate,
  pixelate,
};

/** `std.invariance.corruption`: one of those of ImageNet-C. */
export const make = describe('std.invariance.corruption', ({ kind }) => ({
  apply: corruptions[kind],
}));
