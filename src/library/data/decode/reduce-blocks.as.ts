// AssemblyScript: numbers of JPEG blocks to pixels, as a part of reduce.as.ts. Arithmetic is libjpeg's
// (jidctred.c, jdcolor.c): the same levels come out.

/** A block of one level: of 1, 2 or 4 pixels each way. */
export function flat(level: u8, side: usize, to: usize, row: usize): void {
  for (let y: usize = 0; y < side; y++, to += row) {
    for (let x: usize = 0; x < side; x++) store<u8>(to + x, level);
  }
}

/** A level of 8 bits. */
export function levelOf(value: i32): u8 {
  return <u8>max(0, min(255, value + 128));
}

function pairsLow(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

function pairsHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** Eight numbers by their steps. */
function scaled(numbers: usize, steps: usize): v128 {
  return i16x8.mul(v128.load(numbers), v128.load(steps));
}

/** Of 8 x 8 numbers 2 x 2 pixels: `jpeg_idct_2x2`. */
export function two(block: usize, quant: usize, to: usize, row: usize): void {
  const r0 = scaled(block, quant);
  const r1 = scaled(block + 16, quant + 16);
  const r3 = scaled(block + 48, quant + 48);
  const r5 = scaled(block + 80, quant + 80);
  const r7 = scaled(block + 112, quant + 112);
  const a = i16x8(29692, -10426, 29692, -10426, 29692, -10426, 29692, -10426);
  const b = i16x8(6967, -5906, 6967, -5906, 6967, -5906, 6967, -5906);
  const half = i32x4.splat(1 << 12);
  const oddLow = i32x4.add(
    i32x4.dot_i16x8_s(pairsLow(r1, r3), a),
    i32x4.dot_i16x8_s(pairsLow(r5, r7), b),
  );
  const oddHigh = i32x4.add(
    i32x4.dot_i16x8_s(pairsHigh(r1, r3), a),
    i32x4.dot_i16x8_s(pairsHigh(r5, r7), b),
  );
  const evenLow = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(r0), 15), half);
  const evenHigh = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(r0), 15), half);
  const by = i32x4(29692, -10426, 6967, -5906);
  line(
    i32x4.shr_s(i32x4.add(evenLow, oddLow), 13),
    i32x4.shr_s(i32x4.add(evenHigh, oddHigh), 13),
    by,
    to,
  );
  line(
    i32x4.shr_s(i32x4.sub(evenLow, oddLow), 13),
    i32x4.shr_s(i32x4.sub(evenHigh, oddHigh), 13),
    by,
    to + row,
  );
}

/** Two pixels of a line of 8 numbers. */
function line(low: v128, high: v128, by: v128, to: usize): void {
  const products = i32x4.mul(v128.shuffle<i32>(low, high, 1, 3, 5, 7), by);
  const sums = i32x4.add(products, v128.shuffle<i32>(products, products, 2, 3, 0, 1));
  const odd = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  const even = (i32x4.extract_lane(low, 0) << 15) + (1 << 19);
  store<u8>(to, levelOf((even + odd) >> 20));
  store<u8>(to, levelOf((even - odd) >> 20), 1);
}

