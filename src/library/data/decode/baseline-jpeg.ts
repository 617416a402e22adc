import { segmentsOf, startsWith } from './jpeg-segments.js';

/** A JPEG file whose numbers are coded in one go by Huffman's codes, in grey or YCbCr. */
export interface BaselineJpeg {
  readonly width: number;
  readonly height: number;
  /** Luminance, then chrominance where there is any, which has as many pixels or half on each side. */
  readonly components: readonly Component[];
  /** Units between restarts; 0: there are none. */
  readonly interval: number;
  /** Where the coded numbers begin. */
  readonly from: number;
}

export interface Component {
  /** Blocks in a unit, across and down. */
  readonly blocks: 1 | 2;
  /** Steps of its numbers, in the order of the file. */
  readonly steps: Uint16Array;
  /** Of the first numbers of blocks, and of the others. */
  readonly means: Codes;
  readonly others: Codes;
}

/** How many codes there are of 1 to 16 bits, and the symbols that they stand for. */
export interface Codes {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** What the segments before the pixels say; undefined where a file is of another kind, or not right. */
export function readBaselineJpeg(bytes: Uint8Array): BaselineJpeg | undefined {
  const steps = new Map<number, Uint16Array>();
  const codes = new Map<number, Codes>();
  let frame: Uint8Array | undefined;
  let interval = 0;
  let isJfif = false;
  let transform: number | undefined;
  for (const { marker, body, end } of segmentsOf(bytes)) {
    switch (marker) {
      case 0xc0:
        frame = body;
        break;
      case 0xc4:
        if (!readCodes(body, codes)) return undefined;
        break;
      case 0xdb:
        if (!readSteps(body, steps)) return undefined;
        break;
      case 0xdd:
        if (body.length !== 2) return undefined;
        interval = 256 * (body[0] ?? 0) + (body[1] ?? 0);
        break;
      case 0xda: {
        const components = frame && componentsOf(frame, body, steps, codes);
        if (frame === undefined || components === undefined) return undefined;
        const [bits, top = 0, high = 0, left = 0, low = 0] = frame;
        const [height, width] = [256 * top + high, 256 * left + low];
        if (bits !== 8 || height === 0 || width === 0) return undefined;
        const isYcc =
          isJfif || transform === 1 || (transform === undefined && hasUsualNames(frame));
        if (components.length === 3 && !isYcc) return undefined;
        return { width, height, components, interval, from: end };
      }
      default:
        // Application data and comments.
        if ((marker < 0xe0 || marker > 0xef) && marker !== 0xfe) return undefined;
        if (marker === 0xe0) isJfif ||= startsWith(body, 'JFIF\0');
        if (marker === 0xee && startsWith(body, 'Adobe')) transform = body[11];
    }
  }
  return undefined;
}

/** The components of a frame (SOF0) in a scan (SOS) that has them all. */
function componentsOf(
  frame: Uint8Array,
  scan: Uint8Array,
  steps: ReadonlyMap<number, Uint16Array>,
  codes: ReadonlyMap<number, Codes>,
): readonly Component[] | undefined {
  const count = frame[5] ?? 0;
  if ((count !== 1 && count !== 3) || frame.length !== 6 + 3 * count) return undefined;
  if (scan[0] !== count || scan.length !== 4 + 2 * count) return undefined;
  // All numbers of a block, with all their bits.
  if (scan[1 + 2 * count] !== 0 || scan[2 + 2 * count] !== 63 || scan[3 + 2 * count] !== 0) {
    return undefined;
  }
  const components: Component[] = [];
  for (let index = 0; index < count; index++) {
    const [name, sampling = 0, table = 0] = frame.subarray(6 + 3 * index);
    const [found, coding = 0] = scan.subarray(1 + 2 * index);
    const own = steps.get(table);
    const means = codes.get(coding >> 4);
    const others = codes.get(0x10 + (coding & 15));
    if (name !== found || !own || !means || !others) return undefined;
    const sampled = blocksOf(sampling);
    // A component alone comes block by block.
    const blocks = count === 1 && sampled !== undefined ? 1 : sampled;
    if (blocks === undefined || (index > 0 && blocks !== 1)) return undefined;
    components.push({ blocks, steps: own, means, others });
  }
  return components;
}

function blocksOf(sampling: number): 1 | 2 | undefined {
  if (sampling === 0x11) return 1;
  return sampling === 0x22 ? 2 : undefined;
}

/** Adds the tables of a DHT segment: by class (0 for means, 1 for others) times 16, and number. */
function readCodes(body: Uint8Array, codes: Map<number, Codes>): boolean {
  for (let at = 0; at < body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = body.subarray(at + 17, at + 17 + total);
    const name = body[at] ?? 0;
    if ((name & 0xef) > 3 || counts.length < 16 || symbols.length < total || total > 256)
      return false;
    // Means have no zeros before them.
    if (name < 0x10 && symbols.some((symbol) => symbol > 15)) return false;
    codes.set(name, { counts, symbols });
    at += 17 + total;
  }
  return true;
}

/** Adds the tables of a DQT segment by their numbers. */
function readSteps(body: Uint8Array, steps: Map<number, Uint16Array>): boolean {
  for (let at = 0; at < body.length; ) {
    const first = body[at] ?? 0;
    if ((first & 15) > 3 || first >> 4 > 1) return false;
    const wide = first >> 4 === 1;
    const length = wide ? 128 : 64;
    const values = body.subarray(at + 1, at + 1 + length);
    if (values.length < length) return false;
    const own = wide
      ? Uint16Array.from(
          { length: 64 },
          (_, k) => 256 * (values[2 * k] ?? 0) + (values[2 * k + 1] ?? 0),
        )
      : Uint16Array.from(values);
    steps.set(first & 15, own);
    at += 1 + length;
  }
  return true;
}

/** Whether components are called 1, 2 and 3, as in files of YCbCr that do not say so. */
function hasUsualNames(frame: Uint8Array): boolean {
  return frame[6] === 1 && frame[9] === 2 && frame[12] === 3;
}
