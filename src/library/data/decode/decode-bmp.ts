import type { RawImage } from './raw-image.js';

/** Why a BMP file has no pixels here; `cut off` or one that this does not read. */
export class UnreadableBmp extends Error {}

/**
 * Pixels of a BMP file as Windows 3 and later write them: 1, 4 and 8 bits with a palette, 24 bits, 32 bits
 * without alpha; not compressed. Throws UnreadableBmp for others.
 */
export function decodeBmp(file: Uint8Array): RawImage {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 54) throw new UnreadableBmp('is cut off');
  const headerSize = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const rows = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(rows);
  if (headerSize < 40 || width <= 0 || height === 0) throw new UnreadableBmp('is damaged');
  if (compression !== 0 || ![1, 4, 8, 24, 32].includes(bits)) {
    throw new UnreadableBmp('is a BMP file of a kind that is not read (compressed, or 16 bits)');
  }
  const pixelsAt = view.getUint32(10, true);
  const rowSize = 4 * Math.ceil((width * bits) / 32);
  if (pixelsAt + rowSize * height > file.length) throw new UnreadableBmp('is cut off');
  const palette = file.subarray(14 + headerSize, pixelsAt);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    // Rows are written from the bottom up, unless their number is negative.
    const from = pixelsAt + rowSize * (rows > 0 ? height - 1 - row : row);
    for (let column = 0; column < width; column++) {
      const to = 3 * (row * width + column);
      const [colours, at] =
        bits >= 24
          ? [file, from + (column * bits) / 8]
          : [palette, 4 * indexAt(file, from, column, bits)];
      data[to] = colours[at + 2] ?? 0;
      data[to + 1] = colours[at + 1] ?? 0;
      data[to + 2] = colours[at] ?? 0;
    }
  }
  return { data, width, height };
}

/** Number of a pixel's colour; the first pixel of a byte is in its high bits. */
function indexAt(file: Uint8Array, row: number, column: number, bits: number): number {
  const byte = file[row + Math.floor((column * bits) / 8)] ?? 0;
  return (byte >> (8 - bits - ((column * bits) % 8))) & ((1 << bits) - 1);
}
