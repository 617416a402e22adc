import { decodeBmp, UnreadableBmp } from './decode-bmp.js';
import { decodeJpeg } from './decode-jpeg.js';
import type { Decoded, DecodeOptions } from './decoded.js';
import { firstFrame } from './gif-frame.js';
import { readJpegHeader, withAdobeSegment } from './jpeg-header.js';
import { type ImageKind, kindOfFile } from './kind-of-file.js';
import { otherKind } from './other-kinds.js';
import { type Placement, place, type Span, shown } from './place.js';
import { decodeBySharp, type RawImage } from './raw-image.js';
import { resize } from './resize.js';
import { faultOfTiff, hasAlpha, readTiffHeader } from './tiff-header.js';
import { turnOf } from './turn.js';

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
    return { fault: otherKind(bytes) };
  }
  return kind === 'JPEG' ? fromJpeg(bytes, options) : fromOther(kind, bytes, options);
}

function fromJpeg(bytes: Uint8Array, options: DecodeOptions): Decoded {
  const header = readJpegHeader(bytes);
  if (header === undefined) return { fault: endsWell('JPEG', bytes) ? 'is damaged' : 'is cut off' };
  const turn = turnOf(header.orientation);
  const { reversed } = turn;
  if (header.width * header.height > mostPixels) return tooLarge;
  const [width, height] = turn.swaps
    ? [header.height, header.width]
    : [header.width, header.height];
  const placement = place(width, height, options);
  const reduction = options.decode === 'fast' ? reductionFor(width, height, placement) : 1;
  const complete = endsWell('JPEG', bytes.subarray(header.scan));
  // Of a file that is not there wholly, all is looked at, to find that out.
  const part =
    complete && header.orientation === 1
      ? partOf(Math.ceil(height / reduction), Math.ceil(width / reduction), placement, options.size)
      : undefined;
  let pixels: RawImage;
  try {
    const file = header.components === 4 && !header.adobe ? withAdobeSegment(bytes) : bytes;
    pixels = decodeJpeg(file, { reduction, turn, ...(part && { part }) });
  } catch {
    return { fault: complete ? 'is damaged' : 'is cut off' };
  }
  const [top, left] = [part?.rows.start ?? 0, part?.columns.start ?? 0];
  const resizing = { pixels, top, left, width, height, reduction, reversed, placement };
  return { pixels: resize(resizing, options), width, height };
}

async function fromOther(
  kind: ImageKind,
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<Decoded> {
  let image: RawImage;
  const tiff = kind === 'TIFF' ? readTiffHeader(bytes) : undefined;
  const strange = tiff && faultOfTiff(tiff);
  if (strange !== undefined) return { fault: strange };
  try {
    image =
      kind === 'BMP'
        ? decodeBmp(bytes, options.background)
        : await decodeBySharp(bytes, {
            background: options.background,
            mostPixels,
            ...(tiff && { isOpaque: !hasAlpha(tiff) }),
            ...(kind === 'GIF' && { frame: firstFrame(bytes) }),
          });
  } catch (error) {
    if (error instanceof UnreadableBmp) return { fault: error.message };
    if (error instanceof Error && /pixel limit/.test(error.message)) return tooLarge;
    if (tiff?.isWhole) return { fault: 'is damaged, or a TIFF file of a kind that is not read' };
    return { fault: endsWell(kind, bytes) ? 'is damaged' : 'is cut off' };
  }
  const { width, height } = image;
  const placement = place(width, height, options);
  const whole = { pixels: image, top: 0, left: 0, width, height, reduction: 1, reversed: [] };
  const pixels = resize({ ...whole, placement }, options);
  return { pixels, width, height, ...(image.remark && { remark: image.remark }) };
}

/** The part of the decoded pixels that the square shows; undefined where it is all of them. */
function partOf(height: number, width: number, { x, y }: Placement, size: number) {
  const rows = shown(y, size, height);
  const columns = shown(x, size, width);
  if (rows.length === height && columns.length === width) return undefined;
  return { rows, columns: inFours(columns, width) };
}

/** The span with up to three more, where there are as many: rows of so many levels are read as they are. */
function inFours({ start, length }: Span, most: number): Span {
  const fours = Math.ceil(length / 4) * 4;
  return fours > most ? { start, length } : { start: Math.min(start, most - fours), length: fours };
}

/** The most that a decoder may reduce, so that no side gets fewer pixels than the square asks for. */
function reductionFor(width: number, height: number, { x, y }: Placement): number {
  const enough = (by: number) => width / by >= x.length && height / by >= y.length;
  return [8, 4, 2].find(enough) ?? 1;
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
