import { SspError } from '../../base/errors.js';

/** What is logged where a vote is asked of the images that give it. */
export const sameSplit = '`train` and `test` are the same split: an image does not find itself';

/**
 * Are `train` and `test` the same split, of which no image is a neighbour of its own?
 * @throws SspError `too-many-neighbours` where the split has fewer images than `k` neighbours.
 */
export function requireNeighbours(
  k: number,
  images: number,
  names: { readonly train: string; readonly test: string },
): boolean {
  const same = names.train === names.test;
  const most = same ? images - 1 : images;
  if (k <= most) return same;
  const but = same ? ', of which one is the image itself' : '';
  throw new SspError(
    'too-many-neighbours',
    `\`k\` is ${k}, but split \`${names.train}\` has ${images} images${but}`,
    { help: most > 0 ? `Give \`k: ${most}\` or less.` : 'Give a split with more images.' },
  );
}
