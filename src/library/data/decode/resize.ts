import { attr, native } from '../../../tensor/native.js';
import { tf } from '../../../tensor/tf.js';
import type { DecodeOptions } from './decoded.js';
import type { Placed, Placement } from './place.js';

/** Pixels on their way into the square. */
export interface Resizing {
  /** uint8 (h, w, 3). */
  readonly pixels: tf.Tensor;
  /** Of the image that the pixels stand for: more than h and w where the decoder has reduced it. */
  readonly width: number;
  readonly height: number;
  /** How many pixels of the image one of `pixels` stands for, on each side. */
  readonly reduction: number;
  /** Axes that run backwards (0 is down, 1 right): what a reduced pixel lacks is at their beginning. */
  readonly reversed: readonly number[];
  readonly placement: Placement;
}

/**
 * Resizes as Pillow does with BILINEAR: a triangle as wide as the reduction, first along rows, then along
 * columns, rounded to whole levels in between. Returns RGB (size, size, 3). `rough` rounds once.
 */
export function resize(
  resizing: Resizing,
  { size, background }: Pick<DecodeOptions, 'size' | 'background'>,
  rough: boolean,
): Uint8Array {
  const { pixels, placement } = resizing;
  const [rows = 0] = pixels.shape;
  const image = native('ExpandDims', [pixels, tf.scalar(0, 'int32')], {
    T: attr.type('uint8'),
    Tdim: attr.type('int32'),
  });
  const y = axisOf(0, resizing, resizing.height, placement.y);
  const x = axisOf(1, resizing, resizing.width, placement.x);
  const still = { scale: 1, start: 0 };
  const resized = rough
    ? rounded(scaled(image, 'uint8', { rows: size, columns: size, y, x }))
    : rounded(
        scaled(rounded(scaled(image, 'uint8', { rows, columns: size, y: still, x })), 'float32', {
          rows: size,
          columns: size,
          y,
          x: still,
        }),
      );
  const levels = Uint8Array.from(resized.dataSync());
  paintBars(levels, placement, { size, background });
  return levels;
}

/** Pixel p of the input comes to lie at `scale * p + start`. */
interface Axis {
  readonly scale: number;
  readonly start: number;
}

function axisOf(
  axis: 0 | 1,
  { pixels, reduction, reversed }: Resizing,
  side: number,
  { length, start }: Placed,
): Axis {
  const lack = reversed.includes(axis) ? (pixels.shape[axis] ?? 0) * reduction - side : 0;
  return { scale: (length * reduction) / side, start: start - (length * lack) / side };
}

function scaled(
  image: tf.Tensor,
  type: 'uint8' | 'float32',
  to: { readonly rows: number; readonly columns: number; readonly y: Axis; readonly x: Axis },
): tf.Tensor {
  const { rows, columns, y, x } = to;
  return native(
    'ScaleAndTranslate',
    [
      image,
      tf.tensor1d([rows, columns], 'int32'),
      tf.tensor1d([y.scale, x.scale]),
      tf.tensor1d([y.start, x.start]),
    ],
    { T: attr.type(type), kernel_type: attr.string('triangle'), antialias: attr.bool(true) },
  );
}

/** Half a level goes up, as in Pillow's fixed-point arithmetic. */
function rounded(values: tf.Tensor): tf.Tensor {
  return tf.floor(tf.add(values, 0.5));
}

function paintBars(
  levels: Uint8Array,
  { x, y }: Placement,
  { size, background }: Pick<DecodeOptions, 'size' | 'background'>,
): void {
  if (x.length >= size && y.length >= size) return;
  const inside = (at: number, { start, length }: Placed) => at >= start && at < start + length;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (inside(row, y) && inside(column, x)) continue;
      levels.set(background, 3 * (row * size + column));
    }
  }
}
