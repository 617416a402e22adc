import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bytesOfName,
  isFolderName,
  isRelativeName,
  textOfName,
} from '../../../src/base/files/file-name.js';

it('gives every name of bytes a text of its own, and plain names themselves', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
      expect(bytesOfName(textOfName(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(textOfName(Buffer.from(text))).toBe(text);
    }),
  );
});

it('escapes the bytes alone that are no UTF-8', () => {
  const latin = Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9), Buffer.from('_ü.txt')]);
  expect(textOfName(latin)).toBe('caf\udce9_ü.txt');
});

it.each(['a', 'a/b.txt', '.hidden', 'a b', '..a', 'a..', 'caf\udce9', '__proto__', 'C:\\x'])(
  'takes %j for the name of a file',
  (name) => expect(isRelativeName(name)).toBe(true),
);

it.each([
  '',
  '.',
  '..',
  '/a',
  'a/',
  'a//b',
  'a/../b',
  '../a',
  './a',
  'a\0b',
  '\ud800',
  'x'.repeat(256),
])('takes %j for no name of a file', (name) => expect(isRelativeName(name)).toBe(false));

it('takes a name with others around it for no name of a folder', () => {
  expect(isFolderName('a.0')).toBe(true);
  expect(isFolderName('a/b')).toBe(false);
});
