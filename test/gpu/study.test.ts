import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { study, training } from './study.js';

// What is declared later needs arguments that `check:gpu` and `accept:gpu`, which run rarely, have to give.
test.each([
  ['check:gpu', study()],
  ['accept:gpu', training({ epochs: 3 })],
])('The study of %s, of all that the library declares, has no mistakes', async (_, text) => {
  const at = temporaryFolder();
  copyFileSync(new URL('tiny.mjs', import.meta.url), join(at, 'tiny.mjs'));
  writeFileSync(join(at, 'study.ssp'), text);
  const { code, out } = await ssp(at, ['check', 'study.ssp']);
  expect(out).not.toContain('error');
  expect(code).toBe(0);
});
