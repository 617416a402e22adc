/** Bytes of a NumPy array with its shape. */
export interface ByteArray {
  readonly shape: readonly number[];
  /** In C order. */
  readonly data: Uint8Array;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/**
 * Reads a `.npy` file of `uint8` in C order (versions 1 to 3 of the format); undefined if it is anything
 * else or shorter than its shape. Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 */
export function readByteArray(file: Buffer): ByteArray | undefined {
  if (file.length < 12 || !file.subarray(0, 6).equals(MAGIC)) return undefined;
  const wide = (file[6] ?? 0) >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? file.readUInt32LE(8) : file.readUInt16LE(8));
  if (end > file.length) return undefined;
  const header = file.subarray(start, end).toString('latin1');
  if (!/'descr':\s*'[|<>=]?u1'/.test(header)) return undefined;
  if (!/'fortran_order':\s*False/.test(header)) return undefined;
  const inside = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (inside === undefined) return undefined;
  const shape = inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = file.subarray(end, end + size);
  return data.length === size ? { shape, data } : undefined;
}
