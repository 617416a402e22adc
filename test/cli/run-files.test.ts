import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = `extern stage scored(n: Int) -> Metrics{score: Float} from "./scored.mjs"
axis n = [1, 2]
evaluate quality = scored(n)
report by_n = table(quality.score, rows: n)
`;
const scored = 'export const run = ({ params }) => ({ metrics: { score: params.n / 8 } });\n';

interface Slice {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly tid: number;
  readonly cat: string;
  readonly args: { readonly outcome?: string; readonly metrics?: { readonly score: number } };
}

it('writes a page while a run goes on and a trace at its end', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'scored.mjs'), scored);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  let during = '';
  const options = ['--live', 'page.html', '--profile', 'trace.json', '--jobs', '1'];
  const run = await ssp(folder, ['run', 'study.ssp', ...options], {
    onErr: () => {
      during ||= read('page.html');
    },
  });
  expect(run.code).toBe(0);
  expect(during).toContain('<meta http-equiv="refresh" content="3">');
  const page = read('page.html');
  expect(page).not.toContain('http-equiv');
  expect(page).toContain('2 of 2 stages have results');
  expect(page).toContain('0.125');

  const { traceEvents } = JSON.parse(read('trace.json')) as { traceEvents: readonly Slice[] };
  const slices = traceEvents.filter(({ ph }) => ph === 'X');
  expect(
    slices.map(({ name, tid, args }) => [name, tid, args.outcome, args.metrics?.score]),
  ).toEqual([
    ['quality[n=1]', 1, 'ran', 0.125],
    ['quality[n=2]', 1, 'ran', 0.25],
  ]);
  const [first, second] = slices;
  expect(first?.dur).toBeGreaterThan(0);
  expect(second?.ts).toBeGreaterThanOrEqual((first?.ts ?? 0) + (first?.dur ?? 0));
  const waits = traceEvents.filter(({ cat }) => cat === 'wait');
  expect(waits.map(({ ph }) => ph).sort()).toEqual(['b', 'b', 'e', 'e']);

  await ssp(folder, ['run', 'study.ssp', ...options]);
  const again = JSON.parse(read('trace.json')).traceEvents as readonly Slice[];
  expect(again.filter(({ cat }) => cat === 'hit').map(({ name }) => name)).toEqual([
    'quality[n=1]',
    'quality[n=2]',
  ]);
  const nowhere = await ssp(folder, ['run', 'study.ssp', '--live', 'study.ssp/page.html']);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('cannot write')]);
}, 240_000);

it('writes over nothing that the study consists of', async () => {
  const folder = temporaryFolder();
  const files = { 'study.ssp': study, 'scored.mjs': scored };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  expect((await ssp(folder, ['run', 'study.ssp'])).code).toBe(0);
  const lock = readFileSync(join(folder, 'study.ssp.lock'), 'utf8');
  for (const words of [
    ['run', 'study.ssp', '--live', 'study.ssp'],
    ['run', 'study.ssp', '--profile', 'scored.mjs'],
    ['bundle', 'study.ssp', '-o', './study.ssp.lock'],
    ['export', 'slurm', 'study.ssp', '-o', join(folder, 'study.ssp')],
  ]) {
    const { code, err } = await ssp(folder, words);
    expect([code, err]).toEqual([2, expect.stringContaining('is part of the study and would be')]);
  }
  for (const [name, text] of Object.entries({ ...files, 'study.ssp.lock': lock })) {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  }
});

it('writes behind links, and puts no file in the place of what is none', async () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries({ 'study.ssp': study, 'scored.mjs': scored })) {
    writeFileSync(at(name), text);
  }
  writeFileSync(at('old.html'), 'old');
  const links = { 'page.html': 'old.html', 'new.sspb': 'kept.sspb', 'study.ssp.lock': 'kept.lock' };
  for (const [name, to] of Object.entries(links)) symlinkSync(to, at(name));
  const bundle = ['bundle', 'study.ssp', '-o'];
  expect((await ssp(folder, ['run', 'study.ssp', '--live', 'page.html'])).code).toBe(0);
  expect((await ssp(folder, ['run', 'study.ssp', '--live', 'page.html'])).code).toBe(0);
  expect((await ssp(folder, [...bundle, 'new.sspb'])).code).toBe(0);
  for (const [name, to] of Object.entries(links)) {
    expect([name, readlinkSync(at(name))]).toEqual([name, to]);
    expect(readFileSync(at(to), 'utf8')).not.toBe('old');
  }
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('study.ssp', at('link.ssp'));
  for (const [words, said] of [
    [[...bundle, 'pipe'], '`pipe` is a named pipe; expected a file'],
    [[...bundle, '.'], '`.` is a folder; expected a file'],
    [[...bundle, 'link.ssp'], 'is part of the study and would be replaced'],
    [['run', 'study.ssp', '--live', 'pipe'], '`pipe` is a named pipe; expected a file'],
    [['export', 'slurm', 'study.ssp', '-o', '/dev/null'], '`/dev/null` is a device'],
  ] as const) {
    const { code, err } = await ssp(folder, words);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  }
});

it.each([
  ['--verify', '5%'],
  ['--require-signed', 'trusted'],
])('wants --from beside %s', async (...words) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'scored.mjs'), scored);
  const { code, err } = await ssp(folder, ['run', 'study.ssp', ...words]);
  expect([code, err]).toEqual([2, expect.stringContaining(`${words[0]} goes with --from`)]);
});
