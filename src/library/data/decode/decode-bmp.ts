import { expandRuns } from './bmp-runs.js';
import type { RawImage } from './raw-image.js';

/** Why a BMP file has no pixels here; `cut off` or one that this does not read. */
export class UnreadableBmp extends Error {}

/** A BMP file as its header describes it. */
interface Bmp {
  readonly width: number;
  readonly height: number;
  /** Are rows written from the top down? */
  readonly isDown: boolean;
  readonly bits: number;
  /** Bytes of a palette's colour. */
  readonly entry: number;
  readonly paletteAt: number;
  readonly pixelsAt: number;
  /** 0: none; 1 and 2: runs of 8 and 4 bits; 3: colours are where masks say. */
  readonly packing: number;
  /** Bits of red, green, blue and alpha where a pixel is one number. */
  readonly masks: readonly number[];
}

/** Where red, green and blue stand in a pixel of 16 bits, and alpha, of which there is none, if nothing says so. */
const usual = [0x7c00, 0x03e0, 0x001f, 0];

/**
 * Pixels of a BMP file: OS/2's and Windows'; with a palette of 1, 4 or 8 bits, also packed in runs; of 16, 24 and 32 bits,
 * over the background where masks say where alpha stands. Throws UnreadableBmp for others.
 */
export function decodeBmp(file: Uint8Array, background: readonly number[]): RawImage {
  const bmp = headerOf(file);
  const { width, height, bits, packing, pixelsAt } = bmp;
  const rowSize = 4 * Math.ceil((width * bits) / 32);
  let rows = file.subarray(pixelsAt);
  if (packing === 1 || packing === 2) {
    const expanded = expandRuns(rows, { width, height, bits, rowSize });
    if (expanded === undefined) throw new UnreadableBmp('is cut off');
    rows = expanded;
  } else if (rowSize * height > rows.length) throw new UnreadableBmp('is cut off');
  const put = putterOf(bmp, file, background);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = rowSize * (bmp.isDown ? row : height - 1 - row);
    const line = rows.subarray(from, from + rowSize);
    for (let column = 0; column < width; column++)
      put(line, column, data, 3 * (row * width + column));
  }
  return { data, width, height };
}

function headerOf(file: Uint8Array): Bmp {
  if (file.length < 30) throw new UnreadableBmp('is cut off');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const size = view.getUint32(14, true);
  const isOld = size === 12;
  if (size + 14 > file.length) throw new UnreadableBmp('is cut off');
  if (!isOld && size < 40) throw new UnreadableBmp('is damaged');
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const packing = isOld ? 0 : view.getUint32(30, true);
  if (width <= 0 || rows === 0) throw new UnreadableBmp('is damaged');
  const isRead = isOld
    ? [1, 4, 8, 24].includes(bits)
    : packing === 0
      ? [1, 4, 8, 16, 24, 32].includes(bits)
      : packing === 1 || packing === 2
        ? bits === (packing === 1 ? 8 : 4)
        : packing === 3 && (bits === 16 || bits === 32);
  if (!isRead) throw new UnreadableBmp('is a BMP file of a kind that is not read: save it as PNG');
  // Masks follow the old header, and are in newer ones, which have one for alpha, too.
  const masks = size >= 56 ? 4 : 3;
  const isMasked = packing === 3;
  if (isMasked && 54 + 4 * masks > file.length) throw new UnreadableBmp('is cut off');
  return {
    width,
    height: Math.abs(rows),
    isDown: rows < 0,
    bits,
    entry: isOld ? 3 : 4,
    paletteAt: 14 + size,
    pixelsAt: view.getUint32(10, true),
    packing,
    masks: isMasked
      ? [0, 1, 2, 3].map((place) => (place < masks ? view.getUint32(54 + 4 * place, true) : 0))
      : usual,
  };
}

/** Puts the colour of a row's pixel at a place. */
type Putter = (row: Uint8Array, column: number, data: Uint8Array, to: number) => void;

function putterOf(bmp: Bmp, file: Uint8Array, background: readonly number[]): Putter {
  const { bits, entry, paletteAt, pixelsAt } = bmp;
  const copy = (from: Uint8Array, at: number, data: Uint8Array, to: number): void => {
    data[to] = from[at + 2] ?? 0;
    data[to + 1] = from[at + 1] ?? 0;
    data[to + 2] = from[at] ?? 0;
  };
  if (bits <= 8) {
    const palette = file.subarray(paletteAt, pixelsAt);
    return (row, column, data, to) => copy(palette, entry * indexAt(row, column, bits), data, to);
  }
  if (bits === 24 || (bits === 32 && bmp.packing === 0)) {
    return (row, column, data, to) => copy(row, (column * bits) / 8, data, to);
  }
  const [alpha, ...levels] = [bmp.masks[3] ?? 0, ...bmp.masks.slice(0, 3)].map(levelsOf);
  return (row, column, data, to) => {
    const at = (column * bits) / 8;
    const low = (row[at] ?? 0) + 256 * (row[at + 1] ?? 0);
    const pixel = bits === 16 ? low : low + 65536 * ((row[at + 2] ?? 0) + 256 * (row[at + 3] ?? 0));
    const cover = bmp.masks[3] ? (alpha?.(pixel) ?? 255) : 255;
    levels.forEach((level, channel) => {
      const below = background[channel] ?? 0;
      data[to + channel] = Math.round((level(pixel) * cover + below * (255 - cover)) / 255);
    });
  };
}

/** The level, 0 to 255, that stands where a mask has its bits. */
function levelsOf(mask: number): (pixel: number) => number {
  const step = mask === 0 ? 1 : (mask & -mask) >>> 0;
  const most = mask / step;
  return (pixel) =>
    most === 0 ? 0 : Math.floor((255 * (Math.floor(pixel / step) % (most + 1))) / most);
}

/** Number of a pixel's colour; the first pixel of a byte is in its high bits. */
function indexAt(row: Uint8Array, column: number, bits: number): number {
  const byte = row[Math.floor((column * bits) / 8)] ?? 0;
  return (byte >> (8 - bits - ((column * bits) % 8))) & ((1 << bits) - 1);
}
