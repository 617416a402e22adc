import { expect, it } from 'vitest';
import { strayByte } from '../../src/base/utf8.js';

it('finds the first byte that is not UTF-8, and how many characters stand before it', () => {
  const at = (...parts: (string | number)[]) =>
    strayByte(
      Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p) : Buffer.of(p)))),
    );
  expect(at('plain')).toBeUndefined();
  expect(at('Größe 🙂')).toBeUndefined();
  expect(at('gr', 0xf6, 'sse')).toEqual({ byte: 0xf6, offset: 2 });
  expect(at('Größe 🙂', 0xff)).toEqual({ byte: 0xff, offset: 8 });
  expect(at(0x80)).toEqual({ byte: 0x80, offset: 0 });
  // a character that is cut off
  expect(at('ab', 0xf0, 0x9f, 0x99)).toEqual({ byte: 0xf0, offset: 2 });
  expect(at('ab', 0xe2, 0x82, 'c')).toEqual({ byte: 0xe2, offset: 2 });
  expect(at('x'.repeat(100_000), 0xdf, 'y'.repeat(100_000))).toEqual({
    byte: 0xdf,
    offset: 100_000,
  });
});
