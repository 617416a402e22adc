import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { longStudy } from '../support/long-study.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('saves a training at once when its run is asked to end, and goes on there', async () => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(longStudy)) writeFileSync(join(folder, name), text);
  let isAsked = false;
  const stopped = await ssp(folder, ['run', 'study.ssp'], {
    onErr: (err, kill) => {
      // Within its first epoch it has saved nothing yet. A second signal would end the run at once.
      if (isAsked || !/encoder +epoch 0\.[1-9]/.test(err)) return;
      isAsked = true;
      kill('SIGTERM');
    },
  });
  expect(stopped.code, stopped.err).toBe(130);
  const logs = join(folder, '.ssp/logs');
  const said = () =>
    readdirSync(logs)
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('\n');
  const [, step = '', steps] =
    /asked to end, and saved what it had after step (\d+) of (\d+)/.exec(said()) ?? [];
  expect(Number(step), said()).toBeGreaterThan(0);
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(again.code, again.err).toBe(0);
  expect(again.err).toMatch(/goes on +encoder: from its checkpoint after epoch 0\.\d of 1/);
  expect(said()).toContain(`going on after step ${step} of ${steps}`);
});
