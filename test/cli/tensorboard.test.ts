import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEventLog } from '../../src/report/event-log.js';
import { scalarsIn } from '../support/read-events.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { seededStudy } from './seeded-study.js';

it('writes what trainings watch for TensorBoard, while they go on and afterwards', async () => {
  const folder = seededStudy(1);
  const at = (...names: string[]) => join(folder, ...names);
  const ran = await ssp(folder, ['run', 'study.ssp', '--tensorboard', 'live']);
  expect(ran.code, ran.err).toBe(0);
  const live = scalarsIn(at('live'));
  expect(Object.keys(live)).toEqual(['encoder/seed=1']);
  const watched = live['encoder/seed=1'] ?? {};
  const byEpoch = Object.keys(watched).filter((tag) => !tag.startsWith('steps/'));
  expect(byEpoch.sort()).toEqual([
    'alignment',
    'feature_std',
    'likeness',
    'loss',
    'lr',
    'rankme',
    'uniformity',
  ]);

  // The numbers of the report, which reads the results.
  const write = ['report', 'study.ssp', '--tensorboard'];
  const reported = await ssp(folder, [...write, 'logs', '-o', 'page']);
  expect(reported.code, reported.err).toBe(0);
  expect(reported.out).toContain('tensorboard --logdir logs');
  expect(reported.err).toContain('1 training in logs');
  const { runs } = JSON.parse(readFileSync(at('page/figures/encoder-likeness.json'), 'utf8'));
  const values = runs[0].values.map(Math.fround);
  expect(watched.likeness).toEqual([1, 2, 3, 4].map((epoch, i) => [epoch, values[i]]));
  const after = scalarsIn(at('logs'))['encoder/seed=1'] ?? {};
  for (const tag of byEpoch) expect(after[tag]).toEqual(watched[tag]);

  // A log of a run that saw the whole training stays; one that lacks something is written anew.
  const [log = ''] = readdirSync(at('live/encoder/seed=1'));
  const path = at('live/encoder/seed=1', log);
  const whole = readFileSync(path);
  await ssp(folder, [...write, 'live']);
  expect(readFileSync(path)).toEqual(whole);
  writeFileSync(path, whole.subarray(0, -29));
  await ssp(folder, [...write, 'live']);
  expect(scalarsIn(at('live'))).toEqual({ 'encoder/seed=1': after });

  const nowhere = await ssp(folder, ['run', 'study.ssp', '--tensorboard', 'study.ssp/logs']);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('cannot write')]);
}, 240_000);

it('goes on in the log of an attempt, each epoch and step once', () => {
  const root = temporaryFolder();
  const of = { name: 'encoder', point: { method: 'a/b', lr: '0.1' }, key: 'f'.repeat(64) };
  const attempt = openEventLog(root, of);
  attempt.rows([{ epoch: 1, loss: 4 }]);
  attempt.step(10, { loss: 3.5 });
  attempt.step(10, { loss: 3.5 });
  const run = 'encoder/lr=0.1/method=a%2fb';
  expect(scalarsIn(root)).toEqual({ [run]: { loss: [[1, 4]], 'steps/loss': [[10, 3.5]] } });
  // Another attempt, which begins with what the checkpoint has.
  const next = openEventLog(root, of);
  const rows = [4, 3, 2].map((loss, i) => ({ epoch: i + 1, loss }));
  next.rows(rows.slice(0, 2));
  next.end(rows);
  expect(scalarsIn(root)).toEqual({
    [run]: { loss: rows.map(({ epoch, loss }) => [epoch, loss]) },
  });
});