/** Of 8 x 8 numbers 4 x 4 pixels: `jpeg_idct_4x4`. */
export function four(block: usize, quant: usize, to: usize, row: usize): void {
  const r0 = scaled(block, quant);
  const r1 = scaled(block + 16, quant + 16);
  const r2 = scaled(block + 32, quant + 32);
  const r3 = scaled(block + 48, quant + 48);
  const r5 = scaled(block + 80, quant + 80);
  const r6 = scaled(block + 96, quant + 96);
  const r7 = scaled(block + 112, quant + 112);
  const e = i16x8(15137, -6270, 15137, -6270, 15137, -6270, 15137, -6270);
  const a13 = i16x8(8697, -17799, 8697, -17799, 8697, -17799, 8697, -17799);
  const a57 = i16x8(11893, -1730, 11893, -1730, 11893, -1730, 11893, -1730);
  const b13 = i16x8(20995, 7373, 20995, 7373, 20995, 7373, 20995, 7373);
  const b57 = i16x8(-4926, -4176, -4926, -4176, -4926, -4176, -4926, -4176);
  const half = i32x4.splat(1 << 11);

  let even = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(r0), 14), half);
  let more = i32x4.dot_i16x8_s(pairsLow(r2, r6), e);
  let p13 = pairsLow(r1, r3);
  let p57 = pairsLow(r5, r7);
  let outer = i32x4.add(even, more);
  let inner = i32x4.sub(even, more);
  let a = i32x4.add(i32x4.dot_i16x8_s(p13, a13), i32x4.dot_i16x8_s(p57, a57));
  let b = i32x4.add(i32x4.dot_i16x8_s(p13, b13), i32x4.dot_i16x8_s(p57, b57));
  let w0 = i32x4.shr_s(i32x4.add(outer, b), 12);
  let w3 = i32x4.shr_s(i32x4.sub(outer, b), 12);
  let w1 = i32x4.shr_s(i32x4.add(inner, a), 12);
  let w2 = i32x4.shr_s(i32x4.sub(inner, a), 12);
  let t0 = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5);
  let t1 = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
  let t2 = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7);
  let t3 = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
  const c0 = v128.shuffle<i64>(t0, t1, 0, 2);
  const c1 = v128.shuffle<i64>(t0, t1, 1, 3);
  const c2 = v128.shuffle<i64>(t2, t3, 0, 2);
  const c3 = v128.shuffle<i64>(t2, t3, 1, 3);

  even = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(r0), 14), half);
  more = i32x4.dot_i16x8_s(pairsHigh(r2, r6), e);
  p13 = pairsHigh(r1, r3);
  p57 = pairsHigh(r5, r7);
  outer = i32x4.add(even, more);
  inner = i32x4.sub(even, more);
  a = i32x4.add(i32x4.dot_i16x8_s(p13, a13), i32x4.dot_i16x8_s(p57, a57));
  b = i32x4.add(i32x4.dot_i16x8_s(p13, b13), i32x4.dot_i16x8_s(p57, b57));
  w0 = i32x4.shr_s(i32x4.add(outer, b), 12);
  w3 = i32x4.shr_s(i32x4.sub(outer, b), 12);
  w1 = i32x4.shr_s(i32x4.add(inner, a), 12);
  w2 = i32x4.shr_s(i32x4.sub(inner, a), 12);
  t0 = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5);
  t1 = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
  t2 = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7);
  t3 = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
  const c5 = v128.shuffle<i64>(t0, t1, 1, 3);
  const c6 = v128.shuffle<i64>(t2, t3, 0, 2);
  const c7 = v128.shuffle<i64>(t2, t3, 1, 3);

  even = i32x4.add(i32x4.shl(c0, 14), i32x4.splat(1 << 18));
  more = i32x4.sub(i32x4.mul(c2, i32x4.splat(15137)), i32x4.mul(c6, i32x4.splat(6270)));
  outer = i32x4.add(even, more);
  inner = i32x4.sub(even, more);
  a = i32x4.sub(
    i32x4.add(i32x4.mul(c1, i32x4.splat(8697)), i32x4.mul(c5, i32x4.splat(11893))),
    i32x4.add(i32x4.mul(c3, i32x4.splat(17799)), i32x4.mul(c7, i32x4.splat(1730))),
  );
  b = i32x4.sub(
    i32x4.add(i32x4.mul(c1, i32x4.splat(20995)), i32x4.mul(c3, i32x4.splat(7373))),
    i32x4.add(i32x4.mul(c5, i32x4.splat(4926)), i32x4.mul(c7, i32x4.splat(4176))),
  );
  const o0 = i32x4.shr_s(i32x4.add(outer, b), 19);
  const o3 = i32x4.shr_s(i32x4.sub(outer, b), 19);
  const o1 = i32x4.shr_s(i32x4.add(inner, a), 19);
  const o2 = i32x4.shr_s(i32x4.sub(inner, a), 19);
  const middle = i16x8.splat(128);
  const left = i16x8.add_sat_s(i16x8.narrow_i32x4_s(o0, o1), middle);
  const right = i16x8.add_sat_s(i16x8.narrow_i32x4_s(o2, o3), middle);
  const levels = v128.swizzle(
    i8x16.narrow_i16x8_u(left, right),
    i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
  );
  v128.store32_lane(to, levels, 0);
  v128.store32_lane(to + row, levels, 1);
  v128.store32_lane(to + 2 * row, levels, 2);
  v128.store32_lane(to + 3 * row, levels, 3);
}

/** RGB of planes of luminance and two of chrominance, `length` pixels; up to 16 bytes behind them are written. */
export function toRgb(y: usize, cb: usize, cr: usize, to: usize, length: usize): void {
  const middle = i32x4.splat(128);
  const half = i32x4.splat(1 << 15);
  const order = i8x16(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 13, 14, 15);
  for (let at: usize = 0; at < length; at += 4) {
    const luma = widened(y + at);
    const blue = i32x4.sub(widened(cb + at), middle);
    const red = i32x4.sub(widened(cr + at), middle);
    const r = i32x4.add(luma, i32x4.shr_s(i32x4.add(i32x4.mul(red, i32x4.splat(91881)), half), 16));
    const b = i32x4.add(
      luma,
      i32x4.shr_s(i32x4.add(i32x4.mul(blue, i32x4.splat(116130)), half), 16),
    );
    const less = i32x4.add(i32x4.mul(blue, i32x4.splat(22554)), i32x4.mul(red, i32x4.splat(46802)));
    const g = i32x4.add(luma, i32x4.shr_s(i32x4.sub(half, less), 16));
    const levels = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(r, g), i16x8.narrow_i32x4_s(b, b));
    v128.store(to + 3 * at, v128.swizzle(levels, order));
  }
}

function widened(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** RGB of grey pixels. */
export function greyToRgb(y: usize, to: usize, length: usize): void {
  for (let at: usize = 0; at < length; at++) {
    const level = load<u8>(y + at);
    store<u8>(to + 3 * at, level);
    store<u8>(to + 3 * at, level, 1);
    store<u8>(to + 3 * at, level, 2);
  }
}
