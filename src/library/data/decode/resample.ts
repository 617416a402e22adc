import type { RawImage } from './raw-image.js';
import { resampleModule } from './resample.gen.js';
import { growTo, startLoops } from './web-assembly.js';

/** Which pixels along an axis make each output, and with what weights. */
export interface Taps {
  /** Pairs: the first pixel, and how many there are. */
  readonly windows: Int32Array;
  /** `most` for each output, as multiples of 2^-22. */
  readonly weights: Int32Array;
  readonly most: number;
}

/** The functions of resample.as.ts. */
interface Loops {
  alongRows(...numbers: readonly number[]): void;
  alongColumns(...numbers: readonly number[]): void;
}

/** Pixels go to the module in strips, so that all of a large image is never in it. Bytes. */
const STRIP = 1 << 20;
/** Vectors reach over the end of what they read and write. */
const SLACK = 16;

let started: ReturnType<typeof startLoops<Loops>> | undefined;

/**
 * RGB pixels (outputs of `down`, outputs of `across`, 3): first along rows, then along columns, rounded to
 * whole levels after each, half a level up.
 */
export function resample({ data, width, height }: RawImage, across: Taps, down: Taps): Uint8Array {
  started ??= startLoops<Loops>(resampleModule);
  const { memory, loops } = started;
  const [columns, rows] = [across.windows.length / 2, down.windows.length / 2];
  const { first, end } = reach(down, height);
  const fromRow = 3 * width;
  const toRow = 16 * Math.ceil((3 * columns) / 16);
  const stripRows = Math.max(1, Math.min(end - first, Math.floor(STRIP / fromRow)));
  let free = 0;
  const reserve = (bytes: number): number => {
    const at = free;
    free += 16 * Math.ceil((bytes + SLACK) / 16);
    return at;
  };
  const numbers = (of: Int32Array) => reserve(of.byteLength);
  const tables = [across.windows, across.weights, down.windows, down.weights];
  const [acrossWindows = 0, acrossWeights = 0, downWindows = 0, downWeights = 0] =
    tables.map(numbers);
  const strip = reserve(stripRows * fromRow);
  const middle = reserve((end - first) * toRow);
  const result = reserve(rows * 3 * columns);
  growTo(memory, free);
  const bytes = new Uint8Array(memory.buffer);
  const place = (of: Int32Array, at: number) =>
    new Int32Array(memory.buffer, at, of.length).set(of);
  place(inBytes(across.windows, 0, 3), acrossWindows);
  place(across.weights, acrossWeights);
  place(inBytes(down.windows, first, toRow), downWindows);
  place(down.weights, downWeights);
  for (let row = first; row < end; row += stripRows) {
    const count = Math.min(stripRows, end - row);
    bytes.set(data.subarray(row * fromRow, (row + count) * fromRow), strip);
    const to = middle + (row - first) * toRow;
    const along = [acrossWindows, acrossWeights, across.most];
    loops.alongRows(strip, fromRow, to, toRow, count, columns, ...along);
  }
  const along = [downWindows, downWeights, down.most];
  loops.alongColumns(middle, toRow, result, 3 * columns, 3 * columns, rows, ...along);
  return bytes.slice(result, result + rows * 3 * columns);
}

/** The pixels that are used at all. */
function reach(
  { windows }: Taps,
  length: number,
): { readonly first: number; readonly end: number } {
  let [first, end] = [length, 0];
  for (let at = 0; at < windows.length; at += 2) {
    const from = windows[at] ?? 0;
    first = Math.min(first, from);
    end = Math.max(end, from + (windows[at + 1] ?? 0));
  }
  return { first, end };
}

/** Windows whose pixels are counted from `first` on, each of `size` bytes. */
function inBytes(windows: Int32Array, first: number, size: number): Int32Array {
  return windows.map((value, at) => (at % 2 === 0 ? (value - first) * size : value));
}
