import { permutation } from '../../permutation.js';
import type { Rng } from '../../rng.js';
import type { Augmentation } from '../augmentation.js';
import { type Box, between, drawCrop } from './draw-crop.js';
import { partsOf } from './parts-of.js';

/** The operations of colour jitter, as `ViewDraws.orders` numbers them. */
export const jitterOps = ['brightness', 'contrast', 'saturation', 'hue'] as const;

/** What was drawn for each image of a batch: plain numbers, made on the host. */
export interface ViewDraws {
  /** The part of each image that is seen. */
  readonly crops: readonly Box[];
  /** 1 where the image is mirrored. */
  readonly flips: Uint8Array;
  /** Degrees, counter-clockwise. */
  readonly angles: Float32Array;
  /** (n, 4): factors of brightness, contrast and saturation, shift of hue in turns; 1, 1, 1, 0 change nothing. */
  readonly factors: Float32Array;
  /** (n, 4): a permutation of 0 to 3 for each image. */
  readonly orders: Uint8Array;
  /** 1 where the image loses its colours. */
  readonly grays: Uint8Array;
  /** Standard deviation of the blur in pixels; 0 for none. */
  readonly sigmas: Float32Array;
  /** 1 where bright pixels are inverted. */
  readonly solarised: Uint8Array;
  /** Of the cells of each image, one image's after another's, where they are changed by themselves. */
  readonly cells?: ViewDraws;
}

/**
 * Draws the changes of `count` images. Image i uses the stream `rng.split(number(i))`: what happens to it
 * depends on nothing else.
 */
export function drawViews(
  augmentation: Augmentation,
  image: { readonly count: number; readonly height: number; readonly width: number },
  rng: Rng,
  number: (place: number) => number = (place) => place,
): ViewDraws {
  const { count, height, width } = image;
  if (augmentation.cells !== undefined) {
    const { whole, cell } = partsOf(augmentation);
    const each = augmentation.cells ** 2;
    const cells = { count: count * each, height: cell.size, width: cell.size };
    const ofCell = (place: number): number =>
      each * number(Math.floor(place / each)) + (place % each);
    return {
      ...drawViews(whole, image, rng, number),
      cells: drawViews(cell, cells, rng.split('cells'), ofCell),
    };
  }
  const crops: Box[] = [];
  const draws = {
    flips: new Uint8Array(count),
    angles: new Float32Array(count),
    factors: new Float32Array(count * 4),
    orders: new Uint8Array(count * 4),
    grays: new Uint8Array(count),
    sigmas: new Float32Array(count),
    solarised: new Uint8Array(count),
  };
  const { crop, flip, rotation, grayscale, blur, solarise } = augmentation;
  for (let i = 0; i < count; i++) {
    const own = rng.split(number(i));
    const chance = (probability: number) => (own.uniform() < probability ? 1 : 0);
    crops.push(crop ? drawCrop(own, image, crop) : { top: 0, left: 0, height, width });
    draws.flips[i] = chance(flip);
    draws.angles[i] = between(own, { low: -rotation, high: rotation });
    draws.factors.set(drawFactors(own, augmentation.jitter), i * 4);
    draws.orders.set(permutation(own, jitterOps.length), i * 4);
    draws.grays[i] = chance(grayscale);
    draws.sigmas[i] = chance(blur.probability) * between(own, blur.sigma);
    draws.solarised[i] = chance(solarise.probability);
  }
  return { crops, ...draws };
}

/** The draws of several batches, one after another. */
export function joinDraws(all: readonly ViewDraws[]): ViewDraws {
  const [only] = all;
  if (all.length === 1 && only) return only;
  const bytes = (of: (draws: ViewDraws) => Uint8Array): Uint8Array =>
    joined(all.map(of), (length) => new Uint8Array(length));
  const floats = (of: (draws: ViewDraws) => Float32Array): Float32Array =>
    joined(all.map(of), (length) => new Float32Array(length));
  return {
    crops: all.flatMap(({ crops }) => crops),
    flips: bytes(({ flips }) => flips),
    angles: floats(({ angles }) => angles),
    factors: floats(({ factors }) => factors),
    orders: bytes(({ orders }) => orders),
    grays: bytes(({ grays }) => grays),
    sigmas: floats(({ sigmas }) => sigmas),
    solarised: bytes(({ solarised }) => solarised),
    ...(only?.cells && { cells: joinDraws(all.flatMap(({ cells }) => cells ?? [])) }),
  };
}

function joined<T extends Uint8Array | Float32Array>(
  parts: readonly T[],
  make: (length: number) => T,
): T {
  const whole = make(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** As torchvision's ColorJitter: 1 - x to 1 + x but not below 0; hue from -x to x. */
function drawFactors(rng: Rng, jitter: Augmentation['jitter']): readonly number[] {
  const { probability, brightness, contrast, saturation, hue } = jitter;
  const jittered = rng.uniform() < probability;
  const factors = [brightness, contrast, saturation].map((x) =>
    between(rng, { low: Math.max(0, 1 - x), high: 1 + x }),
  );
  const shift = between(rng, { low: -hue, high: hue });
  return jittered ? [...factors, shift] : [1, 1, 1, 0];
}
