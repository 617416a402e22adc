import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { invariant, SspError } from '../base/errors.js';
import { writeFileWhole } from '../base/write-file.js';

/** Numbers of one tensor in row-major order. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes float32 tensors as a safetensors file (huggingface/safetensors, format 0: eight bytes
 * of header length, JSON, data). Names are sorted, so the same content gives the same bytes.
 * @throws Bug when a shape is not that of its data.
 */
export function writeSafetensors(
  path: string,
  tensors: SafetensorsContent['tensors'],
  metadata: SafetensorsContent['metadata'] = {},
): void {
  invariant(endianness() === 'LE', 'safetensors are written on little-endian machines');
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) {
    header.__metadata__ = Object.fromEntries(Object.entries(metadata).sort(byName));
  }
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors).sort(byName)) {
    invariant(sizeOf(shape) === data.length, `${name}: ${data.length} values in shape (${shape})`);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  const json = Buffer.from(JSON.stringify(header));
  // Spaces up to a multiple of 8, so that the data are aligned.
  const head = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  head.writeBigUInt64LE(BigInt(head.length - 8));
  json.copy(head, 8);
  writeFileWhole(path, [head, ...parts]);
}

/**
 * Reads a safetensors file of float32 tensors.
 * @throws SspError `bad-safetensors` that names the file, and the tensor, when it is something else,
 * cut off, or of another element type.
 */
export function readSafetensors(path: string): SafetensorsContent {
  const bytes = readFileSync(path);
  const length = bytes.length < 8 ? Number.NaN : Number(bytes.readBigUInt64LE());
  if (!(8 + length <= bytes.length))
    throw bad(path, 'is cut off inside its header, or no such file');
  const header = parseHeader(path, bytes.toString('utf8', 8, 8 + length));
  const tensors: Record<string, StoredTensor> = {};
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = stringsOf(entry);
    else tensors[name] = readTensor(path, name, entry, bytes.subarray(8 + length));
  }
  return { tensors, metadata };
}

function parseHeader(path: string, text: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) return { ...header };
  } catch {
    // Told below.
  }
  throw bad(path, 'has a header that is no JSON object');
}

function readTensor(path: string, name: string, entry: unknown, data: Buffer): StoredTensor {
  if (!isEntry(entry)) throw bad(path, `describes tensor ${name} without dtype, shape or offsets`);
  if (entry.dtype !== 'F32') {
    throw bad(path, `holds tensor ${name} as ${entry.dtype}, but only F32 is read`);
  }
  const [start, end] = entry.data_offsets;
  if (end > data.length) {
    throw bad(path, `is cut off: tensor ${name} ends at byte ${end} of ${data.length}`);
  }
  if (start > end || end - start !== 4 * sizeOf(entry.shape)) {
    throw bad(path, `gives tensor ${name} ${end - start} bytes for shape (${entry.shape})`);
  }
  const copy = Uint8Array.prototype.slice.call(data, start, end);
  return { shape: entry.shape, data: new Float32Array(copy.buffer) };
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { dtype, shape, data_offsets: offsets } = { dtype: 0, shape: 0, data_offsets: 0, ...value };
  const naturals = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => Number.isInteger(item) && item >= 0);
  return typeof dtype === 'string' && naturals(shape) && naturals(offsets) && offsets.length === 2;
}

const stringsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(Object(value)).map(([key, text]) => [key, String(text)]));

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  a < b ? -1 : Number(a > b);

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

const bad = (path: string, found: string): SspError =>
  new SspError('bad-safetensors', `${path} ${found}`, {
    help: 'Write it again: run the stage that made it, or save it as float32 with safetensors.',
  });
