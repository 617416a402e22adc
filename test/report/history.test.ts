import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StageOutcome } from '../../src/execute/record.js';
import { readTrainings } from '../../src/report/history.js';
import { newNotes } from '../../src/report/stage-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { outcome } from './fixture.js';

it('joins what is kept beside a result to its history, epoch by epoch', async () => {
  const path = join(temporaryFolder(), 'history.json');
  writeFileSync(path, '{"rows":[{"epoch":1,"loss":2},{"epoch":2,"loss":1}]}');
  const files = { 'history.json': { digest: '0'.repeat(64), size: 1 } };
  const plain = outcome('encoder', {}, { files });
  const signs = { rankme: { what: 'directions' } };
  // The second is the first epoch's; one is no number, as JSON has none that is not finite.
  const rows = [
    { epoch: 2, rankme: 7, alignment: null },
    { epoch: 1, rankme: 5, alignment: 0.5 },
  ];
  const with_ = { ...plain, record: { ...plain.record, watched: { signs, rows } } };
  const read = async (of: unknown) =>
    (await readTrainings([of as StageOutcome], () => path, newNotes()))[0]?.runs[0]?.history.rows;
  expect(await read(with_)).toEqual([
    { epoch: 1, loss: 2, rankme: 5, alignment: 0.5 },
    { epoch: 2, loss: 1, rankme: 7 },
  ]);
  expect(await read(plain)).toEqual([
    { epoch: 1, loss: 2 },
    { epoch: 2, loss: 1 },
  ]);
});
