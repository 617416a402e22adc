import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { countOfShare } from '../../tensor/probe/label-share.js';
import { imagesOfEach, listed } from './labels.js';

/**
 * Checks that a share of the images of a training split is a like number of each class.
 * @throws SspError `too-few-images` where it leaves a class without an image, or takes more of one than there are.
 */
export function requireShare(
  labels: Int32Array,
  classes: readonly string[],
  {
    share,
    train,
    label,
  }: { readonly share: number; readonly train: string; readonly label: string },
): void {
  const n = labels.length;
  const k = classes.length;
  const total = countOfShare(n, share);
  const said = `${percent(share)} of the ${n} images of split \`${train}\` are ${total}`;
  if (total < k) {
    const least = Math.ceil((1000 * k) / n) / 1000;
    throw new SspError(
      'too-few-images',
      `${said}, fewer than the ${k} values of \`${label}\`: some would have no image`,
      { help: `Give \`share: ${percent(least)}\`${least < 1 ? ' or more' : ''}.` },
    );
  }
  const most = Math.ceil(total / k);
  const counts = imagesOfEach(labels, classes);
  const few = classes.filter((_, number) => (counts[number] ?? 0) < most);
  if (few.length === 0) return;
  const least = counts.reduce((least, count) => Math.min(least, count));
  throw new SspError(
    'too-few-images',
    `${said}, up to ${most} of each \`${label}\`, but ${few.length} of the ${k} ${verbOf(few.length, 'has', 'have')} fewer images: ${listed(few)}`,
    { help: `Give \`share: ${percent(Math.floor((1000 * k * least) / n) / 1000)}\` or less.` },
  );
}

const percent = (share: number): string => `${Number((100 * share).toFixed(3))}%`;
