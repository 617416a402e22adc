import { describe } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import { defocusBlur, gaussianBlur, glassBlur, zoomBlur } from './corruptions/blur.js';
import type { Corruption, LaterCorruption } from './corruptions/corruption.js';
import { contrast, pixelate, saturate } from './corruptions/digital.js';
import { elasticTransform } from './corruptions/elastic.js';
import { frost } from './corruptions/frost.js';
import { jpegCompression } from './corruptions/jpeg.js';
import { motionBlur } from './corruptions/motion.js';
import { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from './corruptions/noise.js';
import { snow } from './corruptions/snow.js';
import { spatter } from './corruptions/spatter.js';
import { brightness, fog } from './corruptions/weather.js';

type Kind = Signatures['values']['std.invariance.corruption']['args']['kind'];

/** By their names in ImageNet-C. */
export const corruptions: Readonly<Record<Kind, Corruption | LaterCorruption>> = {
  gaussian_noise: gaussianNoise,
  shot_noise: shotNoise,
  impulse_noise: impulseNoise,
  speckle_noise: speckleNoise,
  gaussian_blur: gaussianBlur,
  defocus_blur: defocusBlur,
  glass_blur: glassBlur,
  motion_blur: motionBlur,
  zoom_blur: zoomBlur,
  snow,
  frost,
  fog,
  spatter,
  brightness,
  contrast,
  saturate,
  elastic_transform: elasticTransform,
  pixelate,
  jpeg_compression: jpegCompression,
};

/** `std.invariance.corruption`: one of those of ImageNet-C. */
export const make = describe('std.invariance.corruption', ({ kind }) => ({
  apply: corruptions[kind],
}));
