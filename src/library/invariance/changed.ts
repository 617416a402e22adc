import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { type Images, openImages } from '../artifact/images.js';
import { createImages } from '../artifact/write-images.js';
import { implement } from '../implement.js';

/** `std.invariance.changed`: the images of a split, changed at a strength. */
export const run = implement('std.invariance.changed', async (context) => {
  const { source, change, strength, split, masks, backgrounds, seed } = context.params;
  const images = openImages(source);
  const { size, values, sources } = images;
  const asked = images.indicesOf(split);
  const outlines = masks && ofTheSame(openImages(masks), images);
  if (change.needsMask && !outlines && strength > 0) {
    throw new SspError(
      'no-masks',
      'this change is of what lies around the object: it needs `masks`',
      {
        help: 'Give images of the same items in which the object is white: `masks: emoji_masks(size: 32px)` for those of `emoji`.',
      },
    );
  }
  const behind = backgrounds && asLarge(openImages(backgrounds), size);
  const items = [...asked].flatMap((index) => images.items[index] ?? []);
  const writer = createImages(context, { size, items, values, sources });
  const one = (of: Images, index: number): Float64Array =>
    Float64Array.from(of.pixels(Int32Array.of(index)), (value) => value / 255);
  let done = asked.length - writer.todo.length;
  for (const place of writer.todo) {
    const index = asked[place] ?? 0;
    const pixels = one(images, index);
    // By its place among all images, so that the draws do not depend on which split is asked.
    const rng = createRng(seed, 'changed', index);
    const drawn = behind && rng.split('background').below(behind.count);
    const made =
      strength === 0
        ? pixels
        : await change.apply({
            pixels,
            size,
            strength,
            rng,
            ...(outlines && { mask: one(outlines, index).filter((_, at) => at % 3 === 0) }),
            ...(behind &&
              drawn !== undefined &&
              drawn !== null && { background: one(behind, drawn) }),
          });
    await writer.put(place, bytesOf(made));
    done += 1;
    if (done % 100 === 0) context.progress({ unit: 'image', done, total: asked.length });
  }
  await writer.close();
  context.log(`${asked.length} images of split ${split} changed at strength ${strength}`);
  return {};
});

/** Masks of the same items and size. @throws SspError `bad-masks`. */
function ofTheSame(masks: Images, images: Images): Images {
  const other = images.items.findIndex(({ name }, index) => masks.items[index]?.name !== name);
  if (other < 0 && masks.count === images.count && masks.size === images.size) return masks;
  const found =
    masks.size !== images.size
      ? `of ${masks.size} px, and the images of ${images.size} px`
      : other >= 0
        ? `of \`${masks.items[other]?.name ?? 'nothing'}\` in place ${other}, where the images have \`${images.items[other]?.name}\``
        : `${masks.count}, and there are ${images.count} images`;
  throw new SspError('bad-masks', `the masks are ${found}`, {
    help: 'Give masks of the same items in the same order and size.',
  });
}

/** @throws SspError `bad-backgrounds`. */
function asLarge(backgrounds: Images, size: number): Images {
  if (backgrounds.size === size && backgrounds.count > 0) return backgrounds;
  throw new SspError(
    'bad-backgrounds',
    `the backgrounds are ${backgrounds.count} images of ${backgrounds.size} px, and the images have ${size} px`,
    { help: 'Give backgrounds of the size of the images.' },
  );
}

function bytesOf(pixels: Float64Array): Uint8Array {
  return Uint8Array.from(pixels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}
