import { splitNamed } from '../split-names.js';

/** May a file stand where a folder is meant? An archive holds files as a folder does. */
export const isArchive = (path: string): boolean => path.endsWith('.tar');

/** The split that an archive is called after: what is in `val-0002.tar` is of `validation`. */
export function splitOfArchive(path: string): string | undefined {
  const [called = ''] = /^[^-_.\d]*/.exec(path.split('/').at(-1) ?? '') ?? [];
  return isArchive(path) ? splitNamed(called) : undefined;
}
