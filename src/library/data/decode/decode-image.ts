import { attr, native } from '../../../tensor/native.js';
import { tf } from '../../../tensor/tf.js';
import { decodeBmp, UnreadableBmp } from './decode-bmp.js';
import { decodeJpeg, turn, turnOf } from './decode-jpeg.js';
import type { Decoded, DecodeOptions } from './decoded.js';
import { readJpegHeader } from './jpeg-header.js';
import { type ImageKind, kindOfFile } from './kind-of-file.js';
import { type Placement, place } from './place.js';
import { decodeBySharp, type RawImage } from './raw-image.js';
import { resize } from './resize.js';

/** An image with more is a fault, as it is an error in Pillow: a small file can claim any number. */
const mostPixels = 178_956_970;

const tooLarge: Decoded = {
  fault: `has more than ${mostPixels.toLocaleString('en')} pixels, the most that is read`,
};

/** Pixels of one file in this process, by TensorFlow, which has to be loaded. */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions): Promise<Decoded> {
  if (bytes.length === 0) return { fault: 'is empty' };
  const kind = kindOfFile(bytes);
  if (kind === undefined) {
    return { fault: 'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)' };
  }
  return kind === 'JPEG' ? fromJpeg(bytes, options) : fromOther(kind, bytes, options);
}

function fromJpeg(bytes: Uint8Array, options: DecodeOptions): Decoded {
  const header = readJpegHeader(bytes);
  if (header === undefined) return { fault: endsWell('JPEG', bytes) ? 'is damaged' : 'is cut off' };
  const turned = turnOf(header.orientation);
  const { reversed } = turned;
  if (header.width * header.height > mostPixels) return tooLarge;
  const [width, height] = turned.swaps
    ? [header.height, header.width]
    : [header.width, header.height];
  const placement = place(width, height, options);
  const rough = options.decode === 'fast';
  const reduction = rough ? reductionFor(width, height, placement) : 1;
  const read = (): Uint8Array => {
    const decoded = decodeJpeg(bytes, { reduction, accurate: !rough });
    const pixels = turn(decoded, turned);
    return resize({ pixels, width, height, reduction, reversed, placement }, options, rough);
  };
  try {
    return { pixels: scoped(read), width, height };
  } catch {
    const whole = endsWell('JPEG', bytes.subarray(header.scan));
    return { fault: whole ? 'is damaged' : 'is cut off' };
  }
}

async function fromOther(
  kind: ImageKind,
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<Decoded> {
  let image: RawImage;
  try {
    image =
      kind === 'BMP'
        ? decodeBmp(bytes)
        : await decodeBySharp(bytes, options.background, mostPixels);
  } catch (error) {
    if (error instanceof UnreadableBmp) return { fault: error.message };
    if (error instanceof Error && /pixel limit/.test(error.message)) return tooLarge;
    return { fault: endsWell(kind, bytes) ? 'is damaged' : 'is cut off' };
  }
  const { width, height, data } = image;
  const placement = place(width, height, options);
  const read = (): Uint8Array => {
    const pixels = tensorOf(data, width, height);
    return resize({ pixels, width, height, reduction: 1, reversed: [], placement }, options, false);
  };
  return { pixels: scoped(read), width, height };
}

/** The most that a decoder may reduce, so that no side gets fewer pixels than the square asks for. */
function reductionFor(width: number, height: number, { x, y }: Placement): number {
  const enough = (by: number) => width / by >= x.length && height / by >= y.length;
  return [8, 4, 2].find(enough) ?? 1;
}

/** `tf.tidy` looks into what it returns, for each of its numbers. */
function scoped(work: () => Uint8Array): Uint8Array {
  let result: Uint8Array = new Uint8Array();
  tf.tidy(() => {
    result = work();
  });
  return result;
}

function tensorOf(data: Uint8Array, width: number, height: number): tf.Tensor {
  const flat = native('DecodeRaw', [tf.scalar(data, 'string')], {
    out_type: attr.type('uint8'),
    little_endian: attr.bool(true),
  });
  return native('Reshape', [flat, tf.tensor1d([height, width, 3], 'int32')], {
    T: attr.type('uint8'),
    Tshape: attr.type('int32'),
  });
}

/** Whether the end of the file is there: what is wrong then is in the middle. */
function endsWell(kind: ImageKind, bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (kind) {
    case 'JPEG':
      return file.lastIndexOf('\xff\xd9', undefined, 'latin1') >= 0;
    case 'PNG':
      return file.lastIndexOf('IEND', undefined, 'latin1') >= 0;
    case 'WebP':
      return file.length >= 8 && file.length >= 8 + file.readUInt32LE(4);
    case 'GIF':
      return file.at(-1) === 0x3b;
    case 'TIFF':
    case 'BMP':
      return false;
  }
}
