import { type BaselineJpeg, type Codes, readBaselineJpeg } from './baseline-jpeg.js';
import type { Span } from './place.js';
import type { RawImage } from './raw-image.js';
import { reduceModule } from './reduce.gen.js';
import { growTo, startLoops } from './web-assembly.js';

/** The functions of reduce.as.ts. */
interface Loops {
  makeTable(counts: number, symbols: number, table: number): number;
  makePairs(table: number): void;
  readonly TABLE: { readonly value: number };
  unstuff(from: number, end: number, top: number): number;
  decode(...numbers: readonly number[]): number;
  toRgb(y: number, cb: number, cr: number, to: number, length: number): void;
  greyToRgb(y: number, to: number, length: number): void;
}

/** Bytes of a component's description, of a block with what is beside it, and of what is read and written behind an end. */
const COMPONENT = 32;
const BLOCK = 160;
const SLACK = 32;
/** A block of wrong codes reads so far beyond what is there. */
const BEYOND = 4096;
/** Bits are counted in 32. */
const longest = 2 ** 28;

type Module = ReturnType<typeof startLoops<Loops>>;
let started: Module | undefined;

/**
 * RGB of a JPEG file at a quarter or an eighth of its pixels on each side, or of a part of those: what
 * libjpeg gives with `scale_denom`, level for level. Undefined where the file is of another kind than
 * {@link readBaselineJpeg} reads, or not as it should be: then libjpeg has to say.
 */
export function reducedJpeg(
  bytes: Uint8Array,
  reduction: 4 | 8,
  part?: { readonly rows: Span; readonly columns: Span },
): RawImage | undefined {
  const jpeg = bytes.length < longest ? readBaselineJpeg(bytes) : undefined;
  if (jpeg === undefined) return undefined;
  started ??= startLoops<Loops>(reduceModule);
  const { memory, loops } = started;
  const planes = planesOf(jpeg, reduction);
  const rows = part?.rows ?? { start: 0, length: Math.ceil(jpeg.height / reduction) };
  const columns = part?.columns ?? { start: 0, length: Math.ceil(jpeg.width / reduction) };
  const pixels = rows.length * columns.length;
  const places = layOut(jpeg, planes, { table: loops.TABLE.value, file: bytes.length, pixels });
  growTo(memory, places.end);
  new Uint8Array(memory.buffer).set(bytes, places.file);
  if (!describe(started, jpeg, planes, places)) return undefined;
  if (!decode(started, jpeg, planes, places)) return undefined;
  for (let row = 0; row < rows.length; row++) {
    const from = (rows.start + row) * planes.row + columns.start;
    const to = places.result + 3 * row * columns.length;
    const [y = 0, cb, cr] = places.components.map(({ plane }) => plane + from);
    if (cb === undefined || cr === undefined) loops.greyToRgb(y, to, columns.length);
    else loops.toRgb(y, cb, cr, to, columns.length);
  }
  const data = new Uint8Array(memory.buffer).slice(places.result, places.result + 3 * pixels);
  return { data, width: columns.length, height: rows.length };
}

/** Puts the tables and descriptions of components where they belong. False when codes are none. */
function describe(
  { memory, loops }: Module,
  jpeg: BaselineJpeg,
  planes: Planes,
  places: Places,
): boolean {
  const all = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const table = ({ counts, symbols }: Codes, at: number): boolean => {
    all.set(counts, places.codes);
    all.set(symbols, places.codes + 16);
    return loops.makeTable(places.codes, places.codes + 16, at) !== 0;
  };
  all.set(zigzag, places.order + 1);
  all.fill(0, places.block, places.block + BLOCK);
  for (const [index, { blocks, steps, means, others }] of jpeg.components.entries()) {
    const own = places.components[index];
    if (own === undefined || !table(means, own.means) || !table(others, own.others)) return false;
    loops.makePairs(own.others);
    const natural = new Uint16Array(memory.buffer, own.steps, 64);
    for (const [k, step] of steps.entries()) natural[(zigzag[k] ?? 0) / 2] = step;
    const side = planes.unit / blocks;
    const { plane } = own;
    const described = [blocks, side, plane, planes.row, own.steps, own.means, own.others];
    words.set(described, (places.described + index * COMPONENT) / 4);
  }
  return true;
}

