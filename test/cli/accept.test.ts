import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = `extern stage made() -> Files from "./made.mjs"
extern stage scored(of: Files) -> Metrics{score: Float} from "./scored.mjs"

dataset numbers = made()
evaluate quality = scored(numbers)
report table_1 = table(quality.score)
`;
const made = `import { writeFileSync } from 'node:fs';
export const run = ({ out }) => writeFileSync(out + '/numbers.txt', '1 2 3');
`;
const swept = `extern stage scored(n: Int) -> Metrics{score: Float}
  command "sh score.sh {out} {n}"
  reads: ["score.sh"]

axis n = [1, 2]
evaluate quality = scored(n)
`;
const score = 'echo "{\\"score\\": 0.5}" > "$1/metrics.json"\n';
const scored = 'export const run = () => ({ metrics: { score: 0.5 } });\n';

it('counts a result for what somebody says does not matter, and shows who and why', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('study.ssp', study);
  write('made.mjs', made);
  write('scored.mjs', scored);
  const accept = (...more: string[]) => ssp(folder, ['accept', 'study.ssp', 'numbers', ...more]);
  const because = ['--because', 'only a comment', '--by', 'ada'];

  expect((await accept(...because)).err).toContain('there is no store');
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('2 ran, 0 hit');
  expect((await accept(...because)).err).toContain('`numbers` has a result: nothing has changed');
  expect((await accept()).err).toContain('no reason was given');

  write('made.mjs', `// numbers\n${made}`);
  expect((await ssp(folder, ['plan', 'study.ssp'])).out).toContain('0 hit, 1 run, 1 await');
  const waiting = await ssp(folder, ['accept', 'study.ssp', 'quality', ...because]);
  expect(waiting.err).toContain('`quality` has no key yet: it waits for `numbers`');
  const accepted = await accept(...because);
  expect([accepted.code, accepted.err]).toEqual([0, '']);
  const said = /accepted: only a comment \(ada, \d{4}-\d\d-\d\d\), after/;
  expect(accepted.out).toMatch(said);

  const plan = await ssp(folder, ['plan', 'study.ssp']);
  expect(plan.out).toContain('2 hit, 0 run, 0 await');
  expect(plan.out).toMatch(said);
  const run = await ssp(folder, ['run', 'study.ssp']);
  expect(run.err).toContain('0 ran, 2 hit');
  expect(run.out.replaceAll(/\s+/g, ' ')).toMatch(said);
  for (const command of ['show', 'why']) {
    const target = command === 'why' ? ['numbers'] : [];
    const { out } = await ssp(folder, [command, 'study.ssp', ...target]);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(said);
  }
  const lock = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  expect(lock).toContain('because: only a comment');
  expect((await ssp(folder, ['run', 'study.ssp', '--frozen'])).code).toBe(0);
}, 240_000);

it('accepts what of a stage has no result, and refuses where all has', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('study.ssp', swept);
  write('score.sh', score);
  const accept = (target: string) =>
    ssp(folder, ['accept', 'study.ssp', target, '--because', 'only a comment']);
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('2 ran, 0 hit');
  write('score.sh', `# scores\n${score}`);
  expect((await accept('quality[n: 1]')).out).toMatch(/^quality\[n=1\]: accepted: .*\n$/);
  expect((await accept('quality')).out).toMatch(/^quality\[n=2\]: accepted: .*\n$/);
  const again = await accept('quality');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('has a result')]);
}, 120_000);

const named = (script: string) => `extern stage m(n: Int) -> Metrics{v: Int}
  command "sh ${script} {n} {out}"
  reads: ["${script}"]

param n: Int = 1
evaluate x = m(n)
`;

