import { verbOf } from '../../base/counted.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { cosinesTo } from '../../tensor/probe/narrow-cone.js';
import { nearest } from '../../tensor/probe/similarity.js';
import { tf } from '../../tensor/tf.js';
import { countCopies } from '../artifact/copies.js';
import { factsOfScore } from '../artifact/facts.js';
import { type Images, openImages } from '../artifact/images.js';
import { listed } from '../artifact/labels.js';
import { side, thumbnailsOf } from '../artifact/thumbnails.js';
import { implement } from '../implement.js';

/** Images of the training split that are compared at once: bounds the memory at 50 MB beside the similarities. */
const atOnce = 50_000;

/** How far the correlation of an image with itself may be from 1 in float32. */
const rounding = 1e-6;

/** `std.data.leakage`: which images to test on are known from training? */
export const run = implement('std.data.leakage', async (context) => {
  const { on, train, test, likeness } = context.params;
  const images = openImages(on);
  const [known, asked] = [images.indicesOf(train), images.indicesOf(test)];
  const exact = countCopies(images, asked, known);
  loadTensorFlow({ threads: context.threads });
  const { places, likenesses } = mostAlike(images, asked, known, (done) =>
    context.progress({ unit: 'image', done, total: known.length }),
  );
  const near = [...asked.keys()].filter((at) => (likenesses[at] ?? 0) > likeness - rounding);
  if (near.length > 0) {
    const nameOf = (index: number | undefined) => images.items[index ?? -1]?.name ?? '';
    const pairs = near
      .sort((a, b) => (likenesses[b] ?? 0) - (likenesses[a] ?? 0))
      .map((at) => `${nameOf(asked[at])} = ${nameOf(places[at])}`);
    context.remark(
      `${near.length} of the ${asked.length} images of split \`${test}\` ${verbOf(near.length)} almost one of split \`${train}\` (${listed(pairs, 3)})`,
    );
  }
  return {
    metrics: { images: asked.length, exact, near: near.length, share: near.length / asked.length },
    facts: factsOfScore({ searched: known.length, asked: asked.length }),
  };
});

/** For each image that is asked for, the most alike among others (not itself), and how alike it is. */
function mostAlike(
  images: Images,
  asked: Int32Array,
  among: Int32Array,
  progress: (done: number) => void,
): { readonly places: Int32Array; readonly likenesses: Float32Array } {
  const places = new Int32Array(asked.length).fill(-1);
  const likenesses = new Float32Array(asked.length).fill(-1);
  const d = side * side;
  const queries = tf.tensor2d(thumbnailsOf(images, asked), [asked.length, d]);
  for (let from = 0; from < among.length; from += atOnce) {
    const some = among.subarray(from, from + atOnce);
    const bank = tf.tensor2d(thumbnailsOf(images, some), [some.length, d]);
    const k = Math.min(2, some.length);
    const compared = cosinesTo(bank);
    const { indices, likenesses: cosines } = nearest(queries, compared, k);
    compared.dispose();
    bank.dispose();
    asked.forEach((index, at) => {
      for (let place = at * k; place < (at + 1) * k; place++) {
        const other = some[indices[place] ?? -1] ?? -1;
        const likeness = cosines[place] ?? -1;
        if (other === index || likeness <= (likenesses[at] ?? -1)) continue;
        places[at] = other;
        likenesses[at] = likeness;
      }
    });
    progress(from + some.length);
  }
  queries.dispose();
  return { places, likenesses };
}
