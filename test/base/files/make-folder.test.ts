import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../src/base/files/make-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('makes a folder and those around it, also of bytes that are no text, and leaves what is there', () => {
  const at = temporaryFolder();
  makeFolder(join(at, 'a/b/c'));
  makeFolder(join(at, 'a/b'));
  const bytes = Buffer.concat([Buffer.from(`${at}/`), Buffer.from([0xff, 0x2f, 0xfe])]);
  makeFolder(bytes);
  expect(statSync(bytes).isDirectory()).toBe(true);
  symlinkSync(join(at, 'a'), join(at, 'link'));
  makeFolder(join(at, 'link/d'));
  expect(existsSync(join(at, 'a/d'))).toBe(true);
});

it('says what stands in the way', () => {
  const at = temporaryFolder();
  writeFileSync(join(at, 'file'), '');
  symlinkSync(join(at, 'nowhere'), join(at, 'link'));
  expect(() => makeFolder(join(at, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(at, 'file/a/b'))).toThrow('ENOTDIR');
  expect(() => makeFolder(join(at, 'link'))).toThrow('EEXIST');
});

it.runIf(existsSync('/proc/self'))('ends where a folder takes none', () => {
  expect(() => makeFolder('/proc/none/a/b')).toThrow(
    "ENOENT: no such file or directory, mkdir '/proc/none'",
  );
});
