import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { contactSheets, sheetLabel } from '../../../src/report/pairs/contact-sheets.js';
import { newNotes } from '../../../src/report/stage-file.js';
import { outcome } from '../fixture.js';
import { npy } from '../fixture-run.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-sheets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stage's contact sheet of pairs of 1 px. */
function sheetOf(name: string, pairs: number, described: unknown) {
  const files = {
    'sheet.npy': npy([pairs, 2, 1, 1, 3], 1),
    'sheet.json': JSON.stringify(described),
  };
  return Object.fromEntries(
    Object.entries(files).map(([file, bytes]) => {
      writeFileSync(join(folder, `${name}-${file}`), bytes);
      return [file, { digest: `${name}-${file}`, size: bytes.length }];
    }),
  );
}

const rows = [
  { name: 'most similar', pairs: [4, 2], similarities: [0.99, 0.971] },
  { name: 'random', pairs: [0, 1, 2], similarities: [0.4, 0.9, 0.5] },
];

it('shows each row of a contact sheet, of one repetition of each kind', async () => {
  const files = sheetOf('found', 5, { rows });
  const outcomes = ['1', '2'].flatMap((seed) => [
    outcome('found', { encoder: 'pixels', seed }, { files }),
    outcome(
      'pairs',
      { pairs: 'sp', seed },
      { files: sheetOf('sp', 2, { rows: [{ name: 'random', pairs: [0, 1] }] }) },
    ),
    outcome('pairs', { pairs: 'ap', seed }, { files }),
  ]);
  const notes = newNotes();
  const open = (blob: { digest: string }) => join(folder, blob.digest);
  const sheets = await contactSheets(outcomes, new Set(['seed']), open, notes);
  expect(sheets.map((sheet) => sheetLabel(sheet, { axes: {}, labels: {} }))).toEqual([
    'found: most similar, similarity 0.99 to 0.97',
    'found: random, similarity 0.90 to 0.40',
    'pairs=sp: random',
    'pairs=ap: most similar, similarity 0.99 to 0.97',
    'pairs=ap: random, similarity 0.90 to 0.40',
  ]);
  expect(sheets.map(({ pairs, views }) => [pairs, views])).toEqual([
    [2, 2],
    [3, 2],
    [2, 2],
    [2, 2],
    [3, 2],
  ]);
  expect(notes.all()).toEqual([]);
  // The second row begins where the first ends: at pair 2 of 5, of two pixels each.
  const { data } = await sharp(sheets[1]?.png).raw().toBuffer({ resolveWithObject: true });
  const colours = npy([5, 2, 1, 1, 3], 1).subarray(-30);
  expect([...data.subarray(0, 3)]).toEqual([...colours.subarray(12, 15)]);
});

it('says which sheet is none', async () => {
  const notes = newNotes();
  const outcomes = [outcome('pairs', {}, { files: sheetOf('odd', 5, { rows: rows.slice(0, 1) }) })];
  const open = (blob: { digest: string }) => join(folder, blob.digest);
  expect(await contactSheets(outcomes, new Set(), open, notes)).toEqual([]);
  expect(notes.all()).toEqual(['sheet.npy of pairs is not uint8 of shape (k, 2, h, w, 3)']);
});
