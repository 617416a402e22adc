import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { numbersOf } from '../../tensor/numbers-of.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import { augment } from '../../tensor/views/augment.js';
import type { Augmentation } from '../../tensor/views/augmentation.js';
import { evaluationView } from '../../tensor/views/evaluation-view.js';
import { openImages } from '../artifact/images.js';
import { createImages } from '../artifact/write-images.js';
import { implement } from '../implement.js';

const unchanged: Augmentation['normalise'] = { mean: [0, 0, 0], std: [1, 1, 1] };

/** Images whose random changes come from one stream: part of what `seed` means. */
const streamOf = 256;
/** Pixels of one pass: bounds memory, and is all of a stream's images up to 256 px. */
const pixelsAtOnce = 2 ** 24;

/** `std.views.perturbed`: one split seen once through a view. */
export const run = implement('std.views.perturbed', async (context) => {
  const { source, views, split, seed } = context.params;
  const images = openImages(source);
  const [first] = views.views;
  if (first === undefined) throw new SspError('view-count', '`views` makes no view');
  loadTensorFlow({ threads: context.threads });
  const view = { ...first, normalise: unchanged };
  const changed = images.indicesOf(split);
  const others = new Set(changed);
  const kept = Int32Array.from(images.items.keys()).filter((index) => !others.has(index));
  const { items, values, sources } = images;
  const writer = createImages(context, { size: view.size, items, values, sources });
  const length = view.size * view.size * 3;
  const most = Math.floor(pixelsAtOnce / Math.max(view.size, images.size) ** 2);
  const todo = new Set(writer.todo);
  let done = 0;
  const fill = async (
    indices: Int32Array,
    change: (pixels: Uint8Array) => tf.Tensor4D,
  ): Promise<void> => {
    if (indices.some((index) => todo.has(index))) {
      const bytes = bytesOf(() => change(images.pixels(indices)));
      for (const [at, index] of indices.entries()) {
        await writer.put(index, bytes.subarray(at * length, (at + 1) * length));
      }
    }
    done += indices.length;
    context.progress({ unit: 'image', done, total: images.count });
  };
  for (const { indices, from } of passes(changed, most)) {
    const rng = createRng(seed, 'perturbed', Math.floor(from / streamOf));
    const place = from % streamOf;
    // Image i of a pass has the stream of its place among those of `rng`.
    const own = { ...rng, split: (i: number) => rng.split(place + i) };
    await fill(indices, (input) => augment(input, images.size, view, own));
  }
  for (const { indices } of passes(kept, most)) {
    await fill(indices, (input) => plain(input, images.size, view));
  }
  await writer.close();
  context.log(`${changed.length} images of split ${split} changed`);
  return {};
});

function plain(input: Uint8Array, size: number, view: Augmentation): tf.Tensor4D {
  const images = tf.tensor4d(input, [input.length / (size * size * 3), size, size, 3], 'int32');
  return evaluationView(images, view);
}

function bytesOf(compute: () => tf.Tensor4D): Uint8Array {
  const values = numbersOf(compute);
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    bytes[i] = Math.round(Math.min(1, Math.max(0, values[i] ?? 0)) * 255);
  }
  return bytes;
}

/** Images in passes of `most` at most, none of which reaches into the next stream. */
function* passes(
  all: Int32Array,
  most: number,
): Generator<{ readonly indices: Int32Array; readonly from: number }> {
  for (let from = 0; from < all.length; ) {
    const end = Math.min((Math.floor(from / streamOf) + 1) * streamOf, from + Math.max(1, most));
    yield { indices: all.subarray(from, end), from };
    from = end;
  }
}
