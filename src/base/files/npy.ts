import { closeSync, fsync, openSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { promisify } from 'node:util';
import { invariant, SspError } from '../errors.js';
import { writeFileWhole } from '../write-file.js';
import { readSlice, sendSlice, sizeOfFile, writeSlice } from './file-slices.js';

/** An array of numbers in row-major order. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Its class is the element type: uint8, int32 or float32. */
  readonly data: Uint8Array | Int32Array | Float32Array;
}

/** What a NumPy file says of its array. */
export interface NpyHeader {
  readonly shape: readonly number[];
  /** The element type in NumPy's words, `uint8` or `float64`, or as it stands in the file. */
  readonly type: string;
  /** Where the data begin. */
  readonly start: number;
}

const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');

// Little-endian in the file, and in memory on every machine that the runtime supports.
const arrays = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array } as const;

const isRead = (type: string): type is keyof typeof arrays => Object.hasOwn(arrays, type);

/**
 * Writes a NumPy file, format 1.0; `numpy.load` reads it. The same array gives the same bytes.
 * @throws Bug when the shape is not that of the data.
 */
export function writeNpy(path: string, { shape, data }: NpyArray): void {
  invariant(
    countOf(shape) === data.length,
    `${data.length} values do not have shape (${shape.join(', ')})`,
  );
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  writeFileWhole(path, [headerOf(shape, descriptorOf(data)), bytes]);
}

/** A NumPy file that is written piece by piece, in any order: what was not written is 0. */
export interface NpyWriter {
  /** Puts bytes at a place of the data. */
  write(at: number, bytes: Uint8Array): void;
  /** The same beside what goes on: the bytes are not to be changed before it is fulfilled. */
  send(at: number, bytes: Uint8Array): Promise<void>;
  /** Brings what was written to the platter. */
  sync(): Promise<void>;
  close(): void;
}

/** Begins a NumPy file; the same array gives the bytes of {@link writeNpy}. */
export function createNpy(
  path: string,
  shape: readonly number[],
  type: 'uint8' | 'float32' = 'uint8',
): NpyWriter {
  const header = headerOf(shape, type === 'uint8' ? '|u1' : '<f4');
  const size = header.length + countOf(shape) * arrays[type].BYTES_PER_ELEMENT;
  const file = openSync(path, 'wx');
  writeSlice(file, 0, header);
  if (size > header.length) writeSlice(file, size - 1, Uint8Array.of(0));
  return writerOf(file, header.length);
}

/** Is there the file that {@link createNpy} begins with this shape? */
export function isBegun(path: string, shape: readonly number[]): boolean {
  const header = headerOf(shape, '|u1');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size !== header.length + countOf(shape)) return false;
  const begin = Buffer.alloc(header.length);
  readSlice(path, 0, begin);
  return begin.equals(header);
}

/** Goes on with a file that {@link isBegun}. */
export const continueNpy = (path: string, shape: readonly number[]): NpyWriter =>
  writerOf(openSync(path, 'r+'), headerOf(shape, '|u1').length);

const synced = promisify(fsync);

const writerOf = (file: number, start: number): NpyWriter => ({
  write: (at, bytes) => writeSlice(file, start + at, bytes),
  send: (at, bytes) => sendSlice(file, start + at, bytes),
  sync: () => synced(file),
  close: () => closeSync(file),
});

