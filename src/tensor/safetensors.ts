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
 * Reads a safetensors file. Floating-point numbers of other sizes become float32; tensors of whole
 * numbers or bools are left out: such files hold counters that no network here has.
 * @throws SspError `bad-safetensors` that names the file, and the tensor, when it is something else,
 * cut off, or of an unknown element type.
 */
export function readSafetensors(path: string): SafetensorsContent {
  const bytes = readFileSync(path);
  const length = bytes.length < 8 ? Number.NaN : Number(bytes.readBigUInt64LE());
  if (!(8 + length <= bytes.length)) throw noSafetensors(path, bytes);
  const header = parseHeader(path, bytes.toString('utf8', 8, 8 + length));
  const tensors: Record<string, StoredTensor> = {};
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = stringsOf(entry);
    else {
      const tensor = readTensor(path, name, entry, bytes.subarray(8 + length));
      if (tensor !== undefined) tensors[name] = tensor;
    }
  }
  return { tensors, metadata };
}

/** A file whose first bytes are no length of a header that it has. */
function noSafetensors(path: string, bytes: Buffer): SspError {
  // A zip archive, or a pickle.
  if (bytes.toString('latin1', 0, 4) !== 'PK\x03\x04' && bytes[0] !== 0x80) {
    return bad(path, 'is no safetensors file, or is cut off inside its header');
  }
  return new SspError(
    'bad-safetensors',
    `${path} is a checkpoint of PyTorch, no safetensors file`,
    {
      help: 'In Python: safetensors.torch.save_file(model.state_dict(), "weights.safetensors")',
    },
  );
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

function readTensor(
  path: string,
  name: string,
  entry: unknown,
  data: Buffer,
): StoredTensor | undefined {
  if (!isEntry(entry)) throw bad(path, `describes tensor ${name} without dtype, shape or offsets`);
  const { dtype } = entry;
  const kind = isElementType(dtype) ? elementTypes[dtype] : undefined;
  if (kind === undefined && !/^([IU](8|16|32|64)|BOOL)$/.test(dtype)) {
    const known = Object.keys(elementTypes).join(', ');
    throw bad(path, `holds tensor ${name} as ${dtype}, but only ${known} are read`);
  }
  const [start, end] = entry.data_offsets;
  if (end > data.length) {
    throw bad(path, `is cut off: tensor ${name} ends at byte ${end} of ${data.length}`);
  }
  if (kind === undefined) return undefined;
  if (start > end || end - start !== kind.bytes * sizeOf(entry.shape)) {
    throw bad(path, `gives tensor ${name} ${end - start} bytes for shape (${entry.shape})`);
  }
  // A copy begins at a multiple of every size.
  const copy = Uint8Array.prototype.slice.call(data, start, end);
  return { shape: entry.shape, data: kind.read(copy.buffer) };
}

interface ElementType {
  readonly bytes: number;
  read(buffer: ArrayBuffer): Float32Array;
}

const elementTypes = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, read: (buffer) => Float32Array.from(new Float64Array(buffer)) },
  // The upper half of a float32.
  BF16: {
    bytes: 2,
    read: (buffer) =>
      new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer),
  },
  F16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), fromHalf) },
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
