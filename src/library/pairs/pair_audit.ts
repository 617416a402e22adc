import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { copiesAmong } from '../artifact/copies.js';
import { openImages } from '../artifact/images.js';
import { noClass } from '../artifact/no-class.js';
import { openPairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';

/** `std.pairs.pair_audit`: what pairs are, measured against the images that they could be made of. */
export const run = implement('std.pairs.pair_audit', async (context) => {
  const { source, label, split } = context.params;
  const { count, images, pairs } = openPairs(context.params.pairs);
  const from = openImages(source);
  const inSplit = from.indicesOf(split);
  const places = new Map(Array.from(inSplit, (index) => [from.item(index).name, index]));
  const placeOf = (image: number): number | undefined => places.get(images.item(image).name);
  const strange = pairs.find((image) => placeOf(image) === undefined);
  if (strange !== undefined) {
    throw new SspError(
      'other-images',
      `the pairs show ${JSON.stringify(images.item(strange).name)}, which is not in split \`${split}\` of \`source\``,
      { help: 'Give the source and the split that the pairs were made from.' },
    );
  }
  // Those of the source, whatever the pairs say: an attribute that is asked for may be new or other there.
  const labels = from.attribute(label);
  const labelAt = (index: number): string | undefined =>
    label === 'class' && labels[index] === noClass ? undefined : labels[index];
  const labelOf = (image: number): string | undefined => labelAt(placeOf(image) ?? -1);
  const same = copiesAmong(images, new Set(pairs));
  const uses = new Map<number, number>();
  const seen = new Set<string>();
  let right = 0;
  let known = 0;
  let itself = 0;
  let copies = 0;
  for (let pair = 0; pair < count; pair++) {
    const [a = -1, b = -1] = [pairs[2 * pair], pairs[2 * pair + 1]];
    for (const image of new Set([a, b])) uses.set(image, (uses.get(image) ?? 0) + 1);
    seen.add(`${Math.min(a, b)} ${Math.max(a, b)}`);
    const [one, other] = [labelOf(a), labelOf(b)];
    if (one !== undefined && other !== undefined) known++;
    if (one !== undefined && one === other) right++;
    if (a === b) itself++;
    else if ((same.get(a) ?? a) === (same.get(b) ?? b)) copies++;
  }
  const shown = new Set(Array.from(uses.keys(), labelOf));
  const all = new Set(Array.from(inSplit, labelAt));
  for (const some of [shown, all]) some.delete(undefined);
  const counts = [...uses.values()];
  if (copies > 0)
    context.remark(`${copies} of ${count} pairs ${verbOf(copies)} two images with the same pixels`);
  if (known < count) {
    const without = count - known;
    context.remark(
      `${without} of ${count} pairs ${verbOf(without, 'shows', 'show')} images without a class (\`${noClass}\`), and ${verbOf(without, 'counts', 'count')} neither for nor against \`precision\``,
    );
  }
  context.log(
    `${uses.size} of ${inSplit.length} images and ${shown.size} of ${all.size} values of \`${label}\` are shown`,
  );
  return {
    metrics: {
      pairs: count,
      images: uses.size,
      classes: shown.size,
      precision: known === 0 ? null : right / known,
      images_covered: uses.size / inSplit.length,
      classes_covered: all.size === 0 ? null : shown.size / all.size,
      most_used: counts.reduce((most, times) => Math.max(most, times), 0),
      mean_used: counts.reduce((sum, times) => sum + times, 0) / uses.size,
      itself,
      repeated: count - seen.size,
      copies,
    },
    facts: { pairs: count, 'distinct images': uses.size, 'images of the source': inSplit.length },
  };
});