/** Decodes all units into the planes, restart by restart. False where that is not all, and right. */
function decode(
  { memory, loops }: Module,
  jpeg: BaselineJpeg,
  planes: Planes,
  { file, fileEnd, top, described, order, block }: Places,
): boolean {
  const all = new Uint8Array(memory.buffer, 0, fileEnd);
  const interval = jpeg.interval === 0 ? planes.units : jpeg.interval;
  let at = file + jpeg.from;
  for (let first = 0; first < planes.units; first += interval) {
    if (first > 0) {
      // RST0 to RST7 by turns.
      if (all[at + 1] !== 0xd0 + ((first / interval - 1) % 8)) return false;
      at += 2;
    }
    at = loops.unstuff(at, fileEnd, top);
    const units = Math.min(interval, planes.units - first);
    const count = jpeg.components.length;
    if (!loops.decode(top, first, units, planes.across, described, count, order, block)) {
      return false;
    }
  }
  // The end of the image.
  return all[at + 1] === 0xd9;
}

/** Addresses of what the module works on. */
interface Places {
  readonly file: number;
  readonly fileEnd: number;
  /** What is coded ends here, backwards. */
  readonly top: number;
  readonly order: number;
  readonly block: number;
  readonly described: number;
  readonly components: readonly {
    readonly means: number;
    readonly others: number;
    readonly steps: number;
    readonly plane: number;
  }[];
  readonly codes: number;
  readonly result: number;
  readonly end: number;
}

function layOut(
  { components }: BaselineJpeg,
  { row, rows }: Planes,
  sizes: { readonly table: number; readonly file: number; readonly pixels: number },
): Places {
  let free = 0;
  const reserve = (bytes: number): number => {
    const at = free;
    free += 16 * Math.ceil(bytes / 16);
    return at;
  };
  const file = reserve(sizes.file + SLACK);
  reserve(BEYOND + sizes.file + SLACK);
  return {
    file,
    fileEnd: file + sizes.file,
    top: free,
    order: reserve(zigzag.length + 1),
    block: reserve(BLOCK),
    described: reserve(components.length * COMPONENT),
    components: components.map(() => ({
      means: reserve(sizes.table),
      others: reserve(sizes.table),
      steps: reserve(2 * 64),
      plane: reserve(row * rows + SLACK),
    })),
    codes: reserve(16 + 256),
    result: reserve(3 * sizes.pixels + SLACK),
    end: free,
  };
}

type Planes = ReturnType<typeof planesOf>;

/** Sizes of what is decoded: pixels of a unit's side, units across and in all, bytes of a row, and rows. */
function planesOf({ width, height, components }: BaselineJpeg, reduction: number) {
  const blocks = components[0]?.blocks ?? 1;
  const across = Math.ceil(width / (8 * blocks));
  const down = Math.ceil(height / (8 * blocks));
  const unit = (8 / reduction) * blocks;
  return { unit, across, units: across * down, row: across * unit, rows: down * unit };
}

/** Where each number of a block goes, in bytes of an 8 x 8 of 16 bits; those behind the last go behind it. */
const zigzag = Uint8Array.from({ length: 80 }, (_, k) => 2 * (k < 64 ? naturalOrder(k) : 64));

function naturalOrder(k: number): number {
  let [row, column, at] = [0, 0, 0];
  while (at < k) {
    const down = (row + column) % 2 === 1;
    if (down && row === 7) column++;
    else if (down && column === 0) row++;
    else if (down) [row, column] = [row + 1, column - 1];
    else if (column === 7) row++;
    else if (row === 0) column++;
    else [row, column] = [row - 1, column + 1];
    at++;
  }
  return 8 * row + column;
}
