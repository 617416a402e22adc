import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = (root: string): string => `extern stage named(root: Folder) -> Metrics{letters: Int}
  from "./named.mjs"

evaluate name = named(root: ${root})
`;

it('takes a text, `file()` or a .tar for a folder, with one key for one content', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'photos'));
  writeFileSync(join(folder, 'photos', 'a.txt'), 'a');
  writeFileSync(join(folder, 'photos.tar'), 'first');
  writeFileSync(join(folder, 'photos.zip'), 'first');
  writeFileSync(
    join(folder, 'named.mjs'),
    'export const run = ({ params }) => ({ metrics: { letters: params.root.split("/").at(-1).length } });\n',
  );
  const run = async (root: string) => {
    writeFileSync(join(folder, 'study.ssp'), study(root));
    const { code, out, err } = await ssp(folder, ['run', 'study.ssp', '--json']);
    if (code !== 0) return out + err;
    const { stages } = JSON.parse(out);
    return [stages[0].outcome, stages[0].metrics.letters];
  };
  expect(await run('"photos"')).toEqual(['ran', 6]);
  expect(await run('file("photos/")')).toEqual(['hit', 6]);
  expect(await run('"photos.tar"')).toEqual(['ran', 10]);
  expect(await run('file("photos.tar")')).toEqual(['hit', 10]);
  writeFileSync(join(folder, 'photos.tar'), 'second');
  expect(await run('"photos.tar"')).toEqual(['ran', 10]);
  // Where it is called after a split, so may its images be: another name is another content.
  writeFileSync(join(folder, 'val-1.tar'), 'second');
  writeFileSync(join(folder, 'train-1.tar'), 'second');
  expect(await run('"val-1.tar"')).toEqual(['ran', 9]);
  expect(await run('"train-1.tar"')).toEqual(['ran', 11]);
  expect(await run('"val-1.tar"')).toEqual(['hit', 9]);
  expect(await run('file("photos.zip")')).toContain(
    'it is a file; a folder or a plain .tar archive is read',
  );
}, 60_000);

it('says of paths at which nothing can be that nothing is there', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'named.mjs'),
    'export const run = () => ({ metrics: { letters: 1 } });',
  );
  mkdirSync(join(folder, 'photos'));
  writeFileSync(join(folder, 'study.ssp'), study('"photos"'));
  expect((await ssp(folder, ['run', 'study.ssp'])).code).toBe(0);
  const long = 'n'.repeat(300);
  for (const root of ['"study.ssp/photos"', JSON.stringify(long)]) {
    writeFileSync(join(folder, 'study.ssp'), study(root));
    const plan = await ssp(folder, ['plan', 'study.ssp']);
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining('not on this machine')]);
    const run = await ssp(folder, ['run', 'study.ssp']);
    expect([run.code, run.err]).toEqual([1, expect.stringContaining('does not exist')]);
  }
  for (const words of [
    ['run', 'study.ssp', '--store', long],
    ['run', 'study.ssp', '--from', long],
    ['bundle', 'study.ssp', '-o', `${long}.sspb`],
  ]) {
    const { code, err } = await ssp(folder, words);
    expect([words[0], code]).toEqual([words[0], 1]);
    expect(err).toMatch(/name is too long|ENAMETOOLONG/);
    expect(err).not.toContain('this is a bug');
  }
});

it('says that the current folder is gone', () => {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const script = 'mkdir gone && cd gone && rmdir ../gone && "$0" "$1" check study.ssp';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, main], {
    cwd: temporaryFolder(),
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n')[0]]).toEqual([
    1,
    'ssp: the current folder is not there any more',
  ]);
});
