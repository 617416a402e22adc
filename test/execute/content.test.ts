import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contentState, isUntouched } from '../../src/execute/store/content.js';
import { folder } from './lab.js';

const memory = { read: () => undefined, write: () => {} };
const stateOf = (path: string, kind: 'file' | 'folder' = 'folder') =>
  contentState(path, kind, { memory });
const digestOf = async (path: string) => (await stateOf(path)).digest;

it('does not take for content what programs leave in a folder by themselves', async () => {
  const at = folder();
  writeFileSync(join(at, 'a.py'), 'a');
  const before = await digestOf(at);
  mkdirSync(join(at, '__pycache__'));
  mkdirSync(join(at, '.git'));
  for (const name of [
    '__pycache__/a.pyc',
    '.git/HEAD',
    '.DS_Store',
    '.a.py.swp',
    'a.py~',
    '.#a.py',
  ])
    writeFileSync(join(at, name), 'x');
  expect(await digestOf(at)).toBe(before);
  writeFileSync(join(at, '.hidden'), 'x');
  expect(await digestOf(at)).not.toBe(before);
});

it('says at once what is no file, and never waits for it', async () => {
  const at = folder();
  execFileSync('mkfifo', [join(at, 'pipe')]);
  await expect(stateOf(at)).rejects.toThrow('pipe is a named pipe');
  await expect(stateOf(join(at, 'pipe'), 'file')).rejects.toThrow('pipe is a named pipe');
  const other = folder();
  symlinkSync('/dev/zero', join(other, 'zero'));
  await expect(stateOf(other)).rejects.toThrow('zero is a device');
});

it('reads files whose names are no UTF-8, each as its own', async () => {
  const at = folder();
  const write = (last: number, text: string) =>
    writeFileSync(Buffer.concat([Buffer.from(join(at, 'caf')), Buffer.of(last)]), text);
  write(0xe9, '1');
  const one = await stateOf(at);
  write(0xe8, '1');
  const two = await stateOf(at);
  expect([one.marks.size, two.marks.size]).toEqual([1, 2]);
  expect(one.digest).not.toBe(two.digest);
});

it('notices what was written and put back, and minds neither links nor modes', async () => {
  const at = folder();
  const file = join(at, 'a');
  writeFileSync(file, '1');
  const past = new Date('2020-01-01');
  utimesSync(file, past, past);
  const before = await stateOf(file, 'file');
  expect(isUntouched(before, await stateOf(file, 'file'))).toBe(true);
  linkSync(file, join(at, 'b'));
  expect(isUntouched(before, await stateOf(file, 'file'))).toBe(true);
  const linked = await stateOf(file, 'file');
  writeFileSync(file, '2');
  writeFileSync(file, '1');
  const back = await stateOf(file, 'file');
  expect(back.digest).toBe(linked.digest);
  expect(isUntouched(linked, back)).toBe(false);
});

it('ends reading when it is asked to', async () => {
  const at = folder();
  writeFileSync(join(at, 'large'), Buffer.alloc(3 << 20));
  const reading = contentState(at, 'folder', { memory, signal: AbortSignal.abort() });
  await expect(reading).rejects.toThrow('interrupted');
});
