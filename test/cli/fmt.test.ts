import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';

const root = mkdtempSync(join(tmpdir(), 'ssp-fmt-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});
const at = (name: string) => join(folder, name);
const loose = 'let   a = 1\nexpect a > 0\n';
const tidy = 'let a = 1\nexpect a > 0\n';

it('leaves a file that is not UTF-8 as it is, and says where it is not', async () => {
  const latin = Buffer.from(`// gr\xf6\xdfe\n${loose}`, 'latin1');
  writeFileSync(at('latin.ssp'), latin);
  const { code, err } = await ssp(folder, ['fmt', 'latin.ssp']);
  expect(code).toBe(1);
  expect(err).toContain('error[not-utf8]: the file is not UTF-8: here is the byte 0xF6');
  expect(err).toContain('latin.ssp:1:6');
  expect(readFileSync(at('latin.ssp'))).toEqual(latin);
  const check = await ssp(folder, ['check', 'latin.ssp', '--json']);
  expect(check.code).toBe(1);
  expect(JSON.parse(check.out).diagnostics).toMatchObject([
    { code: 'not-utf8', start: { line: 1, column: 6 } },
  ]);
  writeFileSync(at('study.ssp'), 'import "./latin.ssp".{a}\nexpect a > 0\n');
  expect((await ssp(folder, ['check', 'study.ssp'])).out).toContain('latin.ssp:1:6');
});

it('formats the file that links lead to, and leaves the links and its mode', async () => {
  mkdirSync(at('real'));
  writeFileSync(at('real/study.ssp'), loose);
  chmodSync(at('real/study.ssp'), 0o640);
  symlinkSync('real/study.ssp', at('one.ssp'));
  symlinkSync('one.ssp', at('two.ssp'));
  const { code, err } = await ssp(folder, ['fmt', 'two.ssp']);
  expect(code, err).toBe(0);
  expect(readFileSync(at('real/study.ssp'), 'utf8')).toBe(tidy);
  expect(lstatSync(at('one.ssp')).isSymbolicLink()).toBe(true);
  expect(lstatSync(at('two.ssp')).isSymbolicLink()).toBe(true);
  expect(statSync(at('real/study.ssp')).mode & 0o777).toBe(0o640);
  expect(readdirSync(at('real'))).toEqual(['study.ssp']);
  expect(readdirSync(folder).toSorted()).toEqual(['one.ssp', 'real', 'two.ssp']);
});

it('keeps what Windows wrote', async () => {
  writeFileSync(at('w.ssp'), `\ufeff${loose.replaceAll('\n', '\r\n')}`);
  expect((await ssp(folder, ['fmt', 'w.ssp'])).code).toBe(0);
  expect(readFileSync(at('w.ssp'), 'utf8')).toBe(`\ufeff${tidy.replaceAll('\n', '\r\n')}`);
  expect((await ssp(folder, ['fmt', '--check', 'w.ssp'])).code).toBe(0);
});
