import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNpy, npyIn, readNpy, readNpyHeader, writeNpy } from '../../../src/base/files/npy.js';

const folder = mkdtempSync(join(tmpdir(), 'npy-'));

it('reads back what it wrote', () => {
  for (const array of [
    { shape: [2, 3], data: Uint8Array.of(0, 1, 2, 3, 254, 255) },
    { shape: [4], data: Int32Array.of(-1, 0, 2 ** 31 - 1, -(2 ** 31)) },
    { shape: [1, 2, 1], data: Float32Array.of(Math.fround(0.1), Number.NaN) },
    { shape: [], data: Float32Array.of(7) },
    { shape: [0, 3], data: new Uint8Array(0) },
  ]) {
    const path = join(folder, 'array.npy');
    writeNpy(path, array);
    expect(readNpy(path)).toEqual(array);
    expect(npyIn(readFileSync(path), 'array.npy')).toEqual(array);
  }
  expect(readdirSync(folder)).toEqual(['array.npy']);
});

it('writes the bytes of numpy.save', () => {
  const path = join(folder, 'same.npy');
  writeNpy(path, { shape: [2, 3], data: Int32Array.of(0, 1, 2, 3, 4, 5) });
  const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }";
  const bytes = readFileSync(path);
  expect(bytes.subarray(0, 10)).toEqual(Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'));
  expect(bytes.toString('latin1', 10, 128)).toBe(`${header.padEnd(117)}\n`);
  expect(bytes.length).toBe(128 + 24);
});

it('writes a view from its own offset', () => {
  const path = join(folder, 'view.npy');
  writeNpy(path, { shape: [2], data: Float32Array.of(1, 2, 3, 4).subarray(1, 3) });
  expect(readNpy(path).data).toEqual(Float32Array.of(2, 3));
});

it('writes an array piece by piece, in any order', () => {
  const [whole, pieces] = [join(folder, 'whole.npy'), join(folder, 'pieces.npy')];
  writeNpy(whole, { shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 0) });
  const writer = createNpy(pieces, [2, 3]);
  writer.write(3, Uint8Array.of(4, 5));
  writer.write(0, Uint8Array.of(1, 2, 3));
  writer.close();
  expect(readFileSync(pieces)).toEqual(readFileSync(whole));
  expect(readNpyHeader(pieces)).toEqual({ shape: [2, 3], type: 'uint8', start: 128 });
});

it('names the file and the fault when it is something else', () => {
  const path = join(folder, 'bad.npy');
  const numpy = (header: string, data = ''): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(header.length);
    return Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
      length,
      Buffer.from(header + data, 'latin1'),
    ]);
  };
  for (const [bytes, message] of [
    [Buffer.from('PK'), 'is not a NumPy file'],
    [numpy('{}').subarray(0, 11), 'is not a NumPy file'],
    [numpy(' '.repeat(40)).subarray(0, 20), 'ends inside its header'],
    [numpy("{'descr': '<f4'}"), 'has a header without'],
    [
      numpy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 'abcdefgh'),
      'holds float64, not uint8, int32, float32',
    ],
    [numpy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }"), 'column-major'],
    [numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 'abcd'), 'takes 8'],
  ] as const) {
    writeFileSync(path, bytes);
    expect(() => readNpy(path)).toThrow(`${path} `);
    expect(() => readNpy(path)).toThrow(message);
  }
});

it('says of bytes what it says of a file', () => {
  const path = join(folder, 'cut.npy');
  writeNpy(path, { shape: [4], data: Uint8Array.of(1, 2, 3, 4) });
  const bytes = readFileSync(path);
  expect(() => npyIn(bytes.subarray(0, bytes.length - 1), 'cut.npy')).toThrow(
    'cut.npy has 3 bytes of data, but shape (4) of uint8 takes 4',
  );
  expect(() => npyIn(Buffer.from('no array at all'), 'text.npy')).toThrow(
    'text.npy is not a NumPy file',
  );
});
