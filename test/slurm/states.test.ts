import { expect, it } from 'vitest';
import { startCluster, whyNot } from './cluster.js';
import { study, until } from './study.js';

/** What a task does follows from its number, so that nothing depends on which point it has. */
const work = `case $SLURM_ARRAY_TASK_ID in
0) until [ -e go ]; do sleep 0.5; done; (head -c 700M /dev/zero; sleep 60) | tail > /dev/null ;;
1 | 2) sleep 300 ;;
3) until [ -e go ]; do sleep 0.5; done ;;
esac
`;

/*
 * How jobs end that do not do what they are there for, in one array, on two nodes with two GPUs each that
 * are none: 0 takes more memory than it has asked for, 1 is longer than its time, 2 is cancelled at work,
 * 3 does what it should, 4 is cancelled while it waits, 5 is held, let go, and ends before its stage
 * begins, 6 is longer than its partition allows for a while, and is cancelled. With accounting the driver
 * is stopped until Slurm's controller has forgotten all of it, so that the database alone knows; without
 * it the controller is asked.
 */
it.each([
  ['off', false],
  ['on', true],
])('knows how jobs have ended, with accounting %s', async (_, accounting) => {
  expect(whyNot(), 'a real Slurm is needed here').toBeUndefined();
  const cluster = await startCluster({
    port: 18_900,
    nodes: 2,
    cpus: 8,
    memoryKept: true,
    accounting,
    ...(accounting ? { minJobAge: 2 } : {}),
  });
  const s = study(
    cluster.env,
    7,
    `  memory: 600M
  gpu: {gres: gpu}
  prologue:
    - if [ "$SLURM_ARRAY_TASK_ID" = 5 ]; then echo no such module; exit 3; fi
`,
  );
  s.write(
    'work.sh',
    `echo "gpu $SLURM_ARRAY_TASK_ID $SLURMD_NODENAME/$CUDA_VISIBLE_DEVICES" >> "$NOTED"
${work}
echo '{"value": 1}' > "$3/metrics.json"
`,
  );
  s.write(
    'study.ssp',
    `extern stage point(n: Int, seconds: Float) -> Metrics{value: Int}
  command "sh work.sh {n} {seconds} {out}"
  reads: ["work.sh"]

axis n = 1..7
@gpu(1)
evaluate result = point(n, 0.5)
report all = table(result.value, rows: n)
`,
  );
  const task = (n: number): string => `${job}_${n}`;
  const control = (...words: readonly string[]) => cluster.ask('scontrol', ...words);
  let job = '';
  try {
    const driver = s.drive('run', 'study.ssp', '--executor', 'slurm', '--keep-going');
    const says = (what: RegExp) => until(`it says ${what}`, () => what.test(driver.said()), 90);
    await until('four tasks are at work', () => s.lines().length === 4, 60);
    [, job = ''] = /7 points submitted as job (\d+)/.exec(driver.said()) ?? [];
    expect(new Set(s.lines().map((line) => line.split(' ')[2]))).toEqual(
      new Set(['n1/0', 'n1/1', 'n2/0', 'n2/1']),
    );
    control('update', `JobId=${task(1)}`, 'TimeLimit=1');
    control('uhold', task(5));
    // What waits asks for an hour.
    control('update', 'PartitionName=main', 'MaxTime=30');
    await says(/waits: it is held; `scontrol release/);
    await says(/waits: its time is longer than the partition allows/);
    if (accounting) driver.kill('SIGSTOP');
    control('update', 'PartitionName=main', 'MaxTime=INFINITE');
    control('release', task(5));
    for (const n of [2, 4, 6]) cluster.ask('scancel', task(n));
    s.write('go', '');
    if (accounting) {
      const known = () => cluster.ask('squeue', '-h', '-t', 'all', '-o', '%F').includes(job);
      await until('the controller has forgotten them', () => !known(), 400);
      driver.kill('SIGCONT');
    }
    const code = await driver.ended;
    const said = driver.said();
    expect(code, said).toBe(1);
    for (const [n, what] of [
      [0, 'ran out of the memory it had asked for'],
      [1, 'was ended at the limit of its allocation, and could not be saved before'],
      [2, 'was cancelled\n'],
      [4, 'was cancelled before it began'],
      [5, 'ended before its stage began; it said last:'],
      [6, 'was cancelled before it began'],
    ] as const) {
      expect(said).toContain(`(job ${task(n)}) ${what}`);
    }
    expect(said).toContain('no such module');
    expect(said).toMatch(/1 ran/);
  } finally {
    await cluster.stop();
    s.remove();
  }
});
