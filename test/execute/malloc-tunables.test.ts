import { expect, it } from 'vitest';
import { withoutTunables, withTunables } from '../../src/execute/local/malloc-tunables.js';

const heap =
  'glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4000000000';
const pages = 'glibc.malloc.hugetlb=1';
const ours = `${heap}:${pages}`;

it.each([
  ['nothing', undefined, ours],
  ['other tunables', 'glibc.malloc.check=3', `glibc.malloc.check=3:${ours}`],
  ['the same', ours, `${ours}:${ours}`],
  ['some of the same', pages, `${pages}:${ours}`],
])(
  'asks for one heap and huge pages beside %s, and gives back what was there',
  (_, before, after) => {
    expect(withTunables(before)).toBe(after);
    expect(withoutTunables(after)).toBe(before);
  },
);

it.each([
  ...['0', '2', '10'].map((value) => [`glibc.malloc.hugetlb=${value}`, heap]),
  [
    'glibc.malloc.mmap_max=65536',
    'glibc.malloc.arena_max=1:glibc.malloc.trim_threshold=4000000000:glibc.malloc.hugetlb=1',
  ],
])('leaves what a user says of one of them: %s', (said, added) => {
  const tunables = `${said}:glibc.malloc.check=3`;
  const asked = withTunables(tunables);
  expect(asked).toBe(`${tunables}:${added}`);
  expect(withoutTunables(asked)).toBe(tunables);
});
