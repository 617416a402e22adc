import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('does the keys of a list, and says what became of each', async () => {
  const at = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(at, name), text);
  write(
    's.ssp',
    `extern stage m(n: Int) -> Metrics{v: Int} command "sh m.sh {n} {out}" reads: ["m.sh"]
axis n = [1, 2]
evaluate a = m(n)
`,
  );
  // What is not in a key lets a stage that failed be done by hand.
  write('m.sh', 'test -e "$HOME/ready-$1" || exit 3; echo "{\\"v\\": $1}" > $2/metrics.json\n');
  const env = { HOME: at };
  const { code, out } = await ssp(at, ['run', 's.ssp', '--keep-going', '--json'], { env });
  expect(code).toBe(1);
  const { stages } = JSON.parse(out) as { stages: readonly { readonly key: string }[] };
  const [first = '', second = ''] = stages.map(({ key }) => key);
  write('list', `${first}\n${second}\n`);
  write('ready-1', '');
  const many = await ssp(at, ['exec-stage', '--many', 'list', '--store', '.ssp'], { env });
  expect([many.code, many.out]).toEqual([1, `${first} ran\n`]);
  expect(many.err).toContain(`${second} failed: \`sh\` ended with exit code 3`);
  expect(JSON.parse(readFileSync(join(at, `${first}.json`), 'utf8')).state).toBe('done');

  write('bad', `${first}\n\n${first} nonsense\n`);
  write('empty', '\n');
  for (const [list, said] of [
    ['bad', 'ssp: bad:3 has something else than keys'],
    ['empty', 'ssp: empty has no keys'],
    ['none', `ssp: the list ${join(at, 'none')} cannot be read`],
  ] as const) {
    const { code, err } = await ssp(at, ['exec-stage', '--many', list, '--store', '.ssp']);
    expect([code, err]).toEqual([1, expect.stringContaining(said)]);
  }
  for (const what of [[first], ['--many', 'list']]) {
    const { code, err } = await ssp(at, ['exec-stage', ...what, '--store', 'other']);
    expect([code, err]).toEqual([1, expect.stringContaining('there is no store')]);
  }
});

it('leaves keys that it has not come to when its allocation ends to the next one', async () => {
  const at = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(at, name), text);
  write(
    's.ssp',
    `extern stage m(n: Int) -> Metrics{v: Int} command "sh m.sh {n} {out}" reads: ["m.sh"]
axis n = [1, 2, 3]
evaluate a = m(n)
`,
  );
  write(
    'm.sh',
    `echo "$1" >> "$HOME/begun"; test -e "$HOME/ready" || exit 3; [ $1 = 2 ] && exit 3; sleep 1
echo "{\\"v\\": $1}" > $2/metrics.json\n`,
  );
  write('scontrol', '#!/bin/sh\necho "$@" >> "$HOME/asked"\n');
  chmodSync(join(at, 'scontrol'), 0o755);
  const slurm = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '0' };
  const env = { HOME: at, PATH: `${at}:${process.env.PATH}`, ...slurm };
  const { out } = await ssp(at, ['run', 's.ssp', '--keep-going', '--json'], { env });
  const { stages } = JSON.parse(out) as { stages: readonly { readonly key: string }[] };
  const [first = '', second = '', third = ''] = stages.map(({ key }) => key);
  write('list', `${second} ${first} ${third}\n`);
  write('ready', '');
  const begun = () => readFileSync(join(at, 'begun'), 'utf8').trim().split('\n').slice(3);
  const words = ['exec-stage', '--many', 'list', '--line', '0', '--store', '.ssp'];
  const one = await ssp(at, words, {
    env,
    onErr: (_, kill) => kill('SIGUSR2'),
  });
  // What fails is told when the second begins.
  expect([one.code, one.out, begun()]).toEqual([0, `${first} ran\n`, ['2', '1']]);
  expect(readFileSync(join(at, 'asked'), 'utf8')).toBe('requeue 7_0\n');
  expect(existsSync(join(at, `${third}.json`))).toBe(false);

  const again = { ...env, SLURM_RESTART_COUNT: '1' };
  const two = await ssp(at, words, { env: again });
  expect([two.code, two.out, begun()]).toEqual([
    1,
    `${first} hit\n${third} ran\n`,
    ['2', '1', '3'],
  ]);
});
