import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const root = mkdtempSync(join(tmpdir(), 'ssp-trace-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const trace = (...args: string[]) => ssp(folder, ['trace', 'study.ssp', ...args]);
const document = async (...args: string[]) => {
  const { out, err } = await trace(...args, '--json');
  expect(out, err).not.toBe('');
  const json = JSON.parse(out);
  expectShape('trace', json);
  return json;
};

const study = String.raw`extern stage bytes(root: Folder) -> Files
  command "sh -c 'cat $0/* | wc -c > $1/size.txt' {root} {out}"
extern stage add(to: Files, pairs: Int, seed: Int) -> Metrics{top1: Fraction}
  command "sh -c 'echo {{\\\"top1\\\": 0.$(( $(cat $0/size.txt) + $1 * $2 * 7 ))59}} > $3/metrics.json' {to} {pairs} {seed} {out}"
axis seed = [1, 2, 3]
axis pairs = {sp: 3, ap: 1}
dataset size = bytes(root: "data")
evaluate sum = add(size, pairs, seed)
let gain = sum.top1[pairs: sp] - sum.top1[pairs: ap]
report t = table({sp: sum.top1[pairs: sp], ap: sum.top1[pairs: ap], gain}, over: seed)
report ends = table({top1: ci95(sum.top1, over: seed)}, rows: pairs)
expect mean(gain, over: seed) > 1%
reference "arXiv:1" { sum.top1[pairs: sp] = 85.59% }
`;

beforeAll(async () => {
  folder = join(root, 'done');
  mkdirSync(join(folder, 'data'), { recursive: true });
  put('data/a.txt', '1234567890123');
  put('study.ssp', study);
  const { code, err } = await ssp(folder, ['run', 'study.ssp']);
  expect(code, err).toBe(0);
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'study-'));
  cpSync(join(root, 'done'), folder, { recursive: true });
});

it('leads from a number to its line, values, results, data and machine', async () => {
  const { out, code } = await trace('55.6 %');
  expect(code).toBe(0);
  expect(out).toContain('t.sp  55.6 %');
  const one = await trace('t.gain');
  expect(one.out).toContain('sum.top1[pairs: sp] - sum.top1[pairs: ap]  study.ssp:9:12');
  expect(one.out).toContain('mean over seed of 3 values');
  expect(one.out).toMatch(
    /seed=2 {2}\+28\.0 points {2}sum\[pairs=sp,seed=2\] sum\[pairs=ap,seed=2\]/,
  );
  expect(one.out).toContain('made of 7 results');
  expect(one.out).toMatch(/data {4}data [0-9a-f]{12}/);
  expect(one.out).toContain('command sh -c cat $0/* | wc -c > $1/size.txt {root} {out}');
  expect(one.out).toMatch(/machine {3}node v\d+/);
  expect(one.out).toMatch(/again {5}ssp run study\.ssp$/m);
  const other = await trace('t.gain', '--store', '.ssp', '--points', '5000');
  expect(other.out).toMatch(/again {5}ssp run study\.ssp --store=\.ssp --points=5000$/m);
});

it('lists the numbers that may be meant, and tells the same one once', async () => {
  const { out, err } = await trace('sum[seed: 2]');
  expect(out).toContain('sum[pairs: sp, seed: 2].top1  55.6 %  study.ssp:8:10');
  expect(out).toContain('sum[pairs: ap, seed: 2].top1  27.6 %');
  expect(err).toContain("name one of them: ssp trace study.ssp 'sum[pairs: sp, seed: 2].top1'");
  const { matches } = await document('85.59');
  expect(matches).toHaveLength(1);
  expect(matches[0]).toMatchObject({
    kind: 'reference',
    numbers: [{ part: 'published', value: 0.8559, printed: '85.59 %' }],
    at: { line: 13 },
  });
  const same = await document('+28.0');
  expect(same.matches[0].address).toBe('t.gain');
  expect(same.matches[0].also).toEqual(['expect mean(gain, over: seed) > 1%']);
});

it('takes slices where a file has them, and says what there is', async () => {
  const { matches, stages } = await document('sum.top1[pairs: sp, seed: 1]');
  expect(matches[0].address).toBe('sum[pairs: sp, seed: 1].top1');
  expect(stages.map((s: { id: string }) => s.id)).toEqual(['sum[pairs=sp,seed=1]', 'size']);
  expect(stages[1].data).toMatchObject([{ path: 'data', kind: 'folder' }]);
  const refusals = {
    'x.sp': 'there is no table or result `x.sp`',
    't.spp': 'did you mean `t.sp`?',
    'sum[pears: sp]': 'did you mean `pairs`?',
    'sum[pairs: s]': 'axis `pairs` of `sum` has no `s`',
    '12.345': 'no number of the report reads 12.345',
  };
  for (const [target, message] of Object.entries(refusals)) {
    const { err, code } = await trace(target);
    expect(err).toContain(message);
    expect(code).toBe(/^\d/.test(target) ? 1 : 2);
  }
});

it('hashes again what a number was made from', async () => {
  const sound = await trace('t.sp', '--check');
  expect(sound.code, sound.err).toBe(0);
  expect(sound.out).toContain('hashed again and the same: 4 keys, 4 results, 4 files');
  const { stages } = await document('t.sp');
  const size = stages.find((s: { id: string }) => s.id === 'size');
  const { digest } = size.result.files[0];
  const blob = join(folder, '.ssp/blobs', digest.slice(0, 2), digest);
  rmSync(blob);
  writeFileSync(blob, '99\n');
  const broken = await trace('t.sp', '--check');
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('not the same: 1');
  expect(broken.out).toMatch(
    /size file size\.txt: it (is other content: its digest is|has \d+ bytes)/,
  );
});

it('goes as far as a lock tells, without store and data', async () => {
  rmSync(join(folder, '.ssp'), { recursive: true });
  rmSync(join(folder, 'data'), { recursive: true });
  const { out, err, code } = await trace('t.sp', '--check');
  // No result could be hashed again.
  expect(code, err).toBe(1);
  expect(out).toContain('seed=1  34.6 %');
  expect(out).toContain('data (not on this machine)');
  expect(out).toContain('as the lock says');
  expect(out).toContain('size result: the store does not have it');
  expect(err).toContain('those of the lock');
  const { stages } = await document('t.sp');
  expect(
    stages.every((s: { outcome: string; key: string }) => s.outcome === 'locked' && s.key),
  ).toBe(true);
});
