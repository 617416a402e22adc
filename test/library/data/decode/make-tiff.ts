/** What a TIFF file is to say of its samples. */
export interface Tiff {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly photometric: number;
  readonly format?: number;
  readonly extra?: readonly number[];
  readonly compression?: number;
}

/** A TIFF file in one strip, little-endian: its directory stands before its pixels. */
export function makeTiff(tiff: Tiff, pixels: Uint8Array): Buffer {
  const { width, height, bits, samples, photometric, format = 1, extra = [] } = tiff;
  const shorts: readonly (readonly [tag: number, values: readonly number[]])[] = [
    [256, [width]],
    [257, [height]],
    [258, Array(samples).fill(bits)],
    [259, [tiff.compression ?? 1]],
    [262, [photometric]],
    [277, [samples]],
    [278, [height]],
    ...(extra.length > 0 ? [[338, extra] as const] : []),
    [339, Array(samples).fill(format)],
  ];
  const entries = shorts.length + 2;
  const after = 8 + 2 + 12 * entries + 4;
  const long = shorts.map(([, values]) => (values.length > 2 ? 2 * values.length : 0));
  const pixelsAt = after + long.reduce((sum, bytes) => sum + bytes, 0);
  const file = Buffer.alloc(pixelsAt + pixels.length);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries, 8);
  let room = after;
  const put = (place: number, tag: number, type: number, values: readonly number[]): void => {
    const at = 10 + 12 * place;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(values.length, at + 4);
    if (type === 4) file.writeUInt32LE(values[0] ?? 0, at + 8);
    else if (values.length <= 2) {
      for (const [i, value] of values.entries()) file.writeUInt16LE(value, at + 8 + 2 * i);
    } else {
      file.writeUInt32LE(room, at + 8);
      for (const value of values) room = file.writeUInt16LE(value, room);
    }
  };
  const all: [number, number, readonly number[]][] = [
    ...shorts.map(([tag, values]): [number, number, readonly number[]] => [tag, 3, values]),
    [273, 4, [pixelsAt]],
    [279, 4, [pixels.length]],
  ];
  all.sort(([a], [b]) => a - b);
  for (const [place, [tag, type, values]] of all.entries()) put(place, tag, type, values);
  file.set(pixels, pixelsAt);
  return file;
}
