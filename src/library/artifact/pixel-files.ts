/** Pixels of so many bytes lie in one file, and of more in several of so many each. */
export const shardBytes = 2 ** 30;

/** A file of pixels, uint8 (count, size, size, 3), and its first row among those of all. */
export interface PixelFile {
  readonly name: string;
  readonly from: number;
  readonly count: number;
}

/** The files that rows of pixels are written into: `images.npy`, or `images-00000.npy` and so on. */
export function pixelFiles(count: number, size: number, bytes = shardBytes): readonly PixelFile[] {
  const rows = Math.max(1, Math.floor(bytes / (size * size * 3)));
  if (count <= rows) return [{ name: 'images.npy', from: 0, count }];
  return Array.from({ length: Math.ceil(count / rows) }, (_, number) => ({
    name: shardName(number),
    from: number * rows,
    count: Math.min(rows, count - number * rows),
  }));
}

export const shardName = (number: number): string =>
  `images-${String(number).padStart(5, '0')}.npy`;

/** The place among files of rows, ascending, of the one that has a row. */
export function fileOfRow(files: readonly PixelFile[], row: number): number {
  let [low, high] = [0, files.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((files[middle]?.from ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
