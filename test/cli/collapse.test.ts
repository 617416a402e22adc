import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { breakingStudy } from './breaking-study.js';

const sign = /the views are alike in epochs 1 to 2: likeness is -?[\d.e-]+, compare with others/;

it('remarks the signs of collapse that a method names, and stops where it is told to', async () => {
  const stopping = breakingStudy(['train encoder', '@stop_on_collapse(2)\ntrain encoder']);
  const stopped = await ssp(stopping, ['run', 'study.ssp']);
  expect(stopped.code).toBe(1);
  expect(stopped.err).toMatch(/^failed +encoder[\s\S]*the training collapsed, for 2 epochs:/m);
  expect(stopped.err).toContain('@stop_on_collapse');

  // The same key: what was stopped goes on, and the remark stands beside the result.
  const going = breakingStudy();
  const store = ['--store', `${stopping}/.ssp`];
  const first = await ssp(going, ['run', 'study.ssp', ...store]);
  expect(first.code, first.err).toBe(0);
  expect(first.out).toMatch(sign);
  await ssp(going, ['report', 'study.ssp', '-o', 'page', ...store]);
  const page = readFileSync(join(going, 'page/report.md'), 'utf8');
  expect(page).toContain('likeness of encoder by epoch (mean cosine of the two views), one line');
  const again = await ssp(stopping, ['plan', 'study.ssp', '--json']);
  expect(JSON.parse(again.out)).toMatchObject({
    stages: expect.arrayContaining([
      expect.objectContaining({
        name: 'encoder',
        action: 'hit',
        resources: { collapsedEpochs: 2 },
      }),
    ]),
  });
}, 60_000);
