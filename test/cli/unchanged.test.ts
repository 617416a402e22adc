import {
  appendFileSync,
  cpSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { built, scoresLab, script, study } from './scores-lab.js';

beforeAll(async () => {
  const { holdBuild } = await built('hold-build.js');
  holdBuild();
});

// Files are remembered by their times only when they are two seconds old.
beforeEach(() => {
  const { now } = Date;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
  return () => spy.mockRestore();
});

function lab() {
  const { at, env, path, write, ioTo, records } = scoresLab();
  const rootFile = () => path('roots', readdirSync(path('roots'))[0] ?? '');
  const run = async (options: object = {}) => {
    let [out, err] = ['', ''];
    const io = ioTo({
      out: (text) => {
        out += `${text}\n`;
      },
      err: (text) => {
        err += `${text}\n`;
      },
    });
    const { run } = await built('commands/run.js');
    const code: number = await run.run(io, ['s.ssp'], options);
    const ran = Number(/: (\d+) ran/.exec(err)?.[1]);
    return { code, ran, out, err: err.replace(/ in [^:\n]*/g, '') };
  };
  /** Runs; was it told by what an earlier run was answered? Then what it writes of itself is not written anew. */
  const again = async (options: object = {}) => {
    // Two runs may end within a millisecond, which is the grain of what is touched.
    utimesSync(rootFile(), 1, 1);
    const before = statSync(rootFile(), { bigint: true });
    // While it has another name its inode is nobody else's.
    linkSync(rootFile(), join(at, 'held'));
    const { err, ...done } = await run(options);
    const after = statSync(rootFile(), { bigint: true });
    rmSync(join(at, 'held'));
    const repeated = after.ino === before.ino && after.mtimeNs > before.mtimeNs;
    return { ...done, err, repeated };
  };
  return { at, env, path, rootFile, run, again, records, write };
}

it('is told as unchanged only where all that it asks has the same answers', async () => {
  const { at, env, path, rootFile, run, again, records, write } = lab();
  const text = (name: string) => readFileSync(join(at, name), 'utf8');
  const blobs = () =>
    records().flatMap((record) => {
      const { output } = JSON.parse(readFileSync(record, 'utf8'));
      const files = Object.values(output.files) as { digest: string }[];
      return files.map(({ digest }) => path('blobs', digest.slice(0, 2), digest));
    });
  const first = (paths: readonly string[]) => paths[0] ?? '';
  const runs = () => path('runs', first(readdirSync(path('runs'))));
  /** Each way of changing something, and how much of the study has to be made again. */
  const changes: readonly (readonly [what: string, change: () => void, ran: number])[] = [
    ['a comment', () => write('s.ssp', `// More.\n${study}`), 0],
    ['a parameter', () => write('s.ssp', study.replace('= 0', '= 5')), 3],
    ['an axis', () => write('s.ssp', study.replace('1..3', '1..4')), 1],
    ['the text as it was', () => write('s.ssp', study), 0],
    [
      'an input with the size and time that it had',
      () => {
        const { atime, mtime } = statSync(join(at, 'input.txt'));
        write('input.txt', '200\n');
        utimesSync(join(at, 'input.txt'), atime, mtime);
      },
      3,
    ],
    ['a program', () => write('score.sh', `# Longer.\n${script}`), 3],
    [
      'a variable',
      () => {
        env.SSP_TEST_NAME = 'two';
      },
      3,
    ],
    ['no record', () => rmSync(first(records())), 1],
    ['a damaged record', () => appendFileSync(first(records()), ' '), 1],
    ['no content', () => rmSync(first(blobs())), 1],
    ['half of a content', () => truncateSync(first(blobs()), 3), 1],
    ['no lock', () => rmSync(join(at, 's.ssp.lock')), 0],
    [
      'another lock',
      () => write('s.ssp.lock', text('s.ssp.lock').replace(/seconds: .*/, 'seconds: 1000')),
      0,
    ],
    ['a lock of settings that were not given', () => write('s.ssp@offset=1.lock', 'x'), 0],
    ['no run before', () => rmSync(runs(), { recursive: true }), 0],
    ['nothing written of what is used', () => renameSync(rootFile(), `${rootFile()}.gone`), 0],
  ];
  expect((await run()).ran).toBe(3);
  for (const [what, change, ran] of changes) {
    // Not the first, which has written something, but one after it is told as unchanged.
    for (let tries = 0; !(await again()).repeated; tries++) expect(tries, what).toBeLessThan(3);
    change();
    const changed = what === 'nothing written of what is used' ? await run() : await again();
    expect(changed.ran, what).toBe(ran);
    if ('repeated' in changed) expect(changed.repeated, what).toBe(what.startsWith('a lock of'));
    expect(statSync(rootFile()).isFile()).toBe(true);
    // It came to what an ordinary run comes to, which has nothing left to do.
    rmSync(path('memo'), { recursive: true });
    const ordinary = await again();
    expect(ordinary, what).toEqual({
      ...ordinary,
      ran: 0,
      code: 0,
      out: changed.out,
      repeated: false,
    });
    expect(text('s.ssp.lock')).not.toContain('seconds: 1000');
  }
}, 300_000);

it('says the same as an ordinary run, by its words', async () => {
  const { path, run, again } = lab();
  await run();
  for (const options of [{}, { json: true }, { only: ['scored[n: 2]'] }, { strict: true }]) {
    rmSync(path('memo'), { recursive: true });
    const ordinary = await again(options);
    const repeated = await again(options);
    expect(ordinary.repeated).toBe(false);
    expect(repeated).toEqual({ ...ordinary, repeated: true });
  }
  expect((await again({ frozen: true })).repeated).toBe(false);
  expect((await again({ live: 'page.html' })).repeated).toBe(false);
}, 120_000);

it('takes nothing that is not what was remembered', async () => {
  const { path, run, again } = lab();
  await run();
  while (!(await again()).repeated);
  const memos = readdirSync(path('memo'), { recursive: true, encoding: 'utf8' })
    .map((name) => path('memo', name))
    .filter((name) => statSync(name).isFile());
  const [kept = ''] = memos.filter((name) => readFileSync(name, 'utf8').includes('"ended"'));
  const whole = readFileSync(kept, 'utf8');
  for (const damaged of ['', whole.slice(0, 100), whole.replace('0 ran', '9 ran'), '{}\n']) {
    writeFileSync(kept, damaged);
    const ordinary = await again();
    expect([ordinary.repeated, ordinary.ran]).toEqual([false, 0]);
  }
  const { seal } = await import('../../src/execute/seal.js');
  const { sum: _, ...remembered } = JSON.parse(whole);
  const hostile: readonly object[] = [
    { ...remembered, said: [['out', '\u001B]0;title\u0007']] },
    { ...remembered, said: [['exit', 'x']] },
    { ...remembered, root: '../../s.ssp' },
    { ...remembered, asked: [[['record', '../../../s.ssp'], '']] },
    { ...remembered, asked: [[['anything', 'x'], '']] },
    { ...remembered, code: 130 },
    { ...remembered, version: 2 },
  ];
  for (const one of hostile) {
    writeFileSync(kept, seal(one));
    const ordinary = await again();
    expect([ordinary.repeated, ordinary.ran]).toEqual([false, 0]);
  }
  expect(dirname(kept).startsWith(path('memo'))).toBe(true);
}, 120_000);

it('remembers a run that did its work as one that would come after it', async () => {
  vi.restoreAllMocks();
  const { run, again, write, records } = lab();
  expect((await run()).ran).toBe(3);
  // At once: what was written just now is known by its bytes, not by its times.
  const first = await again();
  expect([first.repeated, first.ran, first.code]).toEqual([true, 0, 0]);
  write('input.txt', '200\n');
  expect((await again()).ran).toBe(3);
  const second = await again();
  expect([second.repeated, second.ran]).toEqual([true, 0]);
  appendFileSync(records()[0] ?? '', ' ');
  expect((await again()).ran).toBe(1);
}, 60_000);

it('does no work after what it was asked for, where that changed something', async () => {
  const { at, run, write, records } = lab();
  write('score.sh', `${script}sed -i 's/offset: Int = 0/offset: Int = 7/' ${join(at, 's.ssp')}\n`);
  expect((await run()).ran).toBe(3);
  const made = records();
  const second = await run();
  expect([second.ran, second.code]).toEqual([3, 0]);
  expect(records().filter((record) => made.includes(record))).toEqual([]);
}, 60_000);

it('says of a part anew what else of the file has results, and writes the lock that is due', async () => {
  const { at, path, run, again, write } = lab();
  const part = { only: 'scored[n: 1]' };
  const lock = join(at, 's.ssp.lock');
  await run({ store: 'other', leaveLock: true });
  expect((await run(part)).err).toContain('2 of 3 points of the file have no result');
  const missing = await again(part);
  expect(missing.err).toContain('2 of 3 points of the file have no result');
  expect(existsSync(lock)).toBe(false);
  // As `ssp pull` brings them.
  for (const name of ['blobs', 'records']) {
    cpSync(join(at, 'other', name), path(name), { recursive: true, force: false });
  }
  expect((await again(part)).err).not.toContain('no result');
  expect(existsSync(lock)).toBe(true);
  // What is said of the whole file is known only as long as all of it stays.
  await again(part);
  expect((await again(part)).repeated).toBe(true);
  write('s.ssp', `${study}evaluate other = score(4, offset, file("more.txt"), "x")\n`);
  write('more.txt', '1\n');
  await run();
  for (let i = 0; i < 2; i++) await run(part);
  expect((await again(part)).repeated).toBe(true);
  write('more.txt', '23\n');
  expect((await again(part)).err).toContain('1 of 4 points of the file have no result');
}, 60_000);

it('says only once that another run has made what it was about to make', async () => {
  const { run, again, write } = lab();
  write('s.ssp', study.replace('1..3', '[1]'));
  write('score.sh', `sleep 1\n${script}`);
  const beside = { leaveLock: true };
  const [a, b] = await Promise.all([run(beside), run(beside)]);
  const said = 'another run has made 1 of them meanwhile';
  expect([a, b].map(({ ran, err }) => [ran, err.includes(said)]).sort()).toEqual([
    [0, true],
    [1, false],
  ]);
  for (let i = 0; i < 3; i++) expect((await again(beside)).err).toContain('nothing has changed');
}, 60_000);
