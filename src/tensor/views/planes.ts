import { type NamedTensors, pick } from '../named-tensors.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Pixels of images (n, size, size, 3), 0 to 255, as {@link planesOfFed} takes them: four to a number, which
 * copies nothing, and what white is. The caller owns the tensors.
 */
export function fedPixels(pixels: Uint8Array): NamedTensors {
  const isWhole = pixels.length % 4 === 0 && pixels.byteOffset % 4 === 0;
  const whole = isWhole ? pixels : new Uint8Array(4 * Math.ceil(pixels.length / 4));
  if (!isWhole) whole.set(pixels);
  const numbers = new Int32Array(whole.buffer, whole.byteOffset, whole.length / 4);
  return { bytes: tf.tensor1d(numbers, 'int32'), white: tf.scalar(255) };
}

/**
 * Planes (n, 3, size, size) from 0 to 1 of pixels. Views are made on planes: an operation on a channel then
 * runs over neighbouring numbers. White is fed, as a graph multiplies by the reciprocal of a constant, which
 * rounds otherwise.
 */
export function planesOfFed(fed: NamedTensors, size: number): tf.Tensor4D {
  const area = size * size;
  return tf.tidy(() => {
    const int32AsBytes = { T: attr.type('int32'), type: attr.type('uint8') };
    const bytes = native('Bitcast', [pick(fed, 'bytes')], int32AsBytes);
    const bytesAsFloats = {
      SrcT: attr.type('uint8'),
      DstT: attr.type('float32'),
      Truncate: attr.bool(false),
    };
    // Divided before they are moved: else TensorFlow moves the bytes, of which oneDNN complains in each log.
    const values = tf.div(native('Cast', [bytes], bytesAsFloats), pick(fed, 'white')).flatten();
    const n = Math.floor(values.size / (3 * area));
    const all = 3 * area * n;
    const own = values.size === all ? values : tf.slice(values, [0], [all]);
    const planes = tf.transpose(own.reshape([n, area, 3]), [0, 2, 1]);
    return planes.reshape<tf.Tensor4D>([n, 3, size, size]);
  });
}

/** {@link planesOfFed} of pixels, at once. */
export function planesOfPixels(pixels: Uint8Array, size: number): tf.Tensor4D {
  return tf.tidy(() => planesOfFed(fedPixels(pixels), size));
}

/** Images (n, h, w, 3) as planes (n, 3, h, w). */
export function imagesToPlanes(images: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(images, [0, 3, 1, 2]);
}

/** Planes (n, 3, h, w) as images (n, h, w, 3). */
export function planesToImages(planes: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(planes, [0, 2, 3, 1]);
}
