import { counted, verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import type { Images } from '../artifact/images.js';
import { listed } from '../artifact/labels.js';
import { noClass } from '../artifact/no-class.js';
import type { StageContext } from '../stage.js';
import { notEnough } from './not-enough.js';

/**
 * The listed pairs, the first `perClass` of each class, in the list's order.
 * @throws SspError `no-class` where some are of no class, `too-few-pairs` that names the classes of which the list has fewer.
 */
export function firstOfEachClass(
  images: Images,
  pairs: Int32Array,
  perClass: number | null,
): Int32Array {
  if (perClass === null) return pairs;
  const classes = images.attribute('class');
  const without = pairs.filter((image, at) => at % 2 === 0 && classes[image] === noClass).length;
  if (without > 0) {
    throw new SspError(
      'no-class',
      `${counted(without, 'pair')} of the list ${verbOf(without)} of images that have no class (\`${noClass}\`), so none of \`per_class\``,
      { help: 'Leave `per_class` out, or these pairs.' },
    );
  }
  const taken = new Map<string, number>();
  const first = pairs.filter((_, at) => {
    const name = classes[pairs[at - (at % 2)] ?? -1] ?? '';
    const before = taken.get(name) ?? 0;
    if (at % 2 === 1) taken.set(name, before + 1);
    return before < perClass;
  });
  const counts = [...taken].map(([name, count]) => ({ name, count }));
  const short = counts.filter(({ count }) => count < perClass);
  if (short.length === 0) return first;
  throw notEnough('pairs', { short, of: counts.length, asked: perClass });
}

/** Remarks the classes of a split that a list has no pair of, as other pairs have some of each class. */
export function remarkUnlisted(
  images: Images,
  pairs: Int32Array,
  split: string,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const classes = images.attribute('class');
  const there = new Set(Array.from(images.indicesOf(split), (index) => classes[index] ?? ''));
  there.delete(noClass);
  const known = new Set(Array.from(pairs, (index) => classes[index] ?? ''));
  const without = [...there].filter((name) => !known.has(name)).sort();
  if (without.length === 0) return;
  remark(
    `the list has no pair of ${without.length} of ${there.size} classes of split \`${split}\`: ${listed(without, 10)}`,
  );
}

/** @throws SspError `reused-images` that names the images which are in more than `reuse` pairs. */
export function checkReuse(images: Images, pairs: Int32Array, reuse: number): void {
  const uses = new Map<number, number>();
  for (const index of pairs) uses.set(index, (uses.get(index) ?? 0) + 1);
  const over = [...uses].filter(([, count]) => count > reuse);
  if (over.length === 0) return;
  const names = over.map(([index, count]) => `${images.item(index).name} ${count}`);
  throw new SspError(
    'reused-images',
    `${counted(over.length, 'image')} ${verbOf(over.length)} in more than ${counted(reuse, 'pair')} of the list: ${listed(names, 10)}`,
    { help: 'Take pairs out of the list, or give a larger `reuse`.' },
  );
}
