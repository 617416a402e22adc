import { asMatrix, asRank4 } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { tf } from '../tf.js';
import { normalisePlanes } from '../views/apply-views.js';
import type { Normalise } from '../views/augmentation.js';
import { planesOfPixels, planesToImages } from '../views/planes.js';
import { resize } from '../views/resize.js';
import type { Canvases } from './faster-rcnn.js';

/** Where an image lies in its stored square, and how it comes onto the canvas. */
export interface Laid {
  /** Left, top, right, bottom in whole pixels of the square. */
  readonly place: readonly [number, number, number, number];
  /** Height and width on the canvas, at whose top left it lies, in whole pixels. */
  readonly height: number;
  readonly width: number;
  readonly mirrored: boolean;
}

/**
 * What {@link canvasesOf} computes with, for images (b, from, from, 3), 0 to 255, on canvases of `to` pixels:
 * planes, and for rows and columns where each pixel of the canvas lies in the square.
 */
export function canvasInputs(
  pixels: Uint8Array,
  laid: readonly Laid[],
  { from, to }: { readonly from: number; readonly to: number },
): NamedTensors {
  return {
    planes: planesOfPixels(pixels, from),
    ...axis(
      'rows',
      laid.map(({ place, height }) => ({
        start: place[1],
        end: place[3],
        length: height,
        mirrored: false,
      })),
      from,
      to,
    ),
    ...axis(
      'columns',
      laid.map(({ place, width, mirrored }) => ({
        start: place[0],
        end: place[2],
        length: width,
        mirrored,
      })),
      from,
      to,
    ),
    extents: tf.tensor2d(
      laid.flatMap(({ height, width }) => [height, width]),
      [laid.length, 2],
    ),
  };
}

interface Along {
  /** Of the square. */
  readonly start: number;
  readonly end: number;
  /** On the canvas. */
  readonly length: number;
  readonly mirrored: boolean;
}

/** Stretches of an axis; what lies behind an image repeats its last pixel, and is taken away later. */
function axis(name: string, images: readonly Along[], from: number, to: number): NamedTensors {
  const centres = new Float32Array(images.length * to);
  const slopes = new Float32Array(images.length);
  const inside = new Float32Array(images.length * from);
  images.forEach(({ start, end, length, mirrored }, image) => {
    const step = (end - start) / length;
    slopes[image] = -1 / Math.max(step, 1);
    for (let at = 0; at < to; at++) {
      const within = Math.min(at, length - 1);
      const place = mirrored ? length - 1 - within : within;
      centres[image * to + at] = start + (place + 0.5) * step;
    }
    inside.fill(1, image * from + start, image * from + end);
  });
  return {
    [`${name}.centres`]: tf.tensor3d(centres, [images.length, to, 1]),
    [`${name}.slopes`]: tf.tensor3d(slopes, [images.length, 1, 1]),
    [`${name}.inside`]: tf.tensor3d(inside, [images.length, 1, from]),
  };
}

/**
 * Images resized (bilinear, antialiased) onto canvases and normalised; zeros, the mean colour, beside them.
 * Computes with tensors alone.
 */
export function canvasesOf(inputs: NamedTensors, normalise: Normalise): Canvases {
  const stretch = (name: string) => ({
    centres: pick(inputs, `${name}.centres`),
    slopes: pick(inputs, `${name}.slopes`),
    inside: pick(inputs, `${name}.inside`),
  });
  const extents = asMatrix(pick(inputs, 'extents'));
  const x = tf.tidy(() => {
    const planes = asRank4(pick(inputs, 'planes'));
    const resized = resize(planes, stretch('rows'), stretch('columns'));
    const images = planesToImages(normalisePlanes(resized, normalise));
    const [b, height, width] = images.shape;
    const [h = extents, w = extents] = tf.unstack(extents, -1);
    const rows = tf.less(tf.range(0, height), tf.reshape(h, [b, 1]));
    const columns = tf.less(tf.range(0, width), tf.reshape(w, [b, 1]));
    const seen = tf.mul(
      tf.reshape(tf.cast(rows, 'float32'), [b, height, 1, 1]),
      tf.reshape(tf.cast(columns, 'float32'), [b, 1, width, 1]),
    );
    return asRank4(tf.mul(images, seen));
  });
  return { x, extents };
}
