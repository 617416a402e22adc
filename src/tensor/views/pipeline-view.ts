import type { Augmentation, Interval, Normalise } from './augmentation.js';

/** torchvision's for ImageNet. */
export const imagenetNormalise: Normalise = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** What official pipelines differ in; probabilities 0 to 1. */
export interface Pipeline {
  readonly size: number;
  readonly scale: Interval;
  readonly ratio: Interval;
  readonly filter: 'bilinear' | 'bicubic';
  readonly flip: number;
  readonly rotation: number;
  /** Probability of the jitter, and its strengths: brightness, contrast, saturation, hue. */
  readonly jitter: number;
  readonly strengths: readonly [number, number, number, number];
  readonly grayscale: number;
  readonly blur: number;
  readonly solarise: number;
  /** Standard deviation of the blur in pixels of an image of `at` pixels: it shrinks with the image. */
  readonly sigma: Interval;
  readonly at: number;
  readonly normalise: Normalise;
}

/** One view of an official pipeline. */
export function pipelineView(pipeline: Pipeline): Augmentation {
  const { size, scale, ratio, filter, flip, rotation, grayscale, sigma, at, normalise } = pipeline;
  const [brightness, contrast, saturation, hue] = pipeline.strengths;
  const pixels = size / at;
  return {
    size,
    crop: { scale, ratio },
    filter,
    flip,
    rotation,
    jitter: { probability: pipeline.jitter, brightness, contrast, saturation, hue },
    grayscale,
    blur: {
      probability: pipeline.blur,
      sigma: { low: sigma.low * pixels, high: sigma.high * pixels },
    },
    solarise: { probability: pipeline.solarise, threshold: 0.5 },
    normalise,
  };
}
