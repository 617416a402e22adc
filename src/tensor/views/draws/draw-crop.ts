import type { Rng } from '../../rng.js';
import type { Interval } from '../augmentation.js';

/** A part of an image, in whole pixels. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Draws a crop of an image: an area share from `scale` and, on a logarithmic scale, an aspect
 * ratio (w / h) from `ratio`; ten tries, then the largest centred crop whose ratio is allowed.
 *
 * Source: torchvision 0.29 transforms/v2/_geometry.py, RandomResizedCrop.make_params.
 */
export function drawCrop(
  rng: Rng,
  image: { readonly height: number; readonly width: number },
  { scale, ratio }: { readonly scale: Interval; readonly ratio: Interval },
): Box {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = image.height * image.width * between(rng, scale);
    const aspect = Math.exp(between(rng, { low: Math.log(ratio.low), high: Math.log(ratio.high) }));
    const width = roundHalfEven(Math.sqrt(area * aspect));
    const height = roundHalfEven(Math.sqrt(area / aspect));
    if (width > 0 && width <= image.width && height > 0 && height <= image.height) {
      const top = rng.below(image.height - height + 1);
      const left = rng.below(image.width - width + 1);
      return { top, left, height, width };
    }
  }
  return centred(image, ratio);
}

/** A number drawn uniformly from an interval. */
export function between(rng: Rng, { low, high }: Interval): number {
  return low + (high - low) * rng.uniform();
}

function centred(image: { height: number; width: number }, ratio: Interval): Box {
  let { height, width } = image;
  if (image.width / image.height < ratio.low) height = roundHalfEven(width / ratio.low);
  else if (image.width / image.height > ratio.high) width = roundHalfEven(height * ratio.high);
  return {
    top: Math.floor((image.height - height) / 2),
    left: Math.floor((image.width - width) / 2),
    height,
    width,
  };
}

/** As Python rounds. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
