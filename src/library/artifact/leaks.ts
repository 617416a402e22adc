import { counted } from '../../base/counted.js';
import { inSplitOrder } from '../../base/split-names.js';
import type { StageContext } from '../stage.js';
import { copiesAmong } from './copies.js';
import { type Images, openImages } from './images.js';
import type { Item } from './items.js';
import { listed } from './labels.js';
import { leftIn } from './left-in.js';
import type { Written } from './write-images.js';

/** Images that have the very pixels of one another: places, ascending. */
function copiesIn(images: Images, sketches: Float64Array): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const [index, first] of copiesAmong(images, images.items.keys(), sketches)) {
    const group = groups.get(first);
    if (group) group.push(index);
    else groups.set(first, [index]);
  }
  return [...groups.values()];
}

/** Remarks images of a stage with the very pixels of one in another split, of another class, or in the same split. */
export function remarkLeaks(
  { about, sketches }: Written,
  { out, remark }: Pick<StageContext<unknown>, 'out' | 'remark'>,
): void {
  const images = openImages(leftIn(out, 'Images'), about);
  const between = new Map<string, { readonly texts: string[]; files: number }>();
  const otherClass: string[] = [];
  const same: string[] = [];
  for (const group of copiesIn(images, sketches)) {
    const items = group.map((index) => images.item(index));
    const [first] = items;
    if (first === undefined) continue;
    const splits = inSplitOrder(items.map(({ split }) => split));
    const classes = new Set(items.map(({ attributes }) => attributes.class));
    const besides = (isOther: (item: Item) => boolean): string =>
      `${first.name} = ${items.find((item) => item !== first && isOther(item))?.name}`;
    if (splits.length > 1) {
      const key = splits.map((split) => `\`${split}\``).join(' and ');
      const alike = between.get(key) ?? { texts: [], files: 0 };
      between.set(key, alike);
      alike.texts.push(besides(({ split }) => split !== first.split));
      alike.files += items.length;
    }
    if (classes.size > 1) {
      otherClass.push(besides(({ attributes }) => attributes.class !== first.attributes.class));
    } else if (splits.length === 1) {
      for (const { name } of items.slice(1)) same.push(`${name} = ${first.name}`);
    }
  }
  for (const [splits, { texts, files }] of between) {
    const often = files > 2 * texts.length ? `, ${files} times in all` : '';
    remark(
      `a leak: ${counted(texts.length, 'image')} with the very same pixels in ${splits}${often} (${listed(texts, 3)})`,
    );
  }
  if (otherClass.length > 0) {
    remark(
      `${counted(otherClass.length, 'image')} with the very same pixels in two classes (${listed(otherClass, 3)})`,
    );
  }
  if (same.length > 0) {
    remark(
      `${counted(same.length, 'image')} with the very pixels of another image of the same split and class (${listed(same, 3)})`,
    );
  }
}
