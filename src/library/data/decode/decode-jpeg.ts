import { attr, native } from '../../../tensor/native.js';
import { tf } from '../../../tensor/tf.js';

/** How TensorFlow's DecodeJpeg (libjpeg-turbo) is to work. */
export interface JpegDecoding {
  /** 1, 2, 4 or 8: the pixels are that many times fewer on each side, rounded up. */
  readonly reduction: number;
  /** Accurate inverse DCT and smooth chroma, as Pillow has them; else the quick ones. */
  readonly accurate: boolean;
}

/**
 * Pixels of a JPEG file: uint8 RGB (h, w, 3). Grey becomes RGB, CMYK too (also as Adobe writes it).
 * @throws Error when the file is cut off or damaged.
 */
export function decodeJpeg(bytes: Uint8Array, { reduction, accurate }: JpegDecoding): tf.Tensor {
  return native('DecodeJpeg', [tf.scalar(bytes, 'string')], {
    channels: attr.int(3),
    ratio: attr.int(reduction),
    dct_method: attr.string(accurate ? 'INTEGER_ACCURATE' : 'INTEGER_FAST'),
    fancy_upscaling: attr.bool(accurate),
    try_recover_truncated: attr.bool(false),
    acceptable_fraction: attr.float(1),
  });
}

/** Turns pixels, uint8 (h, w, 3), so that what is above comes to be above. */
export function turn(pixels: tf.Tensor, { swaps, reversed }: Turn): tf.Tensor {
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
