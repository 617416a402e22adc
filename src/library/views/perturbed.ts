import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { tf } from '../../tensor/tf.js';
import { augment } from '../../tensor/views/augment.js';
import type { Augmentation } from '../../tensor/views/augmentation.js';
import { evaluationView } from '../../tensor/views/evaluation-view.js';
import { openImages, writeImages } from '../artifact/images.js';
import { implement } from '../stage.js';

const unchanged: Augmentation['normalise'] = { mean: [0, 0, 0], std: [1, 1, 1] };

/** `std.views.perturbed`: one split seen once through a view. */
export const run = implement('std.views.perturbed', async (context) => {
  const { source, views, split, seed } = context.params;
  const images = openImages(source);
  const [first] = views.views;
  if (first === undefined) throw new SspError('view-count', '`views` makes no view');
  loadTensorFlow({ threads: context.threads });
  const view = { ...first, normalise: unchanged };
  const changed = new Set(images.indicesOf(split));
  const kept = images.items.flatMap((_, index) => (changed.has(index) ? [] : [index]));
  const length = view.size * view.size * 3;
  const pixels = new Uint8Array(images.count * length);
  let done = 0;
  const fill = (indices: readonly number[], change: (pixels: Uint8Array) => tf.Tensor4D) => {
    const values = change(join(indices.map((index) => images.image(index))));
    const bytes = toBytes(values);
    values.dispose();
    indices.forEach((index, at) => {
      pixels.set(bytes.subarray(at * length, (at + 1) * length), index * length);
    });
    done += indices.length;
    context.progress({ unit: 'image', done, total: images.count });
  };
  batches([...changed]).forEach((indices, batch) => {
    const rng = createRng(seed, 'perturbed', batch);
    fill(indices, (input) => augment(input, images.size, view, rng));
  });
  for (const indices of batches(kept)) fill(indices, (input) => plain(input, images.size, view));
  const { items, values, sources } = images;
  writeImages(context.out, { size: view.size, pixels, items, values, sources });
  context.log(`${changed.size} images of split ${split} changed`);
  return {};
});

function plain(input: Uint8Array, size: number, view: Augmentation): tf.Tensor4D {
  return tf.tidy(() => {
    const images = tf.tensor4d(input, [input.length / (size * size * 3), size, size, 3], 'int32');
    return evaluationView(images, view);
  });
}

function toBytes(values: tf.Tensor4D): Uint8Array {
  return Uint8Array.from(values.dataSync<'float32'>(), (value) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255),
  );
}

function batches(indices: readonly number[]): readonly number[][] {
  const size = 256;
  return Array.from({ length: Math.ceil(indices.length / size) }, (_, batch) =>
    indices.slice(batch * size, (batch + 1) * size),
  );
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
