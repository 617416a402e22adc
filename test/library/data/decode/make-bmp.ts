/** What the header of a BMP file is to say. */
export interface Bmp {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly packing?: number;
  /** 12 is OS/2's, 40 that of Windows 3, 124 has masks, with one for alpha. */
  readonly header?: 12 | 40 | 124;
  readonly masks?: readonly number[];
}

/** A BMP file with what follows its header as it is given: a palette, and rows from the bottom up. */
export function makeBmp(bmp: Bmp, rows: Uint8Array, palette: Uint8Array = Buffer.of()): Buffer {
  const { width, height, bits, packing = 0, header = 40, masks = [] } = bmp;
  const beside = header === 40 ? 4 * masks.length : 0;
  const begin = Buffer.alloc(14 + header + beside);
  begin.write('BM', 'latin1');
  begin.writeUInt32LE(begin.length + palette.length, 10);
  begin.writeUInt32LE(header, 14);
  if (header === 12) {
    for (const [i, value] of [width, height, 1, bits].entries()) {
      begin.writeUInt16LE(value, 18 + 2 * i);
    }
  } else {
    begin.writeInt32LE(width, 18);
    begin.writeInt32LE(height, 22);
    begin.writeUInt16LE(1, 26);
    begin.writeUInt16LE(bits, 28);
    begin.writeUInt32LE(packing, 30);
    for (const [i, mask] of masks.entries()) begin.writeUInt32LE(mask, 54 + 4 * i);
  }
  return Buffer.concat([begin, palette, rows]);
}
