import { invariant } from '../../../base/errors.js';
import { attr, native } from '../../../tensor/native.js';
import { tf } from '../../../tensor/tf.js';
import type { Span } from './place.js';
import type { RawImage } from './raw-image.js';

/** How TensorFlow's DecodeJpeg (libjpeg-turbo) is to work. */
export interface JpegDecoding {
  /** 1, 2, 4 or 8: the pixels are that many times fewer on each side, rounded up. */
  readonly reduction: number;
  /** The part of the (reduced) pixels that is wanted; the rest is not looked at where that can be. */
  readonly part?: { readonly rows: Span; readonly columns: Span };
  readonly turn: Turn;
}

/**
 * Pixels of a JPEG file as RGB, or of the part of it. Grey becomes RGB, CMYK too (also as Adobe writes it).
 * @throws Error when the file is cut off or damaged.
 */
export function decodeJpeg(bytes: Uint8Array, decoding: JpegDecoding): RawImage {
  let image: RawImage | undefined;
  // `tf.tidy` would look into what it returns, for each of its numbers.
  tf.tidy(() => {
    const pixels = turned(tensorOf(bytes, decoding), decoding.turn);
    const [height = 0, width = 0] = pixels.shape;
    image = { data: levelsOf(pixels), width, height };
  });
  invariant(image, 'nothing was decoded');
  return image;
}

/** uint8 (h, w, 3). */
function tensorOf(bytes: Uint8Array, { reduction, part }: JpegDecoding): tf.Tensor {
  const attrs = {
    channels: attr.int(3),
    ratio: attr.int(reduction),
    // As Pillow has them; the quick ones would not be quicker where vectors compute.
    dct_method: attr.string('INTEGER_ACCURATE'),
    fancy_upscaling: attr.bool(true),
    try_recover_truncated: attr.bool(false),
    acceptable_fraction: attr.float(1),
  };
  const file = tf.scalar(bytes, 'string');
  if (part === undefined) return native('DecodeJpeg', [file], attrs);
  const { rows, columns } = part;
  const window = [rows.start, columns.start, rows.length, columns.length];
  return native('DecodeAndCropJpeg', [file, tf.tensor1d(window, 'int32')], attrs);
}

/** Turns pixels so that what is above comes to be above. */
function turned(pixels: tf.Tensor, { swaps, reversed }: Turn): tf.Tensor {
  const swapped = swaps
    ? native('Transpose', [pixels, tf.tensor1d([1, 0, 2], 'int32')], {
        T: attr.type('uint8'),
        Tperm: attr.type('int32'),
      })
    : pixels;
  if (reversed.length === 0) return swapped;
  return native('ReverseV2', [swapped, tf.tensor1d([...reversed], 'int32')], {
    T: attr.type('uint8'),
    Tidx: attr.type('int32'),
  });
}

/** A uint8 tensor cannot be read as it is: four levels go as one number. */
function levelsOf(pixels: tf.Tensor): Uint8Array {
  const more = (4 - (pixels.size % 4)) % 4;
  const padded =
    more === 0
      ? pixels
      : native('Pad', [inShape(pixels, [-1]), tf.tensor2d([[0, more]], [1, 2], 'int32')], {
          T: attr.type('uint8'),
          Tpaddings: attr.type('int32'),
        });
  const fours = inShape(padded, [-1, 4]);
  const packed = native('Bitcast', [fours], {
    T: attr.type('uint8'),
    type: attr.type('int32'),
  }).dataSync();
  return new Uint8Array(packed.buffer, packed.byteOffset, pixels.size);
}

const inShape = (levels: tf.Tensor, shape: number[]): tf.Tensor =>
  native('Reshape', [levels, tf.tensor1d(shape, 'int32')], {
    T: attr.type('uint8'),
    Tshape: attr.type('int32'),
  });

/** What an EXIF orientation asks for: rows become columns, then axes run backwards (0 is down, 1 right). */
export interface Turn {
  readonly swaps: boolean;
  readonly reversed: readonly number[];
}

export function turnOf(orientation: number): Turn {
  return turns[orientation] ?? { swaps: false, reversed: [] };
}

const turns: Readonly<Record<number, Turn>> = {
  2: { swaps: false, reversed: [1] },
  3: { swaps: false, reversed: [0, 1] },
  4: { swaps: false, reversed: [0] },
  5: { swaps: true, reversed: [] },
  6: { swaps: true, reversed: [1] },
  7: { swaps: true, reversed: [0, 1] },
  8: { swaps: true, reversed: [0] },
};
