import { expect, it } from 'vitest';
import { isPlain, plainText } from '../../src/base/plain-text.js';

it.each([
  ['a\u001b[31mb\u001b[0mc', 'abc'],
  ['a\u001b]8;;http://x.org\u0007b\u001b]8;;\u0007', 'ab'],
  ['a\u009b2Jb', 'ab'],
  ['1 %\r2 %\r\n3 %\n', '2 %\n3 %\n'],
  ['cut\u001b[3', 'cut'],
  ['cut\u001b]0;ti', 'cut'],
  ['tab\tbell\u0007null\u0000', 'tab\tbellnull'],
  ['a\u202eb', 'ab'],
])('takes what drives a terminal out of %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
  expect([isPlain(text), isPlain(shown)]).toEqual([false, true]);
});
