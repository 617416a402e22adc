import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { storeOf } from '../../src/cli/study/store-folder.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A folder with these in it; a name that ends with `/` is a folder. */
function tree(...names: readonly string[]): (name?: string) => string {
  const at = temporaryFolder();
  for (const name of names) {
    if (name.endsWith('/')) mkdirSync(join(at, name), { recursive: true });
    else {
      mkdirSync(join(at, name, '..'), { recursive: true });
      writeFileSync(join(at, name), '{}');
    }
  }
  return (name = '') => (name === '' ? at : join(at, name));
}

it.each<[string, readonly string[], { file: string; cwd: string; store: string }]>([
  ['beside the file', ['p/.ssp/'], { file: 'p', cwd: 'p', store: 'p/.ssp' }],
  [
    'beside the file, from below',
    ['p/.ssp/', 'p/sub/'],
    { file: 'p', cwd: 'p/sub', store: 'p/.ssp' },
  ],
  ['above the file', ['p/.ssp/', 'p/sub/'], { file: 'p/sub', cwd: 'p/sub', store: 'p/.ssp' }],
  ['the nearest', ['p/.ssp/', 'p/q/.ssp/'], { file: 'p/q', cwd: 'p', store: 'p/q/.ssp' }],
  ['of the working folder', ['p/', 'w/.ssp/'], { file: 'p', cwd: 'w', store: 'w/.ssp' }],
  ['of the same repository', ['.ssp/', 'p/.git/'], { file: 'p', cwd: 'p', store: 'p/.ssp' }],
])('finds the store that is %s', (_, names, { file, cwd, store }) => {
  const at = tree(...names);
  expect(storeOf(at(file), at(cwd))).toBe(at(store));
});

it.each<[string, readonly string[], { file: string; cwd: string; store: string }]>([
  ['the repository', ['p/.git/', 'p/a/b/'], { file: 'p/a/b', cwd: 'p/a', store: 'p/.ssp' }],
  ['the package', ['p/package.json', 'p/a/'], { file: 'p/a', cwd: 'p/a', store: 'p/.ssp' }],
  ['work, with the file below', ['p/a/'], { file: 'p/a', cwd: 'p', store: 'p/.ssp' }],
  ['the file, when that is elsewhere', ['p/', 'w/'], { file: 'p', cwd: 'w', store: 'p/.ssp' }],
  [
    'work, for a package that was installed',
    ['p/node_modules/k/package.json'],
    { file: 'p/node_modules/k', cwd: 'p', store: 'p/.ssp' },
  ],
])('makes a store in the folder of %s', (_, names, { file, cwd, store }) => {
  const at = tree(...names);
  expect(storeOf(at(file), at(cwd))).toBe(at(store));
});

it('takes no store of the home folder, nor of one where everybody may put it', () => {
  const at = tree('home/.ssp/', 'home/p/', 'open/.ssp/', 'open/p/', 'own/.ssp/', 'own/p/', 'w/');
  chmodSync(at('open'), 0o777);
  vi.stubEnv('HOME', at('home'));
  expect(storeOf(at('home/p'), at('w'))).toBe(at('home/p/.ssp'));
  expect(storeOf(at('open/p'), at('w'))).toBe(at('open/p/.ssp'));
  expect(storeOf(at('own/p'), at('w'))).toBe(at('own/.ssp'));
  vi.unstubAllEnvs();
});

const text = `extern stage make() -> Metrics{v: Int} command "node make.mjs {out}" reads: ["make.mjs"]
evaluate m = make()
report t = table(m)
`;

it('has one store for a file, says where it is, and has git leave it alone', async () => {
  const at = tree('sub/');
  writeFileSync(at('p.ssp'), text);
  writeFileSync(
    at('make.mjs'),
    `import { writeFileSync } from 'node:fs';
writeFileSync(process.argv[2] + '/metrics.json', '{"v": 1}');`,
  );
  const first = await ssp(at(), ['run', 'p.ssp']);
  expect([first.code, first.err]).toEqual([0, expect.not.stringContaining('store:')]);
  expect(readFileSync(at('.ssp/.gitignore'), 'utf8')).toBe('*\n');
  const { code, err } = await ssp(at('sub'), ['run', '../p.ssp']);
  expect([code, err]).toEqual([0, expect.stringContaining('store: ../.ssp')]);
  expect(err).toContain('1 hit');
  expect(existsSync(at('sub/.ssp'))).toBe(false);
  expect((await ssp(at('sub'), ['show', '../p.ssp'])).out).toContain('1');
});

it.runIf(existsSync('/proc/self'))('says where no folder can be made', async () => {
  const at = tree();
  writeFileSync(at('p.ssp'), text);
  writeFileSync(at('make.mjs'), '');
  const { code, err } = await ssp(at(), ['run', 'p.ssp', '--store', '/proc/none/store']);
  expect([code, err]).toEqual([
    1,
    expect.stringContaining('the folder /proc/none cannot be made: /proc takes no new ones'),
  ]);
  for (const words of [
    ['export', 'slurm', 'p.ssp', '-o', '/proc/none/p.sh'],
    ['report', 'p.ssp', '-o', '/proc/none/report'],
    ['push', 'p.ssp', '--to', '/proc'],
    ['run', 'p.ssp', '--live', '/proc/none/p.html'],
  ]) {
    const { code, err } = await ssp(at(), words);
    expect([code, err]).toEqual([1, expect.stringMatching(/ssp: .*(cannot|no store)/)]);
  }
});

/** Root may read everything. */
it.skipIf(process.getuid?.() === 0)('says that a store may not be read', async () => {
  const at = tree();
  writeFileSync(at('p.ssp'), text);
  writeFileSync(
    at('make.mjs'),
    `import { writeFileSync } from 'node:fs';
writeFileSync(process.argv[2] + '/metrics.json', '{"v": 1}');`,
  );
  expect((await ssp(at(), ['run', 'p.ssp'])).code).toBe(0);
  chmodSync(at('.ssp/records'), 0o000);
  for (const command of ['run', 'plan', 'show', 'verify', 'gc']) {
    const { code, err } = await ssp(at(), [command, ...(command === 'gc' ? [] : ['p.ssp'])]);
    expect([command, code, err]).toEqual([
      command,
      1,
      expect.stringMatching(/^ssp: .*may not be read/m),
    ]);
  }
  chmodSync(at('.ssp/records'), 0o755);
});
