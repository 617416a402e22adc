import { counted } from '../../base/counted.js';
import type { StageContext } from '../stage.js';
import { copiesAmong } from './copies.js';
import { type Images, openImages } from './images.js';
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
  let same = 0;
  for (const group of copiesIn(images, sketches)) {
    const items = group.map((index) => images.item(index));
    const [first] = items;
    if (first === undefined) continue;
    const splits = [...new Set(items.map(({ split }) => split))];
    const classes = new Set(items.map(({ attributes }) => attributes.class));
    const text = `${first.name} = ${items.find((item) => item !== first && (splits.length < 2 || item.split !== first.split))?.name}`;
    if (splits.length > 1) {
      const key = splits.map((split) => `\`${split}\``).join(' and ');
      const alike = between.get(key) ?? { texts: [], files: 0 };
      between.set(key, alike);
      alike.texts.push(text);
      alike.files += items.length;
    } else same += items.length - 1;
    if (classes.size > 1) otherClass.push(text);
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
  if (same > 0) {
    remark(`${counted(same, 'image')} with the very pixels of another image of the same split`);
  }
}
