import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-gc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const study = (labels: string, more = '') => `extern stage make(n: Int) -> Files
  command "sh make.sh {n} {out}"
  reads: ["make.sh"]

param add = 0
axis n = [${labels}]
dataset made = make(n + add)
${more}`;
const run = async (...args: readonly string[]) => {
  const { code, err } = await ssp(folder, ['run', ...args]);
  expect({ code, err }).toMatchObject({ code: 0 });
};
const gc = async (...args: readonly string[]) => {
  const done = await ssp(folder, ['gc', '--grace', '0s', '--json', ...args]);
  expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
  const document = JSON.parse(done.out);
  expectShape('gc', document);
  return document;
};
const ids = ({ garbage }: { garbage: { id: string | null }[] }) =>
  garbage.map(({ id }) => id).sort();

beforeAll(async () => {
  mkdirSync(join(folder, '.git'));
  put('make.sh', 'echo "$1" > "$2/n.txt"\n');
  put('study.ssp', study('1, 2'));
  await run('study.ssp');
});

it('says what no file needs, removes it with --apply, and says what keeps the rest', async () => {
  const first = await gc();
  expect(first).toMatchObject({ applied: false, garbage: [], kept: { reached: 2 } });
  expect(first.files).toMatchObject([{ file: 'study.ssp', standing: 2, locked: 2, used: 2 }]);
  // The lock and the last run still name what the file does not.
  put('study.ssp', study('2, 3'));
  expect(ids(await gc())).toEqual([]);
  await run('study.ssp');
  expect(ids(await gc())).toEqual(['made[n=1]']);
  const { out, err } = await ssp(folder, ['gc', '--grace', '0s']);
  expect(out).toMatch(/: 3 results, [\d.]+ KiB\n {2}study.ssp keeps 2 results/);
  expect(out).toMatch(/\nwould go: 1 result, [\d.]+ (KiB|B) in all\n {2}made: 1 result, /);
  expect(err).toBe('nothing was removed: `--apply` does it\n');
  const young = await ssp(folder, ['gc', '--apply']);
  expect(young.out).toContain('1 more result stays: it is younger than the grace');
  const gone = await gc('--apply');
  expect([ids(gone), gone.freed.results]).toEqual([['made[n=1]'], 1]);
  expect((await gc()).before).toMatchObject({ results: 2 });
  expect((await ssp(folder, ['plan', 'study.ssp'])).out).toContain('2 hit, 0 run');
});

it('keeps what runs with settings used, and what a file needs that no run is known of', async () => {
  await run('study.ssp', '--set', 'add=10');
  expect(ids(await gc())).toEqual([]);
  // Files that are named are all that counts.
  rmSync(join(folder, 'study.ssp.lock'));
  put('other.ssp', study('12'));
  expect(ids(await gc('other.ssp'))).toEqual(['made[n=2]', 'made[n=3]', 'made[n=3]']);
  expect(ids(await gc('study.ssp'))).toEqual([]);
  put('study.ssp', study('2', 'let a = nowhere\n'));
  const broken = await ssp(folder, ['gc', 'study.ssp', '--grace', '0s']);
  expect(broken.err).toContain('study.ssp has mistakes (1 error): what its last runs');
  expect(broken.out).toContain('study.ssp keeps 4 results');
  renameSync(join(folder, 'study.ssp'), join(folder, 'moved.ssp'));
  // A file that is gone, but is named: what its runs used stays.
  expect((await ssp(folder, ['gc', 'study.ssp'])).out).toContain('study.ssp keeps 4 results');
  const nothing = await ssp(folder, ['gc']);
  expect(nothing).toMatchObject({ code: 1, out: '' });
  expect(nothing.err).toContain('knows no run of a file that is still there');
  expect(nothing.err).toContain('help: name the files whose results are to stay');
  rmSync(join(folder, 'moved.ssp'));
  put('study.ssp', study('2, 3'));
});

it.each([
  ['is not there', 'gone.ssp', undefined, /there is no file `gone.ssp`/],
  ['has mistakes', 'broken.ssp', study('2', 'let a = nowhere\n'), /broken.ssp has mistakes/],
  ['has no results', 'none.ssp', 'param add = 0\n', /none.ssp has no result whose key can be told/],
])('removes nothing where a file that is named %s, and no run of it is known', async (...given) => {
  const [, name, text, why] = given;
  if (text !== undefined) put(name, text);
  for (const command of [['gc', '--grace', '0s', '--apply'], ['verify']]) {
    const done = await ssp(folder, [...command, name]);
    expect(done).toMatchObject({ code: 1, out: '', err: expect.stringMatching(why) });
    expect(done.err).toContain(`and the store ${join(folder, '.ssp')} knows no run of it\n`);
  }
  expect((await gc('study.ssp')).before).toMatchObject({ results: 4 });
});

