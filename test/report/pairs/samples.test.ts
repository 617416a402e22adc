import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { npyIn } from '../../../src/base/files/npy.js';
import { sampleGrids } from '../../../src/report/pairs/samples.js';
import { newNotes } from '../../../src/report/stage-file.js';
import { outcome } from '../fixture.js';
import { npy } from '../fixture-run.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-samples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('puts pairs in columns and views in rows, enlarged without smoothing', async () => {
  const file = npy([2, 2, 1, 1, 3], 1);
  const colours = [...npyIn(file, 'samples.npy').data];
  const blob = { digest: 'one', size: file.length };
  writeFileSync(join(folder, 'one'), file);
  const outcomes = ['1', '2'].map((seed) =>
    outcome('encoder', { a: 'a1', seed }, { files: { 'samples.npy': blob } }),
  );
  const notes = newNotes();
  const grids = await sampleGrids(
    outcomes,
    new Set(['seed']),
    (b) => join(folder, b.digest),
    notes,
  );
  expect(grids).toHaveLength(1);
  const [grid] = grids;
  expect(grid).toMatchObject({ pairs: 2, views: 2, width: 2 * 72 + 4, height: 2 * 72 + 4 });
  const { data } = await sharp(grid?.png).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [
    ...data.subarray((y * 148 + x) * 4, (y * 148 + x) * 4 + 4),
  ];
  expect(pixel(71, 71)).toEqual([...colours.slice(0, 3), 255]);
  expect(pixel(10, 80)).toEqual([...colours.slice(3, 6), 255]);
  expect(pixel(80, 10)).toEqual([...colours.slice(6, 9), 255]);
  expect(pixel(74, 10)).toEqual([0, 0, 0, 0]);
});

it('says which samples are no pictures', async () => {
  writeFileSync(join(folder, 'flat'), npy([4, 4], 1));
  const files = { 'samples.npy': { digest: 'flat', size: 1 } };
  const notes = newNotes();
  const outcomes = [outcome('encoder', {}, { files })];
  expect(await sampleGrids(outcomes, new Set(), (b) => join(folder, b.digest), notes)).toEqual([]);
  expect(notes.all()).toEqual(['samples.npy of encoder is not uint8 of shape (k, views, h, w, 3)']);
});
