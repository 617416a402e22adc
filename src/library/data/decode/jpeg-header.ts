import { segmentsOf, startsWith } from './jpeg-segments.js';

/** What a JPEG file says before its pixels. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 colour, 4 CMYK. */
  readonly components: number;
  /** EXIF orientation, 1 to 8; 1 where there is none. */
  readonly orientation: number;
  /** Whether a segment of Adobe's says how inks are written. */
  readonly adobe: boolean;
  /** Where the first scan begins. */
  readonly scan: number;
}

const EXIF = 'Exif\0\0';
const ORIENTATION = 0x0112;
const SHORT = 3;

/** Reads the segments up to the first scan; undefined when they are not all there. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let frame: { width: number; height: number; components: number } | undefined;
  let orientation: number | undefined;
  let adobe = false;
  for (const { marker, body, end } of segmentsOf(bytes)) {
    if (marker === 0xda) {
      return frame && { ...frame, orientation: orientation ?? 1, adobe, scan: end };
    }
    if (isFrame(marker) && body.length >= 6) {
      const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
      frame = {
        height: view.getUint16(1),
        width: view.getUint16(3),
        components: view.getUint8(5),
      };
    }
    if (marker === 0xe1) orientation ??= exifOrientation(body);
    if (marker === 0xee) adobe ||= startsWith(body, 'Adobe');
  }
  return undefined;
}

/**
 * The same file with a segment of Adobe's. Without it TensorFlow takes the inks of a CMYK file as they
 * are; Pillow takes those of every file as Adobe's programs write them, 255 for none.
 */
export function withAdobeSegment(bytes: Uint8Array): Uint8Array {
  const segment = Buffer.from('\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0', 'latin1');
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

/** SOF0 to SOF15; between them DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Orientation in an APP1 segment; undefined when it has none that means anything. */
function exifOrientation(segment: Uint8Array): number | undefined {
  if (!startsWith(segment, EXIF)) return undefined;
  const tiff = segment.subarray(EXIF.length);
  if (tiff.length < 8) return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  if (first + 2 > tiff.length) return undefined;
  const entries = view.getUint16(first, little);
  for (let i = 0; i < entries; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > tiff.length) return undefined;
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    if (view.getUint16(at + 2, little) !== SHORT) return undefined;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
