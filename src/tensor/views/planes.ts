import { tf } from '../tf.js';

/**
 * Pixels of images (n, size, size, 3), 0 to 255, as planes (n, 3, size, size) from 0 to 1. Views
 * are made on planes: an operation on a channel then runs over neighbouring numbers.
 */
export function planesOfPixels(pixels: Uint8Array, size: number): tf.Tensor4D {
  const values = new Float32Array(pixels.length);
  const area = size * size;
  for (let at = 0, pixel = 0; at < values.length; at += 3 * area) {
    for (let place = at; place < at + area; place++, pixel += 3) {
      values[place] = (pixels[pixel] ?? 0) / 255;
      values[place + area] = (pixels[pixel + 1] ?? 0) / 255;
      values[place + 2 * area] = (pixels[pixel + 2] ?? 0) / 255;
    }
  }
  return tf.tensor4d(values, [pixels.length / (3 * area), 3, size, size]);
}

/** Images (n, h, w, 3) as planes (n, 3, h, w). */
export function imagesToPlanes(images: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(images, [0, 3, 1, 2]);
}

/** Planes (n, 3, h, w) as images (n, h, w, 3). */
export function planesToImages(planes: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(planes, [0, 2, 3, 1]);
}
