/**
 * What is asked of glibc (2.26 and later): one heap that grows and stays; and (2.35 and later) that the kernel
 * backs memory with pages of 2 MB, where there are any.
 */
const ASKED = [
  'glibc.malloc.arena_max=1',
  'glibc.malloc.mmap_max=0',
  'glibc.malloc.trim_threshold=4000000000',
  'glibc.malloc.hugetlb=1',
];

const nameOf = (tunable: string): string => tunable.slice(0, tunable.indexOf('='));

/**
 * The value of `GLIBC_TUNABLES` with which a process that trains is started: each step takes arrays of several
 * megabytes anew, and a kernel that gives them in pages of 4 kB each time spends some hundredths of the step on
 * that. What a user says of one of them is left.
 */
export function withTunables(given = ''): string {
  const said = given.split(':').filter((part) => !ASKED.includes(part));
  const named = new Set(said.map(nameOf));
  const added = ASKED.filter((tunable) => !named.has(nameOf(tunable)));
  return [given, ...added].filter((part) => part !== '').join(':');
}

/** The value that the programs are given which such a process starts: what it was before; undefined for none. */
export function withoutTunables(tunables = ''): string | undefined {
  const parts = tunables.split(':');
  for (const tunable of ASKED) {
    const last = parts.lastIndexOf(tunable);
    if (last >= 0) parts.splice(last, 1);
  }
  return parts.length === 0 ? undefined : parts.join(':');
}
