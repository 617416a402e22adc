/** Of one heap that grows and stays, from which all arrays come: of glibc (2.26 and later). */
const ONE_HEAP = [
  'glibc.malloc.arena_max=1',
  'glibc.malloc.mmap_max=0',
  'glibc.malloc.trim_threshold=4000000000',
];

/** What is asked of glibc; the last (2.35 and later) has the kernel back memory with pages of 2 MB, where there are any. */
const ASKED = [...ONE_HEAP, 'glibc.malloc.hugetlb=1'];

const nameOf = (tunable: string): string => tunable.slice(0, tunable.indexOf('='));

/**
 * The value of `GLIBC_TUNABLES` with which a process that trains is started. Each step takes and frees arrays of
 * several megabytes in the same order: one heap places them closer together than TensorFlow's own allocator,
 * which rounds up and never puts back together what lies in two of its regions, and takes nothing anew from
 * the kernel, which with pages of 4 kB would take some hundredths of the step more. What a user says of it is left.
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

/** Whether a process that was started with these has one heap, which TensorFlow is to take its arrays from. */
export const hasOneHeap = (tunables = ''): boolean => {
  const parts = tunables.split(':');
  return ONE_HEAP.every((tunable) => parts.includes(tunable));
};