it('takes for the earlier result of a point none of another file, nor of other settings', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const printing = (v: number) => `echo "{\\"v\\": ${v}$1}" > "$2/metrics.json"\n`;
  write('one.ssp', named('one.sh'));
  write('one.sh', printing(1));
  write('two.ssp', named('two.sh'));
  write('two.sh', printing(2));
  const accept = (file: string) => ssp(folder, ['accept', file, 'x', '--because', 'a comment']);
  await ssp(folder, ['run', 'one.ssp']);
  for (const command of ['plan', 'why']) {
    const { out } = await ssp(folder, [command, 'two.ssp', ...(command === 'why' ? ['x'] : [])]);
    expect(out).not.toContain('one.sh');
    expect(out).toMatch(command === 'why' ? /no other record/ : /not computed before/);
  }
  expect((await accept('two.ssp')).err).toContain('`x` has no earlier result of this file');
  await ssp(folder, ['run', 'two.ssp']);
  await ssp(folder, ['run', 'two.ssp', '--set', 'n=7']);
  await ssp(folder, ['run', 'one.ssp', '--set', 'n=8']);
  write('two.sh', `${printing(2)}# a comment\n`);
  expect((await ssp(folder, ['plan', 'two.ssp'])).out).toMatch(/run {4}x {2}`two\.sh` {2}changed/);
  expect((await accept('two.ssp')).out).toContain('after `two.sh` changed\n');
  expect((await ssp(folder, ['show', 'two.ssp', '--json'])).out).toMatch(/"v": 21\b/);
});

it('takes no result of other settings for one that failed with these', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'one.ssp'), named('one.sh'));
  writeFileSync(
    join(folder, 'one.sh'),
    'test "$1" = 7 && echo "{\\"v\\": 7}" > "$2/metrics.json"\n',
  );
  expect((await ssp(folder, ['run', 'one.ssp', '--set', 'n=7'])).code).toBe(0);
  expect((await ssp(folder, ['run', 'one.ssp'])).code).not.toBe(0);
  const accepted = await ssp(folder, ['accept', 'one.ssp', 'x', '--because', 'a comment']);
  expect(accepted.err).toContain('`x` has no earlier result of this file');
});

const results = ({ garbage }: { garbage: { kind: string }[] }) =>
  garbage.filter(({ kind }) => kind === 'result');
const weighted = (k: number) => `extern stage scored(n: Int, k: Int) -> Metrics{score: Float}
  command "sh score.sh {out} {n}"
  reads: ["score.sh"]

axis n = [1, 2]
evaluate quality = scored(n, ${k})
`;

it('knows what a point was before, whatever has come of the runs since', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const accept = () => ssp(folder, ['accept', 'study.ssp', 'quality', '--because', 'a comment']);
  write('study.ssp', weighted(1));
  write('score.sh', score);
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('2 ran, 0 hit');
  // One fails; of another the key changes once more, and it is interrupted.
  write('study.ssp', weighted(2));
  write('score.sh', `[ $2 = 1 ] || exit 1\n${score}`);
  expect((await ssp(folder, ['run', 'study.ssp', '--keep-going'])).err).toContain('1 ran, 0 hit');
  write('score.sh', `sleep 600\n${score}`);
  let killed = false;
  const stopped = await ssp(folder, ['run', 'study.ssp'], {
    onErr: (err, kill) => {
      if (!killed && /start|running|log/.test(err)) kill('SIGINT');
      killed ||= /start|running|log/.test(err);
    },
  });
  expect(stopped.err).toMatch(/interrupted/);
  write('score.sh', `# scores\n${score}`);
  const plan = (await ssp(folder, ['plan', 'study.ssp', '--all'])).out;
  expect(plan).toMatch(/quality\[n=1\] +`score\.sh` +changed/);
  expect(plan).toMatch(/quality\[n=2\][^\n]*\n +k +1 → 2/);
  expect(plan).not.toMatch(/not computed before| n +\d → \d/);
  const gone = JSON.parse((await ssp(folder, ['gc', '--grace', '0s', '--json'])).out);
  expect(results(gone)).toEqual([]);
  const accepted = await accept();
  expect(accepted.out).toMatch(/quality\[n=1\]: accepted: .*score\.sh` changed\n/);
  expect(accepted.out).toMatch(/quality\[n=2\]: accepted: .*k.* 1 → 2/);
  expect((await ssp(folder, ['run', 'study.ssp'])).err).toContain('0 ran, 2 hit');
  const freed = JSON.parse((await ssp(folder, ['gc', '--grace', '0s', '--json'])).out);
  expect(results(freed)).toHaveLength(3);
}, 120_000);
