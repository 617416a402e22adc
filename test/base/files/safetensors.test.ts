import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../src/base/files/safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));

it('reads back what it wrote, whatever the order', () => {
  const a = { shape: [2, 1], data: Float32Array.of(1.5, -2) };
  const b = { shape: [], data: Float32Array.of(3) };
  const first = join(folder, 'first.safetensors');
  const second = join(folder, 'second.safetensors');
  writeSafetensors(first, { b, 'a.weight': a }, { y: '2', x: '1' });
  writeSafetensors(second, { 'a.weight': a, b }, { x: '1', y: '2' });
  expect(readFileSync(first)).toEqual(readFileSync(second));
  expect(readSafetensors(first)).toEqual({
    tensors: { 'a.weight': a, b },
    others: {},
    metadata: { x: '1', y: '2' },
  });
});

it('reads what Python wrote, and Python wrote the same layout', () => {
  const { tensors } = readSafetensors('test/fixtures/parity/safetensors.safetensors');
  expect(tensors.matrix).toEqual({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
  expect(tensors.empty).toEqual({ shape: [0, 2], data: new Float32Array(0) });
  expect(tensors.scalar).toEqual({ shape: [], data: Float32Array.of(-0.5) });
});

it('names the file and the fault when it is something else', () => {
  const path = join(folder, 'bad.safetensors');
  const file = (header: string, data = ''): Buffer => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, Buffer.from(header + data)]);
  };
  const entry = (dtype: string, shape: string, end: number): string =>
    `{"w":{"dtype":"${dtype}","shape":${shape},"data_offsets":[0,${end}]}}`;
  const two = (a: readonly number[], b: readonly number[]): string =>
    JSON.stringify({
      a: { dtype: 'F32', shape: [1], data_offsets: a },
      b: { dtype: 'F32', shape: [1], data_offsets: b },
    });
  for (const [bytes, message] of [
    [Buffer.from('abc'), 'is no safetensors file, or is cut off'],
    [file(entry('F32', '[1]', 4)).subarray(0, 30), 'is no safetensors file, or is cut off'],
    [Buffer.from('PK\x03\x04 and a zip archive'), 'is a checkpoint of PyTorch'],
    [Buffer.from('version https://git-lfs.github.com/spec/v1\noid'), 'is a pointer of Git LFS'],
    [file('nonsense'), 'has a header that is no JSON'],
    [file('[1]'), 'has a header that is no JSON object'],
    [file(`{"w":1,"w":2}`), 'has a header that has the name "w" twice'],
    [file('{"__metadata__":{"a":1}}'), 'has metadata that are no texts'],
    [file(entry('I64', '[1]', 4), 'abcd'), 'gives tensor w 4 bytes for shape (1) of I64'],
    [file(entry('F32', '[1]', 4), 'abcdef'), 'has 2 bytes at its end that belong to no tensor'],
    [file(two([0, 4], [0, 4]), 'abcd'), 'gives tensor b bytes of tensor a'],
    [file(two([0, 4], [2, 6]), 'abcdef'), 'gives tensor b bytes of tensor a'],
    [file(two([0, 4], [8, 12]), 'abcdefghijkl'), 'has 4 bytes before tensor b that belong to none'],
    [file('{"w":{"dtype":"F32"}}'), 'describes tensor w without'],
    [file(entry('F8_E4M3', '[4]', 4), 'abcd'), 'holds tensor w as F8_E4M3'],
    [file(entry('BF16', '[3]', 4), 'abcd'), 'gives tensor w 4 bytes for shape (3)'],
    [file(entry('F32', '[2]', 8), 'abcd'), 'tensor w ends at byte 8 of 4'],
    [file(entry('F32', '[3]', 4), 'abcd'), 'gives tensor w 4 bytes for shape (3)'],
  ] as const) {
    writeFileSync(path, bytes);
    expect(() => readSafetensors(path)).toThrow(`${path} `);
    expect(() => readSafetensors(path)).toThrow(message);
  }
});

it('makes float32 of other sizes, and leaves whole numbers out', () => {
  const path = join(folder, 'mixed.safetensors');
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00); // 1, -2, 2^-24, infinity
  const bfloat = Uint16Array.of(0x3f80, 0xc000); // 1, -2
  const double = Float64Array.of(0.5);
  const entries = [
    ['half', 'F16', half],
    ['bfloat', 'BF16', bfloat],
    ['double', 'F64', double],
    ['count', 'I64', BigInt64Array.of(7n)],
  ] as const;
  let at = 0;
  const header = entries.map(([name, dtype, { length, byteLength }]) => {
    const start = at;
    at += byteLength;
    return [name, { dtype, shape: [length], data_offsets: [start, at] }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  const parts = entries.map(([, , { buffer }]) => Buffer.from(buffer));
  writeFileSync(path, Buffer.concat([size, json, ...parts]));
  const { tensors } = readSafetensors(path);
  expect(Object.keys(tensors)).toEqual(['half', 'bfloat', 'double']);
  expect([...(tensors.half?.data ?? [])]).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY]);
  expect([...(tensors.bfloat?.data ?? [])]).toEqual([1, -2]);
  expect([...(tensors.double?.data ?? [])]).toEqual([0.5]);
});