it('says where there is no store, and makes none', async () => {
  mkdirSync(join(folder, 'empty'));
  for (const [at, why] of [
    ['typo', /there is no store .*typo\n/],
    ['empty', /there is no store .*empty: the folder has neither a format.json nor records\n/],
  ] as const) {
    for (const command of [
      'gc',
      'verify',
      'push study.ssp --to empty',
      'bundle study.ssp -o b.sspb',
      'accept study.ssp sum --because no',
    ]) {
      const done = await ssp(folder, [...command.split(' '), '--store', at]);
      expect(done).toMatchObject({ code: 1, out: '', err: expect.stringMatching(why) });
      expect(done.err).toContain('help: name the folder of one with `--store`');
    }
  }
  for (const command of [
    'show study.ssp',
    'plan study.ssp',
    'why study.ssp sum',
    'report study.ssp -o page',
    'trace study.ssp 1',
    'diff study.ssp study.ssp',
    'log study.ssp',
  ]) {
    const { out, err } = await ssp(folder, [...command.split(' '), '--store', 'typo']);
    expect(out + err).toMatch(/there is no store .*typo yet|remembered in .*typo/);
  }
  expect([existsSync(join(folder, 'typo')), readdirSync(join(folder, 'empty'))]).toEqual([
    false,
    [],
  ]);
});

it('finds the files of a project that was moved', async () => {
  const to = `${folder}-moved`;
  renameSync(folder, to);
  try {
    const done = await ssp(to, ['gc', '--json', '--grace', '0s']);
    expect(JSON.parse(done.out)).toMatchObject({ files: [{ file: 'study.ssp' }], garbage: [] });
  } finally {
    renameSync(to, folder);
  }
});

it('takes ages and sizes with a unit, and says what it expects', async () => {
  const wrong = await ssp(folder, ['gc', '--older-than', '30']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('--older-than 30 is no duration');
  expect(wrong.err).toContain('write a duration, as in --older-than 30d');
  expect((await ssp(folder, ['gc', '--max-size', '5h'])).err).toContain('as in --max-size 50GB');
  const cases = await ssp(folder, ['gc', '--max-size', '1KB']);
  expect(cases.err).toContain('--max-size 1KB is no size\n  help: write --max-size 1kB\n');
  const dry = await ssp(folder, ['gc', '--dry-run']);
  expect(dry).toMatchObject({ code: 2, out: '' });
  expect(dry.err).toContain('help: without --apply nothing is removed');
  expect(ids(await gc('--older-than', '1d', '--max-size', '1kB'))).toEqual([]);
});

it('asks for the files of a store of an earlier ssp', async () => {
  mkdirSync(join(folder, '.ssp', 'latest'));
  writeFileSync(join(folder, '.ssp', 'latest', 'hint.json'), '{}');
  expect((await ssp(folder, ['gc'])).err).toContain('an earlier ssp, which did not write down');
  const done = await gc('study.ssp', '--apply');
  expect(done.garbage).toMatchObject([{ kind: 'aside' }]);
  expect(existsSync(join(folder, '.ssp', 'latest'))).toBe(false);
  expect(ids(await gc())).toEqual([]);
  expect(readdirSync(join(folder, '.ssp', 'tmp'))).toEqual([]);
  expect(readFileSync(join(folder, 'study.ssp'), 'utf8')).toBe(study('2, 3'));
});

it('verifies: names what is damaged, and puts it aside with --repair', async () => {
  const verify = async (...args: readonly string[]) => ssp(folder, ['verify', ...args]);
  const whole = await verify();
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('all is as it was written')]);
  const { stages } = JSON.parse((await ssp(folder, ['plan', 'study.ssp', '--json'])).out);
  const key: string = stages[0].key;
  const [shard, name] = [key.slice(0, 2), `${key}.json`];
  writeFileSync(join(folder, '.ssp', 'records', shard, name), 'hello');
  // Neither planning a file nor saying what would go puts aside what is damaged.
  const aside = () => existsSync(join(folder, '.ssp', 'quarantine'));
  rmSync(join(folder, '.ssp', 'quarantine'), { recursive: true, force: true });
  const ofFile = await verify('study.ssp');
  expect(ofFile).toMatchObject({ code: 1, out: expect.stringContaining(`${name} is not what`) });
  await gc('study.ssp');
  expect(aside()).toBe(false);
  const found = await verify('--json');
  expect(found.code).toBe(1);
  expectShape('verify', JSON.parse(found.out));
  expect(JSON.parse(found.out).wrong).toMatchObject([{ path: `records/${shard}/${name}` }]);
  expect(found.err).toContain('`ssp verify --repair` puts aside');
  const repaired = await verify('--repair');
  expect([repaired.code, repaired.out]).toEqual([0, expect.stringContaining(': 1 wrong\n')]);
  expect(repaired.err).toContain('the next run makes them again');
  expect((await verify()).code).toBe(0);
});
