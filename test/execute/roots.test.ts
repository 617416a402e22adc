import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { rootsOf } from '../../src/execute/store/roots.js';
import { Store } from '../../src/execute/store/store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A driver of a part of a study that gets to know a key after another. */
const driver = `
import { rememberRun } from '${new URL('../../dist/execute/store/roots.js', import.meta.url)}';
import { Store } from '${new URL('../../dist/execute/store/store.js', import.meta.url)}';
const [root, part] = process.argv.slice(1);
const store = new Store(root);
const numeric = { device: 'cpu', precision: 'fp32' };
const points = [];
for (let n = 0; n < 25; n++) {
  const id = 'made[part=' + part + ', n=' + n + ']';
  points.push({ stage: 'make', id, key: String(part).padStart(32, 'a') + String(n).padStart(32, '0') });
  rememberRun(store, { file: '/lab/study.ssp', set: {}, numeric }, points, { part: true });
}
`;

it('loses nothing of parts of a study whose drivers run beside each other', async () => {
  const root = temporaryFolder();
  const parts = [1, 2, 3, 4];
  const drivers = parts.map((part) =>
    spawn(process.execPath, ['--input-type=module', '-e', driver, root, String(part)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const codes = await Promise.all(drivers.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual(parts.map(() => 0));
  const [study] = rootsOf(new Store(root));
  expect(Object.keys(study?.stages.make ?? {})).toHaveLength(4 * 25);
}, 120_000);
