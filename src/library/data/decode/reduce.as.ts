// AssemblyScript: baseline JPEG files at a quarter or an eighth of their pixels, as WebAssembly with vectors,
// in reduce.gen.ts: codes become numbers (jdhuff.c of libjpeg), and these pixels (reduce-blocks.as.ts).
import { flat, four, levelOf, two } from './reduce-blocks.as';

export { greyToRgb, toRgb } from './reduce-blocks.as';

/** Bits that one look into a table decodes. */
const LOOK: u32 = 10;
const ENTRIES: usize = 1 << LOOK;
/** Parts of a table: words ({@link wordOf}), pairs and their lengths ({@link makePairs}). */
const PAIRS: usize = 4 * ENTRIES;
const LENGTHS: usize = PAIRS + 8 * ENTRIES;
/** For each length of code: the first code that is longer (16 bits), and what to add to a code for its symbol's place. */
const LIMITS: usize = LENGTHS + ENTRIES;
const SYMBOLS: usize = LIMITS + 8 * 17;
/** Bytes of a table. */
export const TABLE: usize = SYMBOLS + 256;

/** Makes a table of the codes of a file: how many there are of 1 to 16 bits, and their symbols. False when they are none. */
export function makeTable(counts: usize, symbols: usize, table: usize): bool {
  memory.fill(table, 0, TABLE);
  let code: u32 = 0;
  let index: usize = 0;
  for (let length: u32 = 1; length <= 16; length++) {
    const first = code;
    const firstIndex = index;
    for (let left = <u32>load<u8>(counts + length - 1); left > 0; left--, code++, index++) {
      if (index > 255 || code >= 1 << length) return false;
      const symbol = <u32>load<u8>(symbols + index);
      store<u8>(table + SYMBOLS + index, <u8>symbol);
      const word = wordOf(symbol, length);
      if (word === 0) return false;
      if (length > LOOK) continue;
      const from = table + ((<usize>(code << (LOOK - length))) << 2);
      for (let at: usize = 0; at < 4 << (LOOK - length); at += 4) store<u32>(from + at, word);
    }
    store<u32>(table + LIMITS + 8 * length, code << (16 - length));
    store<i32>(table + LIMITS + 8 * length + 4, <i32>firstIndex - <i32>first);
    code <<= 1;
  }
  return true;
}

/**
 * Adds to a table what two codes with the bits of their numbers say where both are in one look: from the
 * lowest 16 bits on both numbers, in bytes how far on each is in the block, and the bits of the first. Where
 * only one is, the second is the same number in the same place; where none is, the length is 0.
 */
export function makePairs(table: usize): void {
  for (let entry: usize = 0; entry < ENTRIES; entry++) {
    const bits = (<u64>entry) << (64 - LOOK);
    const word = load<u32>(table + 4 * entry);
    const length = word & 255;
    if ((word & 0xff00) === 0 || length > LOOK) continue;
    const number = numberOf(bits, word);
    const behind = bits << length;
    const next = load<u32>(table + ((<usize>(behind >> (64 - LOOK))) << 2));
    const isPair = (next & 0xff00) !== 0 && length + (next & 255) <= LOOK;
    const other = isPair ? numberOf(behind, next) : number;
    const numbers = ((<u32>number) << 16) | (<u32>other & 0xffff);
    const places = ((word >> 16) & 255) | (isPair ? ((next >> 16) & 255) << 8 : 0) | (length << 16);
    store<u64>(table + 8 * entry, ((<u64>numbers) << 32) | <u64>places, PAIRS);
    store<u8>(table + entry, <u8>(isPair ? length + (next & 255) : length), LENGTHS);
  }
}

/**
 * What a code says: in bytes from the lowest, its bits with those of the number behind it, the bits of the
 * number, how far on in the block the next number is, its own bits. 0 when no number of 8 bits' levels has
 * so many bits.
 */
function wordOf(symbol: u32, length: u32): u32 {
  const size = symbol & 15;
  return size > 11
    ? 0
    : (length << 24) | (((symbol >> 4) + 1) << 16) | (size << 8) | (length + size);
}

