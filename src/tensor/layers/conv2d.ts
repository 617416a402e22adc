import { asRank4 } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/** A convolution: its stride, and whether the gradient of its input is wanted. */
export interface Conv2dOptions {
  readonly stride?: 1 | 2;
  /** The input is data: spend no time on its gradient. */
  readonly constantInput?: boolean;
}

/**
 * Convolution x (n, h, w, in) by kernel (k, k, in, out), k odd, with torch's padding (k - 1) / 2 on
 * each side: result (n, ceil(h / stride), ceil(w / stride), out). No bias.
 *
 * Stride 1 is TensorFlow's SAME. At stride 2 SAME would pad the far sides only, so the input is
 * padded first and then VALID: exact, and fast, while EXPLICIT padding has a slow gradient.
 */
export function conv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: Conv2dOptions = {},
): tf.Tensor4D {
  const { stride = 1, constantInput = false } = options;
  if (kernel.shape[0] === 1 && stride > 1 && breaksMemory(x)) {
    return conv2d(everyPixel(x, stride), kernel, { ...options, stride: 1 });
  }
  const input = stride === 1 ? x : padForStride(x, kernel.shape[0], stride);
  const attrs = {
    T: attr.type('float32'),
    strides: attr.ints([1, stride, stride, 1]),
    padding: attr.string(stride === 1 ? 'SAME' : 'VALID'),
    data_format: attr.string('NHWC'),
  };
  const y = asRank4(native('Conv2D', [input, kernel], attrs));
  const inputShape = input.shape;
  const kernelShape = kernel.shape;
  const kernelGradient = (dy: tf.Tensor, saved: tf.Tensor): tf.Tensor =>
    native('Conv2DBackpropFilter', [saved, tf.tensor1d(kernelShape, 'int32'), dy], attrs);
  const inputGradient = (dy: tf.Tensor, saved: tf.Tensor): tf.Tensor =>
    native('Conv2DBackpropInput', [tf.tensor1d(inputShape, 'int32'), saved, dy], attrs);
  return attachGradient(y, {
    inputs: constantInput ? [kernel] : [input, kernel],
    save: [input, kernel],
    backward(dy, [savedInput = input, savedKernel = kernel]) {
      const dKernel = tf.tidy(() => kernelGradient(dy, savedInput));
      return constantInput ? [dKernel] : [tf.tidy(() => inputGradient(dy, savedKernel)), dKernel];
    },
  });
}

/**
 * Of few channels TensorFlow 2.21's gradient of a 1x1 kernel with a stride writes outside of its memory: seen with 3
 * and 8 channels at 48 and 96 pixels, and of an odd number of images with 4 to 12 channels at 10 to 24 pixels; not
 * with 16 channels, nor at 8 pixels, nor of an even number at 16 to 40.
 */
function breaksMemory({ shape: [n, h, w, channels] }: tf.Tensor4D): boolean {
  const from = n % 2 === 1 ? 9 : 32;
  return channels < 16 && Math.max(h, w) >= from;
}

/** Each pixel that a window of one pixel meets at a stride. */
function everyPixel(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  return tf.avgPool(x, 1, stride, 'valid');
}

/** Zeros around x: (k - 1) / 2 before, and after it only as many as a window of this stride reaches. */
export function padForStride(x: tf.Tensor4D, k: number, stride: number): tf.Tensor4D {
  const before = (k - 1) / 2;
  const sides = (length: number): [number, number] => {
    const windows = Math.floor((length - 1) / stride) + 1;
    return [before, Math.max(0, (windows - 1) * stride + k - length - before)];
  };
  const [, h, w] = x.shape;
  return k === 1 ? x : tf.pad4d(x, [[0, 0], sides(h), sides(w), [0, 0]]);
}
