// AssemblyScript: the inner loops of resize.ts as WebAssembly with vectors, in resample.gen.ts.
// Levels are summed in whole numbers with weights of 22 bits and rounded once an axis, as Pillow does.

/** Bits of a weight: 1 is `1 << BITS`. */
const BITS: i32 = 22;

/**
 * Resizes `rows` rows of RGB pixels along the row. Of output `i` tells `windows` where its first pixel is
 * in a row (bytes) and how many there are, and `weights` has `most` of them for each. Addresses are in
 * bytes; up to 4 bytes behind the last pixel are read, and 1 behind the last output is written.
 */
export function alongRows(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  rows: usize,
  outputs: usize,
  windows: usize,
  weights: usize,
  most: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    let target = to + row * toRow;
    for (let output: usize = 0; output < outputs; output++, target += 3) {
      let pixel = from + row * fromRow + load<i32>(windows + 8 * output);
      const count = load<i32>(windows + 8 * output, 4);
      let weight = weights + 4 * most * output;
      let sum = i32x4.splat(1 << (BITS - 1));
      for (let i = 0; i < count; i++, pixel += 3, weight += 4) {
        const wide = i16x8.extend_low_i8x16_u(v128.load32_zero(pixel));
        const levels = i32x4.extend_low_i16x8_u(wide);
        sum = i32x4.add(sum, i32x4.mul(levels, v128.load32_splat(weight)));
      }
      const rounded = i32x4.shr_s(sum, BITS);
      const halves = i16x8.narrow_i32x4_s(rounded, rounded);
      v128.store32_lane(target, i8x16.narrow_i16x8_u(halves, halves), 0);
    }
  }
}

/**
 * The same along columns: of output row `i` tells `windows` where its first row begins and how many there
 * are. `length` bytes of each row are made, 16 at once: up to 15 more are read and written.
 */
export function alongColumns(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  length: usize,
  outputs: usize,
  windows: usize,
  weights: usize,
  most: usize,
): void {
  for (let output: usize = 0; output < outputs; output++) {
    const first = from + load<i32>(windows + 8 * output);
    const count = load<i32>(windows + 8 * output, 4);
    const ownWeights = weights + 4 * most * output;
    const target = to + output * toRow;
    for (let at: usize = 0; at < length; at += 16) {
      let a = i32x4.splat(1 << (BITS - 1));
      let b = a;
      let c = a;
      let d = a;
      let pixel = first + at;
      let weight = ownWeights;
      for (let i = 0; i < count; i++, pixel += fromRow, weight += 4) {
        const levels = v128.load(pixel);
        const by = v128.load32_splat(weight);
        const low = i16x8.extend_low_i8x16_u(levels);
        const high = i16x8.extend_high_i8x16_u(levels);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), by));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), by));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), by));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), by));
      }
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(a, BITS), i32x4.shr_s(b, BITS));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(c, BITS), i32x4.shr_s(d, BITS));
      v128.store(target + at, i8x16.narrow_i16x8_u(low, high));
    }
  }
}
