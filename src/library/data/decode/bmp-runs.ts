/** What runs are expanded to: rows from the bottom up, as files without runs have them. */
interface Rows {
  readonly width: number;
  readonly height: number;
  /** Of a pixel: 8 or 4. */
  readonly bits: number;
  readonly rowSize: number;
}

/** Expands the runs of a BMP file (`BI_RLE8`, `BI_RLE4`); pixels that none covers are of colour 0. Undefined where they are cut off. */
export function expandRuns(
  runs: Uint8Array,
  { width, height, bits, rowSize }: Rows,
): Uint8Array | undefined {
  const rows = new Uint8Array(rowSize * height);
  let [row, column, at] = [0, 0, 0];
  const put = (index: number): void => {
    if (row < height && column < width) {
      const to = row * rowSize + Math.floor((column * bits) / 8);
      rows[to] = bits === 8 ? index : (rows[to] ?? 0) | (index << (column % 2 === 0 ? 4 : 0));
    }
    column++;
  };
  const nibble = (byte: number, place: number): number =>
    bits === 8 ? byte : place % 2 === 0 ? byte >> 4 : byte & 15;
  while (at + 1 < runs.length) {
    const [count = 0, what = 0] = [runs[at], runs[at + 1]];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibble(what, i));
    } else if (what === 0) [row, column] = [row + 1, 0];
    else if (what === 1) return rows;
    else if (what === 2) {
      column += runs[at] ?? 0;
      row += runs[at + 1] ?? 0;
      at += 2;
    } else {
      const bytes = Math.ceil((what * bits) / 8);
      if (at + bytes > runs.length) return undefined;
      for (let i = 0; i < what; i++) put(nibble(runs[at + Math.floor((i * bits) / 8)] ?? 0, i));
      at += bytes + (bytes % 2);
    }
  }
  // The mark of the end may be left out, but not a row.
  return row >= height ? rows : undefined;
}
