import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import type { Images } from '../artifact/images.js';
import { noClass } from '../artifact/no-class.js';
import type { StageContext } from '../stage.js';

type Remarking = Pick<StageContext<unknown>, 'remark'>;

/**
 * Those images of a split whose class is known, as others need have nothing in common; how many are left out is
 * remarked.
 * @throws SspError `no-class` where none is known.
 */
export function withClass(
  images: Images,
  indices: Int32Array,
  split: string,
  { remark }: Remarking,
): Int32Array {
  const classes = images.attribute('class');
  const known = indices.filter((index) => classes[index] !== noClass);
  const left = indices.length - known.length;
  if (left === 0) return indices;
  if (known.length === 0) {
    throw new SspError(
      'no-class',
      `no class is known of the ${indices.length} images of split \`${split}\`: all are \`${noClass}\``,
      {
        help: 'Name pairs with `list`, find them among all images with `automatic_pairs`, or take `augmented_pairs`.',
      },
    );
  }
  remark(
    `${left} of the ${indices.length} images of split \`${split}\` ${verbOf(left, 'has', 'have')} no class (\`${noClass}\`) and ${verbOf(left)} in no pair`,
  );
  return known;
}
