import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Points of each stage. */
const POINTS = 40;

const files = {
  'make.sh': 'echo "made $1" >> "$NOTED"; sleep 0.05; echo "$1" > "$2/n.txt"\n',
  'look.sh':
    'echo "looked $1" >> "$NOTED"; n=$(cat "$2/n.txt"); echo "{\\"v\\": $n}" > "$3/metrics.json"\n',
  'study.ssp': `extern stage make(n: Int) -> Files command "sh make.sh {n} {out}" reads: ["make.sh"]
extern stage look(n: Int, of: Files) -> Metrics{v: Int}
  command "sh look.sh {n} {of} {out}"
  reads: ["look.sh"]

param add = 0
axis n = 1..${POINTS}
dataset made = make(n + add)
evaluate looked = look(n, made)
report all = table(mean(looked.v, over: n))
`,
};

it('loses nothing and makes nothing twice where two drivers work and garbage is collected beside them', async () => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const noted = join(folder, 'noted');
  writeFileSync(noted, '');
  const env = { NOTED: noted };
  const drive = (...more: string[]) =>
    ssp(folder, ['run', 'study.ssp', '--json', ...more], { env });
  // What is garbage: the results of a file that nobody names any more.
  writeFileSync(join(folder, 'old.ssp'), files['study.ssp'].replace('add = 0', 'add = 1000'));
  await ssp(folder, ['run', 'old.ssp'], { env });
  const lines = () => readFileSync(noted, 'utf8').trim().split('\n').sort();
  const before = lines().length;
  expect(before).toBe(2 * POINTS);
  let goesOn = true;
  const drivers = Promise.all([drive('--jobs', '2'), drive('--jobs', '2')]).finally(() => {
    goesOn = false;
  });
  let rounds = 0;
  let freed = 0;
  while (goesOn) {
    const done = await ssp(folder, ['gc', 'study.ssp', '--grace', '0s', '--apply', '--json']);
    expect(done.code, done.err).toBe(0);
    freed += JSON.parse(done.out).freed.results;
    rounds += 1;
  }
  for (const { code, err } of await drivers) expect(code, err).toBe(0);
  console.log(`${rounds} rounds of gc freed ${freed} results beside two drivers`);
  expect(freed).toBe(2 * POINTS);
  expect(lines()).toHaveLength(before + 2 * POINTS);
  const { summary } = JSON.parse((await ssp(folder, ['plan', 'study.ssp', '--json'])).out);
  expect(summary).toEqual({ hit: 2 * POINTS, run: 0, await: 0 });
  const verified = await ssp(folder, ['verify', '--json']);
  expect(JSON.parse(verified.out)).toMatchObject({ records: 2 * POINTS, wrong: [] });
});
