import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNpy } from '../../../../src/base/files/npy.js';
import { pixelsOf, recordRooms } from '../../../../src/library/data/published/interleave.js';
import { readRecords } from '../../../../src/library/data/published/record-file.js';
import { freshFolder } from '../../synthetic.js';

/** Records where they are taken from. */
function inRoom(records: Uint8Array): Uint8Array {
  const [room] = recordRooms();
  room.set(records);
  return room.subarray(0, records.length);
}

const fixture = (name: string): string =>
  new URL(`../../../fixtures/data/${name}`, import.meta.url).pathname;

it.each([
  ['cifar', { size: 32, labels: 0, order: 'rows' }],
  ['stl', { size: 96, labels: 0, order: 'columns' }],
] as const)('has the pixels of %s as torchvision reads them', (name, form) => {
  const { data, shape } = readNpy(fixture(`${name}-pixels.npy`), name);
  expect(shape).toEqual([1, form.size, form.size, 3]);
  const planes = readFileSync(fixture(`${name}-planes.bin`));
  expect(pixelsOf(inRoom(planes), form, [0])).toEqual(data);
});

it('makes pixels of those records that are asked for, and passes over their labels', () => {
  const form = { size: 16, labels: 2, order: 'rows' } as const;
  const records = Uint8Array.from({ length: 5 * 770 }, (_, at) => (at * 7) & 255);
  const expected = [1, 2, 4].flatMap((record) =>
    Array.from({ length: 768 }, (_, to) => {
      const from = record * 770 + 2 + (to % 3) * 256 + Math.floor(to / 3);
      return records[from];
    }),
  );
  expect([...pixelsOf(inRoom(records), form, [1, 2, 4])]).toEqual(expected);
});

it('reads all records in their order, in pieces, while those before are used', async () => {
  const path = join(freshFolder(), 'records.bin');
  // 4 bytes of each record are its number; three pieces and a part of one.
  const form = { size: 96, labels: 4, order: 'columns' } as const;
  const records = Array.from({ length: 120 }, (_, record) => {
    const bytes = Buffer.alloc(27_652, record);
    bytes.writeUInt32LE(record);
    return bytes;
  });
  writeFileSync(path, Buffer.concat(records));
  const found: number[] = [];
  const firsts: number[] = [];
  for await (const { first, bytes } of readRecords({ path, records: 120, form })) {
    firsts.push(first);
    for (let at = 0; at < bytes.length; at += 27_652) {
      found.push(Buffer.from(bytes).readUInt32LE(at));
      expect(bytes[at + 27_651]).toBe(found.at(-1));
    }
  }
  expect(found).toEqual([...records.keys()]);
  expect(firsts.length).toBeGreaterThan(2);
});
