import type { SspError } from '../../base/errors.js';
import type { NamedTensors } from '../../tensor/named-tensors.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import { fromTorch, torchShape } from '../../tensor/torch-layout.js';
import type { Backbone, Weights } from '../stage.js';

/**
 * The weights of a network from tensors in PyTorch's names and layouts, which are disposed, and the
 * names that the network has no use for.
 * @throws what `refuse` makes of a tensor that is missing or has another shape.
 */
export function fitWeights(
  stored: NamedTensors,
  backbone: Backbone,
  refuse: (found: string) => SspError,
): { readonly weights: Weights; readonly unused: readonly string[] } {
  const found = tf.tidy(() => fromTorch(stored));
  tf.dispose(stored);
  const model = backbone.init(createRng(0));
  const pick = (wanted: NamedTensors): NamedTensors =>
    Object.fromEntries(
      Object.entries(wanted).map(([name, { shape }]) => {
        const tensor = found[name];
        if (tensor === undefined) throw refuse(`has no tensor ${name}`);
        if (tensor.shape.join() === shape.join()) return [name, tensor];
        throw refuse(
          `has ${name} of shape (${torchShape(tensor.shape)}), not (${torchShape(shape)})`,
        );
      }),
    );
  const weights = { trained: pick(model.trained), stats: pick(model.stats) };
  tf.dispose([model.trained, model.stats]);
  const names = new Set([...Object.keys(weights.trained), ...Object.keys(weights.stats)]);
  const unused = Object.keys(found).filter((name) => !names.has(name));
  for (const name of unused) found[name]?.dispose();
  return { weights, unused };
}
