import { splitNamed } from '../split-names.js';

/** May a file stand where a folder is meant? An archive holds files as a folder does. */
export const isArchive = (path: string): boolean => /\.tar$/i.test(path);

/**
 * The split that an archive is called after, by the first or the last of its words, numbers aside: what is in
 * `val-0002.tar`, `imagenet1k-val-0002.tar` or `train-00000-of-00100.tar` is of one; `train-val.tar` says none.
 */
export function splitOfArchive(path: string): string | undefined {
  if (!isArchive(path)) return undefined;
  const name = (path.split('/').at(-1) ?? '').slice(0, -'.tar'.length);
  const words = name
    .split(/[-_. ]/)
    .map((word) => word.replace(/\d+$/, ''))
    .filter((word) => word !== '' && word !== 'of' && !/\d/.test(word));
  const named = new Set([words[0], words.at(-1)].flatMap((word) => splitNamed(word ?? '') ?? []));
  const [split] = named;
  return named.size === 1 ? split : undefined;
}
