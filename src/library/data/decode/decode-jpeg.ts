import { type JpegDecoding, libjpegPixels } from './libjpeg.js';
import type { RawImage } from './raw-image.js';
import { reducedJpeg } from './reduced-jpeg.js';

/**
 * Pixels of a JPEG file as RGB, or of the part of it: libjpeg's, also where it is not libjpeg that decodes.
 * Grey becomes RGB, CMYK too (also as Adobe writes it).
 * @throws Error when the file is cut off or damaged.
 */
export function decodeJpeg(bytes: Uint8Array, decoding: JpegDecoding): RawImage {
  const { reduction, part, turn } = decoding;
  const isTurned = turn.swaps || turn.reversed.length > 0;
  const isReduced = reduction === 4 || reduction === 8;
  const reduced = isReduced && !isTurned ? reducedJpeg(bytes, reduction, part) : undefined;
  return reduced ?? libjpegPixels(bytes, decoding);
}
