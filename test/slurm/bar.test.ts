import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startCluster, whyNot } from './cluster.js';
import { study, until } from './study.js';

/*
 * Many points, the driver killed twice, the controller stopped and started, a node dead, points
 * preempted, accounting off. SSP_SLURM_POINTS says how many, SSP_SLURM_TRANSCRIPT a file that keeps
 * what happened.
 */
const points = Number(process.env.SSP_SLURM_POINTS ?? 200);

it(`does ${points} points, whatever happens to drivers, controller and nodes`, async () => {
  expect(whyNot(), 'a real Slurm is needed here').toBeUndefined();
  const cluster = await startCluster({ port: 18_800, nodes: 4, cpus: 4 });
  const s = study(cluster.env, points, '  memory: 100M\n');
  const began = Date.now();
  const transcript: string[] = [];
  const note = (what: string): void => {
    const at = ((Date.now() - began) / 1000).toFixed(0).padStart(5);
    const line = `${at} s  ${String(s.ends().length).padStart(4)} done  ${what}`;
    transcript.push(line);
    process.stderr.write(`${line}\n`);
  };
  const after = (share: number) =>
    until(`${share} of the points`, () => s.ends().length >= points * share, 3000);
  const drive = () => s.drive('run', 'study.ssp', '--executor', 'slurm');
  try {
    let driver = drive();
    note(
      `driver 1 starts; load ${loadavg()
        .map((n) => n.toFixed(0))
        .join(' ')}`,
    );
    await after(0.1);
    driver.kill('SIGKILL');
    await driver.ended;
    const said = [driver.said()];
    note('driver 1 is killed (signal 9)');
    driver = drive();
    note('driver 2 starts');
    await after(0.3);
    await cluster.stopController();
    note('the controller is stopped');
    await sleep(10_000);
    await cluster.startController();
    note('the controller starts again');
    await after(0.45);
    cluster.killNode('n1');
    note('node n1 loses its power, with all that runs there');
    await after(0.55);
    const urgent = cluster.ask(
      'sbatch',
      '--parsable',
      '-p',
      'urgent',
      '--array=0-1',
      '-c',
      '4',
      '--mem=100',
      '-o',
      '/dev/null',
      '--wrap',
      'sleep 15',
    );
    note(`urgent jobs (${urgent}) take two nodes`);
    await after(0.7);
    driver.kill('SIGKILL');
    await driver.ended;
    said.push(driver.said());
    note('driver 2 is killed (signal 9)');
    driver = drive();
    note('driver 3 starts');
    const code = await driver.ended;
    said.push(driver.said());
    note(`driver 3 ends with exit code ${code}: ${said[2]?.match(/study\.ssp: .*/)?.[0]}`);
    const ends = s.ends();
    const starts = s.lines().filter((line) => line.startsWith('start '));
    const again = s.lines().filter((line) => line.startsWith('again '));
    const arrays = said.join('\n').match(/submitted as job/g)?.length;
    note(
      `${starts.length} starts, ${ends.length} ends of ${new Set(ends).size} different points, ${again.length} begun again with a result there; ${arrays} submissions`,
    );
    const restarts = cluster.ask('squeue', '-h', '-t', 'all', '-r', '-o', '%i|%T');
    note(
      `in the queue: ${restarts.split('\n').length} tasks, of them ${restarts.match(/COMPLETED/g)?.length} completed`,
    );
    for (const text of said) {
      for (const line of text.split('\n')) if (line.startsWith('slurm: ')) transcript.push(line);
    }
    const file = process.env.SSP_SLURM_TRANSCRIPT;
    if (file !== undefined) writeFileSync(file, `${transcript.join('\n')}\n`);
    expect(code).toBe(0);
    // What was killed before its result was published is done again, and nothing else.
    expect(again).toEqual([]);
    expect(new Set(ends).size).toBe(points);
  } finally {
    await cluster.stop();
    s.remove();
  }
});
