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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: { width: number; height: number; components: number } | undefined;
  let orientation: number | undefined;
  let adobe = false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Any number of fill bytes may stand before a marker; TEM and restarts have no length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      const length = view.getUint16(at + 2);
      const end = at + 2 + length;
      if (length < 2 || end > bytes.length) return undefined;
      if (marker === 0xda) {
        return frame && { ...frame, orientation: orientation ?? 1, adobe, scan: end };
      }
      if (isFrame(marker) && length >= 8) {
        frame = {
          height: view.getUint16(at + 5),
          width: view.getUint16(at + 7),
          components: view.getUint8(at + 9),
        };
      }
      if (marker === 0xe1) orientation ??= exifOrientation(bytes.subarray(at + 4, end));
      if (marker === 0xee) adobe ||= latin1(bytes.subarray(at + 4, at + 9)) === 'Adobe';
      at = end;
    }
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
  if (latin1(segment.subarray(0, EXIF.length)) !== EXIF) return undefined;
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

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
