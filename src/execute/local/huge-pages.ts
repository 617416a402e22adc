/** Asks glibc (2.35 and later) to have the kernel back what is allocated with pages of 2 MB, where there are any. */
const ASKED = 'glibc.malloc.hugetlb=1';

/**
 * The value of `GLIBC_TUNABLES` with which a process that trains is started: each step takes arrays of several
 * megabytes anew, and a kernel that backs them with pages of 4 kB spends some hundredths of the step on that.
 * What a user says of it is left.
 */
export const withHugePages = (tunables = ''): string =>
  /glibc\.malloc\.hugetlb=(?!1(:|$))/.test(tunables)
    ? tunables
    : [tunables, ASKED].filter((part) => part !== '').join(':');

/** The value that the programs are given which such a process starts: what it was before; undefined for none. */
export const withoutHugePages = (tunables = ''): string | undefined => {
  const parts = tunables.split(':');
  const last = parts.lastIndexOf(ASKED);
  const others = parts.filter((_, at) => at !== last).join(':');
  return others === '' ? undefined : others;
};
