import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namedStudy } from '../support/named-study.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('says in a report which commit its file lies in, and whether it was changed since', async () => {
  const folder = namedStudy(temporaryFolder());
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      encoding: 'utf8',
    });
  const commit = async () => {
    expect((await ssp(folder, ['report', 'study.ssp', '-o', 'report'])).code).toBe(0);
    return JSON.parse(readFileSync(join(folder, 'report', 'report.json'), 'utf8')).environment
      .commit;
  };
  expect(await commit()).toBe(undefined);
  git('init', '-q');
  git('add', 'study.ssp');
  git('commit', '-q', '-m', 'A study');
  const head = git('rev-parse', 'HEAD').trim();
  expect(await commit()).toBe(head);
  writeFileSync(join(folder, 'study.ssp'), `${readFileSync(join(folder, 'study.ssp'), 'utf8')}\n`);
  expect(await commit()).toBe(`${head} with changes since`);
}, 120_000);
