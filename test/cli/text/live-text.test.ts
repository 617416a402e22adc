import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../../support/ssp.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('says the metrics of a stage that is done: whole numbers whole, others with four digits', async () => {
  const at = temporaryFolder();
  writeFileSync(
    join(at, 'm.mjs'),
    'export const run = () => ({ metrics: { images: 12345678, share: 1 / 3, maybe: null } });\n',
  );
  writeFileSync(
    join(at, 's.ssp'),
    'extern stage m() -> Metrics{images: Int, share: Float, maybe: Float?} from "./m.mjs"\nevaluate all = m()\n',
  );
  const { err, code } = await ssp(at, ['run', 's.ssp']);
  expect(code, err).toBe(0);
  expect(err).toMatch(/^done {2}all {2}.* {2}images 12345678 {2}share 0\.3333 {2}maybe none$/m);
});
