// AssemblyScript: the loops of interleave.ts as WebAssembly with vectors, in interleave.gen.ts.
// A plane is one channel of an image, a byte a pixel; sides are multiples of 16.

/** Writes 16 pixels, RGB, from 16 levels of each channel. */
function interleave(r: v128, g: v128, b: v128, to: usize): void {
  const first = i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  const second = i8x16.shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  const third = i8x16.shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  v128.store(to, i8x16.shuffle(first, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  v128.store(
    to,
    i8x16.shuffle(second, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15),
    16,
  );
  v128.store(
    to,
    i8x16.shuffle(third, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31),
    32,
  );
}

/** `count` images whose planes have one row after another, the planes of each `stride` bytes after those before. */
export function ofRows(from: usize, stride: usize, to: usize, count: usize, size: usize): void {
  const plane = size * size;
  for (let image: usize = 0; image < count; image++, from += stride) {
    for (let at: usize = 0; at < plane; at += 16, to += 48) {
      const pixel = from + at;
      interleave(v128.load(pixel), v128.load(pixel + plane), v128.load(pixel + 2 * plane), to);
    }
  }
}

/** The same of planes that have one column after another; `free` are 1,024 bytes to compute in. */
export function ofColumns(
  from: usize,
  stride: usize,
  to: usize,
  count: usize,
  size: usize,
  free: usize,
): void {
  const plane = size * size;
  for (let image: usize = 0; image < count; image++, from += stride, to += 3 * plane) {
    for (let y: usize = 0; y < size; y += 16) {
      for (let x: usize = 0; x < size; x += 16) {
        const pixel = from + x * size + y;
        transpose(pixel, size, free, free + 768);
        transpose(pixel + plane, size, free + 256, free + 768);
        transpose(pixel + 2 * plane, size, free + 512, free + 768);
        let target = to + 3 * (y * size + x);
        for (let row: usize = free; row < free + 256; row += 16, target += 3 * size) {
          interleave(v128.load(row), v128.load(row, 256), v128.load(row, 512), target);
        }
      }
    }
  }
}

/** 16 columns of 16 levels, `stride` bytes apart, as rows: four times each is laid between the others. */
function transpose(from: usize, stride: usize, to: usize, free: usize): void {
  lay(from, stride, free);
  lay(free, 16, to);
  lay(to, 16, free);
  lay(free, 16, to);
}

/** Lays levels of the last eight of 16 vectors between those of the first eight. */
function lay(from: usize, stride: usize, to: usize): void {
  for (let i = 0; i < 8; i++, from += stride, to += 32) {
    const a = v128.load(from);
    const b = v128.load(from + 8 * stride);
    v128.store(to, i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(
      to,
      i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      16,
    );
  }
}
