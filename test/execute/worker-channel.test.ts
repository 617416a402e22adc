import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

it('changes where its output goes once what it loads ahead is loaded, however early a stage is given', async () => {
  const log = join(temporaryFolder(), 'log');
  const worker = fork(join(import.meta.dirname, 'loading-worker.js'), { silent: true });
  const before = worker.stdout && text(worker.stdout);
  worker.send({ key: 'k', log, env: {}, stay: false });
  const [code] = await once(worker, 'exit');
  expect(code).toBe(0);
  expect(await before).toBe('loaded\n');
  expect(readFileSync(log, 'utf8')).toBe('at work\n');
});
