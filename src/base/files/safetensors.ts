import { endianness } from 'node:os';
import { invariant, SspError } from '../errors.js';
import { readJson } from '../read-json.js';
import { writeFileWhole } from '../write-file.js';
import { readSlice, sizeOfFile } from './file-slices.js';
import { isLfsPointer } from './lfs-pointer.js';

/** Numbers of one tensor in row-major order. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** The element types of tensors that are left out, as they are of whole numbers or bools. */
  readonly others: Readonly<Record<string, string>>;
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

/** What the format allows: safetensors refuses more. */
const longestHeader = 100_000_000;

/**
 * Reads a safetensors file, as strictly as its format asks: the tensors' bytes follow one another from the first
 * byte of the data to the last, each tensor has as many as its shape takes, and no name stands twice. Floating-point
 * numbers of other sizes become float32; tensors of whole numbers or bools are left out: such files hold
 * counters that no network here has. `name` stands for the file in messages.
 * @throws SspError `bad-safetensors` that names the file, and the tensor, when it is something else,
 * cut off, or of an unknown element type.
 */
export function readSafetensors(path: string, name = path): SafetensorsContent {
  const { header, start, size } = readHeader(path, name);
  const entries = Object.entries(header).flatMap(([tensor, entry]) =>
    tensor === '__metadata__' ? [] : [[tensor, checkedEntry(name, tensor, entry)] as const],
  );
  checkCovered(name, entries, size);
  const tensors = entries.flatMap(
    ([
      tensor,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const kind = isElementType(dtype) ? elementTypes[dtype] : undefined;
      if (kind === undefined) return [];
      const bytes = new Uint8Array(to - from);
      readSlice(path, start + from, bytes);
      return [[tensor, { shape, data: kind.read(bytes.buffer) }] as const];
    },
  );
  const others = entries.filter(([, { dtype }]) => !isElementType(dtype));
  return {
    tensors: Object.fromEntries(tensors),
    others: Object.fromEntries(others.map(([tensor, { dtype }]) => [tensor, dtype])),
    metadata: metadataOf(name, header.__metadata__),
  };
}

interface Header {
  readonly header: Readonly<Record<string, unknown>>;
  /** Where the data begin, and their bytes. */
  readonly start: number;
  readonly size: number;
}

function readHeader(path: string, name: string): Header {
  const total = sizeOfFile(path);
  const first = Buffer.alloc(8);
  const length = readSlice(path, 0, first) < 8 ? Number.NaN : Number(first.readBigUInt64LE());
  if (!(8 + length <= total && length <= longestHeader)) {
    const head = Buffer.alloc(32);
    readSlice(path, 0, head);
    throw noSafetensors(name, head);
  }
  const bytes = Buffer.alloc(length);
  readSlice(path, 8, bytes);
  const read = readJson(bytes);
  if ('fault' in read) throw bad(name, `has a header that ${read.fault}`);
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(name, 'has a header that is no JSON object');
  }
  return { header: { ...value }, start: 8 + length, size: total - 8 - length };
}

/** A file whose first bytes are no length of a header that it has. */
function noSafetensors(name: string, bytes: Buffer): SspError {
  if (isLfsPointer(bytes)) {
    return new SspError('bad-safetensors', `${name} is a pointer of Git LFS, not the file`, {
      help: 'fetch it: `git lfs pull`',
    });
  }
  // A zip archive, or a pickle.
  if (bytes.toString('latin1', 0, 4) !== 'PK\x03\x04' && bytes[0] !== 0x80) {
    return bad(name, 'is no safetensors file, or is cut off inside its header');
  }
  return new SspError(
    'bad-safetensors',
    `${name} is a checkpoint of PyTorch, no safetensors file`,
    {
      help: 'In Python: safetensors.torch.save_file(model.state_dict(), "weights.safetensors")',
    },
  );
}

function checkedEntry(file: string, name: string, entry: unknown): Entry {
  if (!isEntry(entry)) throw bad(file, `describes tensor ${name} without dtype, shape or offsets`);
  const { dtype, shape } = entry;
  const bytes = isElementType(dtype) ? elementTypes[dtype].bytes : otherBytes(dtype);
  if (bytes === undefined) {
    const known = Object.keys(elementTypes).join(', ');
    throw bad(file, `holds tensor ${name} as ${dtype}, but only ${known} are read`);
  }
  const [start, end] = entry.data_offsets;
  if (end - start !== bytes * sizeOf(shape)) {
    throw bad(file, `gives tensor ${name} ${end - start} bytes for shape (${shape}) of ${dtype}`);
  }
  return entry;
}

/** Bytes of an element that is not read: whole numbers and bools. */
function otherBytes(dtype: string): number | undefined {
  const [, bits] = /^[IU](8|16|32|64)$/.exec(dtype) ?? [];
  if (bits !== undefined) return Number(bits) / 8;
  return dtype === 'BOOL' ? 1 : undefined;
}

/** Every byte of the data belongs to one tensor. */
function checkCovered(
  file: string,
  entries: readonly (readonly [name: string, Entry])[],
  size: number,
): void {
  const inOrder = entries.toSorted(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  let end = 0;
  let before = '';
  for (const [name, { data_offsets: offsets }] of inOrder) {
    if (offsets[1] > size) {
      throw bad(file, `is cut off: tensor ${name} ends at byte ${offsets[1]} of ${size}`);
    }
    if (offsets[0] < end) throw bad(file, `gives tensor ${name} bytes of tensor ${before}`);
    if (offsets[0] > end) {
      throw bad(file, `has ${offsets[0] - end} bytes before tensor ${name} that belong to none`);
    }
    end = offsets[1];
    before = name;
  }
  if (end < size) throw bad(file, `has ${size - end} bytes at its end that belong to no tensor`);
}

function metadataOf(file: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const texts = typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
  if (texts?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return Object.fromEntries(texts);
  }
  throw bad(file, 'has metadata that are no texts');
}

interface ElementType {
  readonly bytes: number;
  read(buffer: ArrayBuffer): Float32Array;
}

const elementTypes = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, read: (buffer) => new Float32Array(new Float64Array(buffer)) },
  BF16: {
    bytes: 2,
    read(buffer) {
      const bits = new Uint32Array(new Uint16Array(buffer));
      // The upper half of a float32.
      for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) << 16;
      return new Float32Array(bits.buffer);
    },
  },
  F16: {
    bytes: 2,
    read(buffer) {
      const halves = new Uint16Array(buffer);
      const numbers = new Float32Array(halves.length);
      for (let i = 0; i < halves.length; i++) numbers[i] = fromHalf(halves[i] ?? 0);
      return numbers;
    },
  },
} satisfies Readonly<Record<string, ElementType>>;

const isElementType = (name: string): name is keyof typeof elementTypes =>
  Object.hasOwn(elementTypes, name);

/** The number of 16 bits: IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { dtype, shape, data_offsets: offsets } = { dtype: 0, shape: 0, data_offsets: 0, ...value };
  const naturals = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => Number.isInteger(item) && item >= 0);
  return typeof dtype === 'string' && naturals(shape) && naturals(offsets) && offsets.length === 2;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  a < b ? -1 : Number(a > b);

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

const bad = (path: string, found: string): SspError =>
  new SspError('bad-safetensors', `${path} ${found}`, {
    help: 'Write it again: run the stage that made it, or save it as float32 with safetensors.',
  });