/** How many bytes {@link unstuff} wrote. */
let written: usize = 0;

/**
 * Copies what is coded up to the next marker, without the zeros that stand behind 0xff, and backwards, from
 * below `top` on: so 8 bytes are loaded as one number. Returns where the marker is, or `end`.
 */
export function unstuff(from: usize, end: usize, top: usize): usize {
  let at = from;
  let to = top;
  const back = i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const mark = i8x16.splat(<i8>0xff);
  while (at < end) {
    if (at + 16 <= end) {
      const bytes = v128.load(at);
      if (!v128.any_true(i8x16.eq(bytes, mark))) {
        to -= 16;
        v128.store(to, v128.swizzle(bytes, back));
        at += 16;
        continue;
      }
    }
    const byte = load<u8>(at);
    if (byte === 0xff) {
      if (at + 1 >= end || load<u8>(at + 1) !== 0) break;
      at++;
    }
    at++;
    store<u8>(--to, byte);
  }
  // What is read beyond the end is 0.
  memory.fill(to - 16, 0, 16);
  written = top - to;
  return at;
}

/** How a component is described, in words from its address on. */
const BLOCKS: usize = 0; // of it in a unit, each way
const SIDE: usize = 4; // pixels of a block's side: 1, 2 or 4
const PLANE: usize = 8;
const ROW: usize = 12; // bytes of a row of the plane
const QUANT: usize = 16; // steps, 64 of 16 bits
const DC: usize = 20; // tables
const AC: usize = 24;
const BEFORE: usize = 28; // the last block's mean
const COMPONENT: usize = 32;

/**
 * Decodes `units` units (of which a row has `row`), the first of which is number `first`, from what
 * {@link unstuff} has written below `top`. `order` has where each number of a block goes, in bytes; `block`
 * is 160 bytes, of which 128 are 0. Whether that was all there is, and right.
 */
export function decode(
  top: usize,
  first: u32,
  units: u32,
  row: u32,
  components: usize,
  count: u32,
  order: usize,
  block: usize,
): bool {
  const bottom = top - written;
  ahead = 0;
  valid = 0;
  next = top - 8;
  for (let c: usize = 0; c < count; c++) store<i32>(components + c * COMPONENT + BEFORE, 0);
  for (let unit = first; unit < first + units; unit++) {
    const x = unit % row;
    const y = unit / row;
    for (let c: usize = 0; c < count; c++) {
      const component = components + c * COMPONENT;
      const blocks = load<u32>(component + BLOCKS);
      const side = load<u32>(component + SIDE);
      const toRow = load<u32>(component + ROW);
      const quant = <usize>load<u32>(component + QUANT);
      const dc = <usize>load<u32>(component + DC);
      const ac = <usize>load<u32>(component + AC);
      let mean = load<i32>(component + BEFORE);
      const plane = <usize>load<u32>(component + PLANE);
      for (let v: u32 = 0; v < blocks; v++) {
        let to = plane + (y * blocks + v) * side * toRow + x * blocks * side;
        for (let h: u32 = 0; h < blocks; h++, to += side) {
          const found = numbers(dc, ac, order, block);
          if (found === 0 || next + 8 + 8 < bottom) return false;
          mean += load<i32>(block + 144);
          const level = mean * <i32>load<i16>(quant);
          // Levels of 8 bits have means of a quarter of that.
          if (level < -4096 || level > 4095) return false;
          store<i16>(block, <i16>mean);
          if (found === 1 || side === 1) flat(levelOf((level + 4) >> 3), side, to, toRow);
          else if (side === 2) two(block, quant, to, toRow);
          else four(block, quant, to, toRow);
          if (found > 1) clear(block);
        }
      }
      store<i32>(component + BEFORE, mean);
    }
  }
  // Bits that are left; less than none when more were taken than there are.
  const left = (<i32>(next + 8) - <i32>bottom) * 8 + <i32>valid;
  return left >= 0 && left < 8;
}