function headerOf(shape: readonly number[], descriptor: string): Buffer {
  invariant(endianness() === 'LE', 'npy files are written on little-endian machines');
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begin at a multiple of 64 bytes, and a newline ends the header.
  const length = Math.ceil((magic.length + 2 + text.length + 1) / 64) * 64 - magic.length - 2;
  const header = Buffer.alloc(magic.length + 2 + length, ' ');
  magic.copy(header);
  header.writeUInt16LE(length, magic.length);
  header.write(text, magic.length + 2, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return header;
}

/**
 * Reads what a NumPy file says of its array, format 1.0 to 3.0, and that it has as many bytes. `name` stands
 * for the file in messages.
 * @throws SspError `bad-npy` when it is something else, in column-major order, or cut off.
 */
export function readNpyHeader(path: string, name = path): NpyHeader {
  const size = sizeOfFile(path);
  const bytes = Buffer.alloc(Math.min(size, 2 ** 16));
  readSlice(path, 0, bytes);
  return headerIn(bytes, size, name);
}

/** What the first bytes of a NumPy file of `size` bytes say of its array. */
function headerIn(bytes: Buffer, size: number, name: string): NpyHeader {
  if (!bytes.subarray(0, 6).equals(magic.subarray(0, 6)) || bytes.length < 12) {
    throw badNpy(name, 'is not a NumPy file');
  }
  const wide = (bytes[6] ?? 1) > 1;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (start > bytes.length) throw badNpy(name, 'ends inside its header');
  const { descriptor, shape } = parseHeader(name, bytes.toString('latin1', wide ? 12 : 10, start));
  const type = typeOf(descriptor);
  const count = countOf(shape);
  const expected = count * Number(/\d+$/.exec(descriptor)?.[0] ?? 1);
  if (size - start !== expected) {
    throw badNpy(
      name,
      `has ${size - start} bytes of data, but shape (${shape.join(', ')}) of ${type} takes ${expected}`,
    );
  }
  return { shape, type, start };
}

/**
 * Reads a NumPy file of uint8, int32 or float32 in row-major order.
 * @throws SspError `bad-npy` that names the file when it is something else, or cut off.
 */
export function readNpy(path: string, name = path): NpyArray {
  return arrayOf(readNpyHeader(path, name), name, (start, into) => readSlice(path, start, into));
}

/**
 * The array of the bytes of a whole NumPy file, as {@link readNpy} reads it.
 * @throws SspError `bad-npy`.
 */
export function npyIn(bytes: Buffer, name: string): NpyArray {
  return arrayOf(headerIn(bytes, bytes.length, name), name, (start, into) =>
    into.set(bytes.subarray(start)),
  );
}

function arrayOf(
  { shape, type, start }: NpyHeader,
  name: string,
  read: (start: number, into: Uint8Array) => void,
): NpyArray {
  if (!isRead(type)) {
    throw badNpy(name, `holds ${type}, not ${Object.keys(arrays).join(', ')}`);
  }
  const data = new arrays[type](countOf(shape));
  read(start, new Uint8Array(data.buffer));
  return { shape, data };
}

function parseHeader(name: string, text: string): { descriptor: string; shape: number[] } {
  const descriptor = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (order === 'True') {
    throw badNpy(
      name,
      'is in column-major order, not in row-major order (numpy.ascontiguousarray)',
    );
  }
  if (descriptor === undefined || order === undefined || tuple === undefined) {
    throw badNpy(name, 'has a header without descr, fortran_order or shape');
  }
  const shape = tuple
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descriptor, shape };
}

const kinds: Readonly<Record<string, string>> = { b: 'bool', u: 'uint', i: 'int', f: 'float' };

/** `<f4` is float32, `|u1` is uint8; big-endian ones and others stay as they stand. */
function typeOf(descriptor: string): string {
  const [, kind = '', size] = /^[|<=]([buif])(\d+)$/.exec(descriptor) ?? [];
  const name = kinds[kind];
  if (name === undefined) return descriptor;
  return kind === 'b' ? name : `${name}${8 * Number(size)}`;
}

function descriptorOf(data: NpyArray['data']): string {
  if (data instanceof Uint8Array) return '|u1';
  return data instanceof Int32Array ? '<i4' : '<f4';
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

const badNpy = (name: string, found: string): SspError =>
  new SspError('bad-npy', `${name} ${found}`, {
    help: 'Write it again: run the stage that made it, or export it with numpy.save.',
  });
