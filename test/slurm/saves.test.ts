import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { longStudy } from '../support/long-study.js';
import { startCluster, whyNot } from './cluster.js';
import { study, until } from './study.js';

it('saves a training at once before the end of its allocation, and goes on there when it is requeued', async () => {
  expect(whyNot(), 'a real Slurm is needed here').toBeUndefined();
  const cluster = await startCluster({ port: 18_900, nodes: 1, cpus: 4 });
  const s = study(cluster.env, 1);
  for (const [name, text] of Object.entries(longStudy)) s.write(name, text);
  const logs = (): string => {
    const folder = join(s.at, '.ssp/logs');
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  };
  try {
    const driver = s.drive('run', 'study.ssp', '--executor', 'slurm');
    await until('the training is at work', () => /encoder +epoch 0\.[2-9]/.test(driver.said()));
    // What Slurm sends so many seconds before the end (`--signal=B:USR2@…`).
    const [job = ''] = cluster.ask('squeue', '-h', '-r', '-t', 'R', '-o', '%F_%K').split('\n');
    cluster.ask('scancel', '--batch', '--signal=USR2', job);
    const code = await driver.ended;
    expect(code, driver.said()).toBe(0);
    const saved = /asked to end, and saved what it had after step (\d+) of (\d+)/.exec(logs());
    const [, step = '', steps] = saved ?? [];
    expect(Number(step)).toBeGreaterThan(0);
    expect(logs()).toContain(`going on after step ${step} of ${steps}`);
  } finally {
    await cluster.stop();
    s.remove();
  }
});
