import { inflateSync } from 'node:zlib';

/** A value of a MATLAB file: numbers, a text, or a list of structs (other values are left out). */
export type MatValue =
  | readonly number[]
  | string
  | readonly Readonly<Record<string, MatValue | undefined>>[];

const types = { compressed: 15, matrix: 14 } as const;
const classes = { struct: 2, char: 4 } as const;

/**
 * The variables of a MATLAB 5 file, little-endian, as Matlab and SciPy write it; what is needed to read
 * tables of numbers and texts. Throws an Error where the bytes are something else.
 */
export function readMatFile(bytes: Buffer): Readonly<Record<string, MatValue | undefined>> {
  if (bytes.length < 128 || bytes.toString('latin1', 126, 128) !== 'IM') {
    throw new Error('no MATLAB 5 file');
  }
  const found: [string, MatValue | undefined][] = [];
  for (const { type, data } of elementsOf(bytes.subarray(128))) {
    const inner = type === types.compressed ? [...elementsOf(inflateSync(data))] : [{ type, data }];
    for (const element of inner) {
      if (element.type !== types.matrix) continue;
      const { name, value } = matrixOf(element.data);
      found.push([name, value]);
    }
  }
  return Object.fromEntries(found);
}

interface Element {
  readonly type: number;
  readonly data: Buffer;
}

/** Elements that follow one another: a tag of 8 bytes, or of 4 with up to 4 bytes of data behind it. */
function* elementsOf(bytes: Buffer): Generator<Element> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = bytes.readUInt16LE(at);
    const small = bytes.readUInt16LE(at + 2);
    const length = small === 0 ? bytes.readUInt32LE(at + 4) : small;
    const from = small === 0 ? at + 8 : at + 4;
    if (from + length > bytes.length) throw new Error('cut off');
    yield { type, data: bytes.subarray(from, from + length) };
    // Compressed elements are not padded.
    at =
      small !== 0
        ? at + 8
        : from + (type === types.compressed ? length : Math.ceil(length / 8) * 8);
  }
}

function matrixOf(bytes: Buffer): { readonly name: string; readonly value: MatValue | undefined } {
  const [flags, dimensions, name, ...rest] = elementsOf(bytes);
  const kind = flags?.data[0] ?? 0;
  const text = name?.data.toString('latin1') ?? '';
  const count = numbersOf(dimensions).reduce((all, length) => all * length, 1);
  return { name: text, value: meaningOf(kind, count, rest) };
}

function meaningOf(kind: number, count: number, rest: readonly Element[]): MatValue | undefined {
  if (kind === classes.struct) return structsOf(count, rest);
  if (kind === classes.char) return String.fromCharCode(...numbersOf(rest[0]));
  return kind >= 6 && kind <= 15 ? numbersOf(rest[0]) : undefined;
}

function structsOf(
  count: number,
  [width, names, ...values]: readonly Element[],
): readonly Readonly<Record<string, MatValue | undefined>>[] {
  const [length = 1] = numbersOf(width);
  const fields: string[] = [];
  for (let at = 0; at < (names?.data.length ?? 0); at += length) {
    fields.push(names?.data.toString('latin1', at, at + length).replace(/\0.*$/s, '') ?? '');
  }
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      fields.map((field, at) => {
        const element = values[index * fields.length + at];
        return [
          field,
          element && element.data.length > 0 ? matrixOf(element.data).value : undefined,
        ];
      }),
    ),
  );
}

/** Numbers of an element: the type says how wide each is. */
function numbersOf(element: Element | undefined): number[] {
  if (element === undefined) return [];
  const { type, data } = element;
  const read = readers[type];
  if (read === undefined) throw new Error(`type ${type}`);
  const [width, at] = read;
  return Array.from({ length: data.length / width }, (_, index) => at(data, index * width));
}

const readers: Readonly<Record<number, readonly [number, (data: Buffer, at: number) => number]>> = {
  1: [1, (data, at) => data.readInt8(at)],
  2: [1, (data, at) => data.readUInt8(at)],
  3: [2, (data, at) => data.readInt16LE(at)],
  4: [2, (data, at) => data.readUInt16LE(at)],
  5: [4, (data, at) => data.readInt32LE(at)],
  6: [4, (data, at) => data.readUInt32LE(at)],
  7: [4, (data, at) => data.readFloatLE(at)],
  9: [8, (data, at) => data.readDoubleLE(at)],
  16: [1, (data, at) => data.readUInt8(at)],
  17: [2, (data, at) => data.readUInt16LE(at)],
};