/** Makes the 64 numbers of a block 0. */
function clear(block: usize): void {
  const none = i64x2.splat(0);
  for (let at: usize = 0; at < 128; at += 16) v128.store(block + at, none);
}

/** The bits that come next, from the highest on; how many of them are sure; and where the 8 bytes behind those that were loaded are. */
let ahead: u64 = 0;
let valid: u64 = 0;
let next: usize = 0;

/**
 * The numbers of a block; of the first how it differs from the last block's, at
 * `block + 144`. Gives the place behind the last one in the block's order, 0 if they are wrong.
 */
function numbers(dc: usize, ac: usize, order: usize, block: usize): usize {
  let bits = ahead;
  let sure = valid;
  let from = next;
  bits |= load<u64>(from) >> sure;
  from -= <usize>((63 - sure) >> 3);
  sure |= 56;
  let word = load<u32>(dc + ((<usize>(bits >> (64 - LOOK))) << 2));
  if (word === 0) word = longer(dc, bits);
  if (word === 0 || ((word >> 16) & 255) !== 1) return 0;
  store<i32>(block + 144, ((word >> 8) & 255) === 0 ? 0 : numberOf(bits, word));
  bits <<= word & 255;
  sure -= word & 255;
  // One beyond the place of the last number.
  let k: usize = 1;
  do {
    // A code has 16 bits at most, and its number 11.
    if (sure < 27) {
      bits |= load<u64>(from) >> sure;
      from -= <usize>((63 - sure) >> 3);
      sure |= 56;
    }
    const look = <usize>(bits >> (64 - LOOK));
    let length = <u64>load<u8>(ac + look, LENGTHS);
    if (length !== 0) {
      const pair = load<u64>(ac + (look << 3), PAIRS);
      k += <usize>pair & 255;
      put(block, order, k, <i32>(<i64>pair >> 48));
      if (k >= 64) {
        length = (pair >> 16) & 255;
        bits <<= length;
        sure -= length;
        break;
      }
      bits <<= length;
      sure -= length;
      k += (<usize>pair >> 8) & 255;
      put(block, order, k, <i32>(<i16>(pair >> 32)));
      continue;
    }
    word = load<u32>(ac + (look << 2));
    if (word === 0) word = longer(ac, bits);
    if (word === 0) return 0;
    const isNumber = (word & 0xff00) !== 0;
    // 16 zeros, or the end of the block.
    const isEnd = !isNumber && ((word >> 16) & 255) !== 16;
    if (!isEnd) k += (word >> 16) & 255;
    if (isNumber) put(block, order, k, numberOf(bits, word));
    bits <<= word & 255;
    sure -= word & 255;
    if (isEnd) break;
  } while (k < 64);
  ahead = bits;
  valid = sure;
  next = from;
  return k > 64 ? 0 : k;
}

/** Puts a number where the block's order has the one before `k`. */
function put(block: usize, order: usize, k: usize, number: i32): void {
  store<i16>(block + load<u8>(order + k), <i16>number);
}

/** The number behind a code of at least one bit: those with 0 as the first bit are negative. */
function numberOf(bits: u64, word: u32): i32 {
  const size = (word >> 8) & 255;
  const behind = <i64>(bits << (word >> 24));
  const number = <i32>(<u64>behind >> (64 - size));
  const isNegative = <i32>~(behind >> 63);
  return number - (isNegative & ((1 << size) - 1));
}

/** The word of a code of more bits than a look; 0 if there is none. */
function longer(table: usize, bits: u64): u32 {
  const code = <u32>(bits >> 48);
  for (let length: u32 = LOOK + 1; length <= 16; length++) {
    const limit = table + LIMITS + 8 * length;
    if (code >= load<u32>(limit)) continue;
    const index = <i32>(code >> (16 - length)) + load<i32>(limit + 4);
    if (index < 0 || index > 255) return 0;
    return wordOf(<u32>load<u8>(table + SYMBOLS + index), length);
  }
  return 0;
}
