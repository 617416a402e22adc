import { expect, it } from 'vitest';
import { withHugePages, withoutHugePages } from '../../src/execute/local/huge-pages.js';

const ours = 'glibc.malloc.hugetlb=1';

it.each([
  ['nothing', undefined, ours],
  ['other tunables', 'glibc.malloc.check=3', `glibc.malloc.check=3:${ours}`],
  ['the same', ours, `${ours}:${ours}`],
])('asks for huge pages beside %s, and gives back what was there', (_, before, after) => {
  expect(withHugePages(before)).toBe(after);
  expect(withoutHugePages(after)).toBe(before);
});

it.each(['0', '2', '10'])('leaves what a user says of huge pages: %s', (value) => {
  const tunables = `glibc.malloc.hugetlb=${value}:glibc.malloc.check=3`;
  expect(withHugePages(tunables)).toBe(tunables);
  expect(withoutHugePages(tunables)).toBe(tunables);
});
