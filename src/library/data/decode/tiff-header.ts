/** What the first image of a TIFF file says of its samples. */
export interface TiffHeader {
  /** What ink or light the samples are: 0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 CIELab. */
  readonly photometric: number;
  readonly bits: number;
  /** 1 counts from 0, 2 has signs, 3 floats, and others. */
  readonly format: number;
  readonly samples: number;
  /** Of the samples beyond the colours, what the first is: 1 and 2 alpha; undefined where nothing is said. */
  readonly extra: number | undefined;
  /** Is all of its pixels' data in the file? */
  readonly isWhole: boolean;
}

const tag = {
  bits: 258,
  photometric: 262,
  samples: 277,
  extra: 338,
  format: 339,
  offsets: [273, 324],
  lengths: [279, 325],
} as const;

/** Bytes of a number, by its type: those that these tags have. */
const widths: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

/** Reads the first directory of a TIFF or BigTIFF file; undefined where it does not lie in the file. */
export function readTiffHeader(file: Uint8Array): TiffHeader | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = file[0] === 0x49;
  const numberAt = (at: number, width: number): number => {
    if (width === 8) return Number(view.getBigUint64(at, little));
    if (width === 4) return view.getUint32(at, little);
    return width === 2 ? view.getUint16(at, little) : view.getUint8(at);
  };
  try {
    const isBig = numberAt(2, 2) === 43;
    const [long, counts, entry] = isBig ? [8, 8, 20] : [4, 2, 12];
    const directory = numberAt(isBig ? 8 : 4, long);
    const valuesOf = new Map<number, readonly number[]>();
    const entries = numberAt(directory, counts);
    for (let i = 0; i < entries; i++) {
      const at = directory + counts + i * entry;
      const width = widths[numberAt(at + 2, 2)];
      if (width === undefined) continue;
      const count = numberAt(at + 4, long);
      const inside = at + 4 + long;
      const from = count * width <= long ? inside : numberAt(inside, long);
      if (from + count * width > file.length) return undefined;
      const values = Array.from({ length: count }, (_, place) =>
        numberAt(from + place * width, width),
      );
      valuesOf.set(numberAt(at, 2), values);
    }
    const first = (name: number): number | undefined => valuesOf.get(name)?.[0];
    const all = (names: readonly number[]) => names.flatMap((name) => valuesOf.get(name) ?? []);
    const lengths = all(tag.lengths);
    const ends = all(tag.offsets).map((offset, i) => offset + (lengths[i] ?? 0));
    return {
      photometric: first(tag.photometric) ?? 1,
      bits: first(tag.bits) ?? 1,
      format: first(tag.format) ?? 1,
      samples: first(tag.samples) ?? 1,
      extra: first(tag.extra),
      isWhole: ends.length > 0 && ends.every((end) => end <= file.length),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Samples of a pixel that are its colour. */
const colours: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };

/** Is there an alpha channel? A further sample that is said to be none is something else, such as near infrared. */
export const hasAlpha = ({ photometric, samples, extra }: TiffHeader): boolean =>
  samples > (colours[photometric] ?? samples) && (extra === 1 || extra === 2);

/** Why the samples are no levels of grey or of colours that are read, if they are none. */
export function faultOfTiff({ photometric, bits, format, samples }: TiffHeader) {
  const is = 'is a TIFF file of';
  if (format === 3 || format === 6)
    return `${is} floating-point numbers, which are no levels: save 8 or 16 bits`;
  if (format !== 1 && format !== 4)
    return `${is} signed numbers, which are no levels: save 8 or 16 bits without sign`;
  if (bits > 16) return `${is} ${bits} bits, of which levels may be any part: save 8 or 16 bits`;
  const base = colours[photometric];
  if (base === undefined || photometric === 8) return `${is} colours that are not read: save RGB`;
  if (photometric < 2 && samples > 2)
    return `${is} ${samples} channels that are said to be no colours: save RGB`;
  return undefined;
}
