import { invariant } from '../../../base/errors.js';
import { attr } from '../../../tensor/native.js';
import { type RawOps, type RawTensor, withRawOps } from '../../../tensor/raw-ops.js';
import type { Span } from './place.js';
import type { RawImage } from './raw-image.js';
import type { Turn } from './turn.js';

/** How a file is to be decoded. */
export interface JpegDecoding {
  /** 1, 2, 4 or 8: the pixels are that many times fewer on each side, rounded up. */
  readonly reduction: number;
  /** The part of the (reduced) pixels that is wanted; the rest is not looked at where that can be. */
  readonly part?: { readonly rows: Span; readonly columns: Span };
  readonly turn: Turn;
}

/**
 * Pixels of a JPEG file by libjpeg-turbo, which is in TensorFlow (DecodeJpeg).
 * @throws Error when the file is cut off or damaged.
 */
export function libjpegPixels(bytes: Uint8Array, decoding: JpegDecoding): RawImage {
  return withRawOps((ops) => {
    const pixels = turned(ops, decoded(ops, bytes, decoding), decoding.turn);
    const [height = 0, width = 0] = pixels.shape;
    return { data: levelsOf(ops, pixels), width, height };
  });
}

/** uint8 (h, w, 3). */
function decoded(ops: RawOps, bytes: Uint8Array, { reduction, part }: JpegDecoding): RawTensor {
  const attrs = {
    channels: attr.int(3),
    ratio: attr.int(reduction),
    // As Pillow has them; the quick ones would not be quicker where vectors compute.
    dct_method: attr.string('INTEGER_ACCURATE'),
    fancy_upscaling: attr.bool(true),
    try_recover_truncated: attr.bool(false),
    acceptable_fraction: attr.float(1),
  };
  const file = ops.create([], 'string', [bytes]);
  if (part === undefined) return one(ops.execute('DecodeJpeg', [file], attrs));
  const { rows, columns } = part;
  const window = integers(ops, [rows.start, columns.start, rows.length, columns.length]);
  return one(ops.execute('DecodeAndCropJpeg', [file, window], attrs));
}

/** Turns pixels so that what is above comes to be above. */
function turned(ops: RawOps, pixels: RawTensor, { swaps, reversed }: Turn): RawTensor {
  const T = attr.type('uint8');
  const swapped = swaps
    ? one(
        ops.execute('Transpose', [pixels, integers(ops, [1, 0, 2])], {
          T,
          Tperm: attr.type('int32'),
        }),
      )
    : pixels;
  if (reversed.length === 0) return swapped;
  const axes = integers(ops, reversed);
  return one(ops.execute('ReverseV2', [swapped, axes], { T, Tidx: attr.type('int32') }));
}

/** A uint8 tensor cannot be read as it is: four levels go as one number. */
function levelsOf(ops: RawOps, pixels: RawTensor): Uint8Array {
  const T = attr.type('uint8');
  const count = pixels.shape.reduce((product, length) => product * length, 1);
  const more = (4 - (count % 4)) % 4;
  const reshaped = (levels: RawTensor, shape: readonly number[]): RawTensor =>
    one(ops.execute('Reshape', [levels, integers(ops, shape)], { T, Tshape: attr.type('int32') }));
  const padding = () => ops.create([1, 2], 'int32', Int32Array.of(0, more));
  const padded =
    more === 0
      ? pixels
      : one(
          ops.execute('Pad', [reshaped(pixels, [-1]), padding()], {
            T,
            Tpaddings: attr.type('int32'),
          }),
        );
  const fours = reshaped(padded, [-1, 4]);
  const packed = ops.read(one(ops.execute('Bitcast', [fours], { T, type: attr.type('int32') })));
  return new Uint8Array(packed.buffer, packed.byteOffset, count);
}

const integers = (ops: RawOps, values: readonly number[]): RawTensor =>
  ops.create([values.length], 'int32', Int32Array.from(values));

function one([only]: readonly RawTensor[]): RawTensor {
  invariant(only, 'an op has an output');
  return only;
}
