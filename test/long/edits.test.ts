import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, histories } from '../execute/edited-study.js';
import { folder } from '../execute/lab.js';

it('gives through many random edits the results of runs without a cache, and does no more than is new', async () => {
  const at = folder();
  const sum = { histories: 0, runs: 0, ran: 0, points: 0 };
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      sum.histories += 1;
      const { runs, ran, points } = await follow(join(at, String(sum.histories)), history);
      sum.runs += runs;
      sum.ran += ran;
      sum.points += points;
    }),
    { numRuns: 300, seed: 5 },
  );
  console.log(JSON.stringify(sum));
  expect(sum.ran).toBeLessThan(sum.points);
}, 3_600_000);
