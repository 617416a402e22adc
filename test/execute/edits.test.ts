import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, histories } from './edited-study.js';
import { folder } from './lab.js';

it('gives through any edits the results of runs without a cache, and does no more than is new', async () => {
  const at = folder();
  let n = 0;
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      n += 1;
      ran += (await follow(join(at, String(n)), history)).ran;
    }),
    { numRuns: 15, seed: 11 },
  );
  expect(ran).toBeGreaterThan(50);
});
