import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/**
 * A folder with a stage that makes files by a shell script, where `$1` is `{out}`, and one that looks
 * at them by another, where `$1` is the input and `$2` is `{out}`.
 */
function study(make: string, look = 'true'): string {
  const at = temporaryFolder();
  writeFileSync(join(at, 'make.sh'), make);
  writeFileSync(join(at, 'look.sh'), `${look} && echo '{"v": 1}' > $2/metrics.json`);
  writeFileSync(
    join(at, 's.ssp'),
    `extern stage make() -> Files command "sh make.sh {out}" reads: ["make.sh"]
extern stage look(f: Files) -> Metrics{v: Int} command "sh look.sh {f} {out}" reads: ["look.sh"]
dataset m = make()
evaluate u = look(m)
report t = table(u)
`,
  );
  return at;
}

/** A study beside a file of the user. */
function withMine(make: string, look?: string): string {
  const at = study(make, look);
  mkdirSync(join(at, 'mine'));
  writeFileSync(join(at, 'mine', 'a'), 'precious');
  return at;
}

const blobs = (at: string): readonly string[] =>
  readdirSync(join(at, '.ssp', 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

it.each([
  ['replaces the folder for its result by a link to them', 'rmdir $1; ln -s "$PWD/mine" $1'],
  ['leaves a link to one of them', 'ln -s "$PWD/mine/a" $1/a'],
  ['leaves a link to their folder', 'ln -s "$PWD/mine" $1/folder; cp mine/a $1/a'],
  ['gives one of them a second name', 'ln mine/a $1/a'],
])('copies files of the user where a program %s', async (_, make) => {
  const at = withMine(make, 'grep -q precious $1/a');
  expect(await ssp(at, ['run', 's.ssp'])).toMatchObject({ code: 0 });
  const mine = join(at, 'mine', 'a');
  expect(readFileSync(mine, 'utf8')).toBe('precious');
  expect(statSync(mine).mode & 0o777).toBe(0o644);
  writeFileSync(mine, 'changed!');
  expect(blobs(at)).not.toContain('changed!');
});

it('gives back what a stage has left as it was', async () => {
  const at = study(
    `mkdir -p $1/cache/empty $1/deep; echo 7 > $1/epoch_10.pt; ln -s epoch_10.pt $1/last.pt
ln -s ../deep $1/cache/again; echo x > $1/deep/x; printf 'exit 0' > $1/tool; chmod 755 $1/tool
touch "$1/$(printf 'caf\\351')"; echo in > "$1/__proto__"`,
    `test -d $1/cache/empty && grep -q 7 $1/last.pt && grep -q x $1/cache/again/x && sh -c "$1/tool" &&
test ! -x $1/deep/x && test -f "$1/$(printf 'caf\\351')" && grep -q in $1/__proto__`,
  );
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect([code, err]).toEqual([0, expect.not.stringContaining('failed')]);
});

it('says what has no content, and keeps the rest', async () => {
  const at = study(
    'mkfifo $1/pipe; ln -s gone $1/last.pt; ln -s . $1/again; ln -s / $1/all; echo 1 > $1/a',
    'test "$(ls $1)" = a',
  );
  const { code, err, out } = await ssp(at, ['run', 's.ssp']);
  expect(code).toBe(0);
  for (const text of [err, out].map((printed) => printed.replaceAll(/\s+/g, ' '))) {
    expect(text).toContain('`pipe`, a named pipe');
    expect(text).toContain('`last.pt`, a link to `gone`, which is not there');
    expect(text).toContain('`again`, a link to a folder that contains it');
    expect(text).toContain('`all`, a link to a folder that contains it');
  }
});

it('keeps what a stage has made when its result is refused', async () => {
  const at = study('echo 1 > $1/a');
  const look = join(at, 'look.sh');
  writeFileSync(look, `echo hours > $2/work.txt; echo '{"v": NaN}' > $2/metrics.json`);
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect(code).toBe(1);
  const [, kept = ''] = /what the stage has left is kept in (\S+?)[;.]?\s/.exec(err) ?? [];
  expect(readFileSync(join(kept, 'work.txt'), 'utf8')).toBe('hours\n');
});

it('gives every reader files of its own', async () => {
  const at = study('echo one > $1/a');
  const append =
    'chmod u+w $1/a; echo more >> $1/a; sleep 0.5; echo \'{"v": 1}\' > $2/metrics.json';
  writeFileSync(join(at, 'look.sh'), append);
  writeFileSync(
    join(at, 'read.mjs'),
    `import { appendFileSync, chmodSync, readFileSync } from 'node:fs';
export async function run({ params }) {
  const path = params.f.file('a');
  const n = readFileSync(path, 'utf8').split('\\n').length - 1;
  chmodSync(path, 0o600);
  appendFileSync(path, 'more\\n');
  return { metrics: { n } };
}
`,
  );
  writeFileSync(
    join(at, 's.ssp'),
    `${readFileSync(join(at, 's.ssp'), 'utf8')}extern stage tally(f: Files, k: Int) -> Metrics{n: Int} from "./read.mjs"
evaluate c = tally(m, k: 1)
evaluate d = tally(m, k: 2)
`,
  );
  const { code, err } = await ssp(at, ['run', 's.ssp', '--jobs', '3']);
  expect([code, err]).toEqual([0, expect.not.stringContaining('failed')]);
  const { out } = await ssp(at, ['show', 's.ssp', '--json']);
  const { stages } = JSON.parse(out) as {
    stages: { metrics: Record<string, number> }[];
  };
  expect(stages.filter(({ metrics }) => 'n' in metrics).map(({ metrics }) => metrics.n)).toEqual([
    1, 1,
  ]);
  expect(blobs(at)).toContain('one\n');
});

it('keeps the bytes that were there when a program ended', async () => {
  // A process of its own session holds the file open and writes to it later.
  const at = study(
    `exec 3> $1/a; echo early >&3; setsid sh -c 'sleep 1.2; echo late >&3' > /dev/null 2>&1 & sleep 0.1`,
  );
  expect((await ssp(at, ['run', 's.ssp'])).code).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(blobs(at)).toContain('early\n');
  expect(blobs(at).join('')).not.toContain('late');
});

it('reads hits from a store that may only be read', async () => {
  const at = study('echo 1 > $1/a');
  await ssp(at, ['run', 's.ssp', '--store', 'st']);
  const all = readdirSync(join(at, 'st'), { recursive: true, encoding: 'utf8' });
  for (const name of ['', ...all]) {
    const path = join(at, 'st', name);
    if (statSync(path).isDirectory()) chmodSync(path, 0o555);
  }
  for (const command of ['plan', 'show', 'run']) {
    expect((await ssp(at, [command, 's.ssp', '--store', 'st'])).code, command).toBe(0);
  }
  for (const name of ['', ...all]) {
    const path = join(at, 'st', name);
    if (statSync(path).isDirectory()) chmodSync(path, 0o755);
  }
});

it.each<[string, (at: string) => string, RegExp]>([
  ['below a file', () => 's.ssp/x', /s\.ssp is a file, not a folder/],
  ['a file', () => 's.ssp', /is a file, not a folder/],
  [
    'a link to nothing',
    (at) => {
      symlinkSync('/nowhere/at/all', join(at, 'link'));
      return 'link';
    },
    /is a link to a place where nothing is/,
  ],
])('says that a store is %s', async (_, make, message) => {
  const at = study('true');
  const { code, err } = await ssp(at, ['run', 's.ssp', '--store', make(at)]);
  expect(code).toBe(1);
  expect(err).toMatch(message);
  expect(existsSync(join(at, 's.ssp.lock'))).toBe(false);
});
