import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededStudy } from '../cli/seeded-study.js';
import { freePort, served } from '../remotes/server.js';
import { pythonWith } from '../support/python-with.js';
import { scalarsIn } from '../support/read-events.js';
import { ssp } from '../support/ssp.js';

/** Seconds since 1970, step, value. */
type Scalars = readonly (readonly [number, number, number])[];

it('is read back by TensorBoard, by its loader in Rust and by that in Python', async () => {
  const folder = seededStudy(1, 2);
  const ran = await ssp(folder, ['run', 'study.ssp', '--tensorboard', 'logs']);
  expect(ran.code, ran.err).toBe(0);
  const logs = join(folder, 'logs');
  const written = scalarsIn(logs);
  const runs = Object.keys(written).sort();
  expect(runs).toEqual(['encoder/seed=1', 'encoder/seed=2']);
  const python = pythonWith(['tensorboard==2.21.0', 'setuptools<81'], 'PYTHON_TENSORBOARD');
  for (const fast of ['true', 'false']) {
    const port = await freePort();
    const args = ['-m', 'tensorboard.main', '--logdir', logs, '--port', String(port)];
    await served(python, [...args, '--load_fast', fast], port);
    const get = async (path: string): Promise<object> =>
      (await fetch(`http://127.0.0.1:${port}/data/plugin/scalars/${path}`)).json();
    const tags = async () => Object.keys(await get('tags')).sort();
    await expect.poll(tags, { timeout: 200_000 }).toEqual(runs);
    for (const run of runs) {
      for (const [tag, values] of Object.entries(written[run] ?? {})) {
        const query = new URLSearchParams({ run, tag });
        const read = (await get(`scalars?${query}`)) as Scalars;
        expect(read.map(([, step, value]) => [step, Math.fround(value)])).toEqual(values);
      }
    }
  }
});
