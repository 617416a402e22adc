import { realpathSync } from 'node:fs';
import { SspError } from '../../base/errors.js';
import type { Images } from '../artifact/images.js';

/**
 * Checks that two sets of pairs name the images of one data set: that they have the same files.
 * @throws SspError `other-images`.
 */
export function checkSameImages(a: Images, b: Images): void {
  const filesOf = ({ files }: Images): string =>
    JSON.stringify([...files].map(([name, path]) => [name, realpathSync(path)]));
  if (filesOf(a) === filesOf(b)) return;
  throw new SspError(
    'other-images',
    `\`a\` and \`b\` are not pairs of one data set: \`a\` is of ${a.count} images of ${a.size} px, \`b\` of others (${b.count} of ${b.size} px)`,
    { help: 'Make both from the same `source`.' },
  );
}
