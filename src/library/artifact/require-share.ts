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
  const counts = imagesOfEach(labels, classes);
  const least = counts.reduce((least, count) => Math.min(least, count));
  const said = `${percent(share)} of the ${n} images of split \`${train}\` are ${total}`;
  if (total < k) {
    throw new SspError(
      'too-few-images',
      `${said}, fewer than the ${k} values of \`${label}\`: some would have no image`,
      { help: adviceFor(n, k, least) },
    );
  }
  const most = Math.ceil(total / k);
  const few = classes.filter((_, number) => (counts[number] ?? 0) < most);
  if (few.length === 0) return;
  throw new SspError(
    'too-few-images',
    `${said}, up to ${most} of each \`${label}\`, but ${few.length} of the ${k} ${verbOf(few.length, 'has', 'have')} fewer images: ${listed(few)}`,
    { help: adviceFor(n, k, least) },
  );
}

/** Shares are told, and taken, in steps of so much of all. */
const step = 1e-5;

/** Which shares of n images leave each of k classes an image, and take no more of any than `least`. */
function adviceFor(n: number, k: number, least: number): string {
  // What lies at a step but for rounding is that step.
  const low = Math.ceil(k / n / step - 1e-6) * step;
  const high = Math.floor((k * least) / n / step + 1e-6) * step;
  const fits = (share: number): boolean => {
    const total = countOfShare(n, share);
    return share > 0 && total >= k && total <= k * least;
  };
  const [lowest, highest] = [percent(low), percent(high)];
  if (!fits(low) && !fits(high)) {
    return 'No share fits: give the classes with the fewest images more of them, or leave these classes out.';
  }
  if (!fits(low)) return `Give \`share: ${highest}\`.`;
  if (!fits(high) || lowest === highest) return `Give \`share: ${lowest}\`.`;
  return high < 1
    ? `Give a \`share\` from ${lowest} to ${highest}.`
    : `Give \`share: ${lowest}\` or more.`;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(3))}%`;
