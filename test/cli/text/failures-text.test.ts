import { expect, it } from 'vitest';
import { failedText } from '../../../src/cli/text/failures-text.js';

it('names no more failed points than can be read', () => {
  const ids = Array.from({ length: 24 }, (_, n) => `m[n=${n + 1}]`);
  expect(failedText(ids.slice(0, 2))).toBe('m[n=1], m[n=2]');
  expect(failedText(ids)).toMatch(/^m\[n=1\], .*, m\[n=20\] and 4 more$/);
});
