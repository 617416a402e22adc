import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { invariant, SspError } from '../base/errors.js';
import { writeFileWhole } from '../base/write-file.js';

/** An array of numbers in row-major order. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Its class is the element type: uint8, int32 or float32. */
  readonly data: Uint8Array | Int32Array | Float32Array;
}

const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');

// Little-endian in the file, and in memory on every machine that the runtime supports.
const readers: Readonly<Record<string, (bytes: ArrayBuffer) => NpyArray['data']>> = {
  '|u1': (bytes) => new Uint8Array(bytes),
  '<i4': (bytes) => new Int32Array(bytes),
  '<f4': (bytes) => new Float32Array(bytes),
};

/**
 * Writes a NumPy file, format 1.0; `numpy.load` reads it. The same array gives the same bytes.
 * @throws Bug when the shape is not that of the data.
 */
export function writeNpy(path: string, { shape, data }: NpyArray): void {
  invariant(endianness() === 'LE', 'npy files are written on little-endian machines');
  invariant(
    shape.reduce((product, length) => product * length, 1) === data.length,
    `${data.length} values do not have shape (${shape.join(', ')})`,
  );
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptorOf(data)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begin at a multiple of 64 bytes, and a newline ends the header.
  const length = Math.ceil((magic.length + 2 + text.length + 1) / 64) * 64 - magic.length - 2;
  const header = Buffer.alloc(magic.length + 2 + length, ' ');
  magic.copy(header);
  header.writeUInt16LE(length, magic.length);
  header.write(text, magic.length + 2, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  writeFileWhole(path, [header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

/**
 * Reads a NumPy file, format 1.0 to 3.0, of uint8, int32 or float32 in row-major order.
 * @throws SspError `bad-npy` that names the file when it is something else, or cut off.
 */
export function readNpy(path: string): NpyArray {
  const bytes = readFileSync(path);
  if (!bytes.subarray(0, 6).equals(magic.subarray(0, 6)) || bytes.length < 12) {
    throw badNpy(path, 'is not a NumPy file');
  }
  const wide = (bytes[6] ?? 1) > 1;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (start > bytes.length) throw badNpy(path, 'ends inside its header');
  const { descriptor, shape } = parseHeader(path, bytes.toString('latin1', wide ? 12 : 10, start));
  const read = readers[descriptor];
  if (read === undefined) {
    throw badNpy(path, `holds elements of type ${descriptor}, not |u1, <i4 or <f4`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  const expected = count * (descriptor === '|u1' ? 1 : 4);
  if (bytes.length - start !== expected) {
    throw badNpy(
      path,
      `has ${bytes.length - start} bytes of data, but shape (${shape.join(', ')}) of ${descriptor} takes ${expected}`,
    );
  }
  // A copy: the file's data need not be aligned in the buffer that it was read into.
  return { shape, data: read(Uint8Array.prototype.slice.call(bytes, start).buffer) };
}

function parseHeader(path: string, text: string): { descriptor: string; shape: number[] } {
  const descriptor = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descriptor === undefined || order === undefined || tuple === undefined) {
    throw badNpy(path, 'has a header without descr, fortran_order or shape');
  }
  if (order === 'True') throw badNpy(path, 'is in column-major order, not in row-major order');
  const shape = tuple
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descriptor, shape };
}

function descriptorOf(data: NpyArray['data']): string {
  if (data instanceof Uint8Array) return '|u1';
  return data instanceof Int32Array ? '<i4' : '<f4';
}

const badNpy = (path: string, found: string): SspError =>
  new SspError('bad-npy', `${path} ${found}`, {
    help: 'Write it again: run the stage that made it, or export it with numpy.save.',
  });
