import { SspError } from '../../base/errors.js';
import type { StoredTensor } from '../../base/files/safetensors.js';
import type { NamedTensors } from '../../tensor/named-tensors.js';
import { fromTorch, torchShape } from '../../tensor/networks/torch-layout.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import type { Backbone, Weights } from '../stage.js';

/**
 * The weights of a network from tensors in PyTorch's names and layouts, and the names that the network has no use for.
 * The caller owns the weights. `lacking` helps with a tensor that is missing.
 * @throws what `refuse` makes of a tensor that is missing, has another shape or numbers that no network has, and of a
 * network that cannot be made.
 */
export function fitWeights(
  stored: Readonly<Record<string, StoredTensor>>,
  backbone: Backbone,
  refuse: (found: string, help?: string) => SspError,
  lacking: (name: string) => string | undefined = () => undefined,
): { readonly weights: Weights; readonly unused: readonly string[] } {
  const model = madeBy(backbone, refuse);
  const pick = (wanted: NamedTensors): NamedTensors => {
    for (const [name, { shape }] of Object.entries(wanted)) {
      const tensor = Object.hasOwn(stored, name) ? stored[name] : undefined;
      if (tensor === undefined) throw refuse(`has no tensor ${name}`, lacking(name));
      const found = `${tensor.shape}`;
      const expected = `${torchShape(shape)}`;
      if (found !== expected) {
        throw refuse(`has ${name} of shape (${found}), not (${expected})`);
      }
      checkNumbers(name, tensor.data, refuse);
    }
    return tf.tidy(() =>
      fromTorch(
        Object.fromEntries(
          Object.keys(wanted).flatMap((name) => {
            const tensor = stored[name];
            return tensor ? [[name, tf.tensor(tensor.data, [...tensor.shape], 'float32')]] : [];
          }),
        ),
      ),
    );
  };
  try {
    const names = new Set([...Object.keys(model.trained), ...Object.keys(model.stats)]);
    const weights = { trained: pick(model.trained), stats: pick(model.stats) };
    return { weights, unused: Object.keys(stored).filter((name) => !names.has(name)) };
  } finally {
    tf.dispose([model.trained, model.stats]);
  }
}

/** What a description asks for may be no network at all. */
function madeBy(backbone: Backbone, refuse: (found: string) => SspError): Weights {
  try {
    return backbone.init(createRng(0));
  } catch (error) {
    if (error instanceof SspError || !(error instanceof Error)) throw error;
    throw refuse(`is for a network that cannot be made: ${error.message}`);
  }
}

function checkNumbers(
  name: string,
  numbers: Float32Array,
  refuse: (found: string, help?: string) => SspError,
): void {
  const variance = name.endsWith('running_var');
  const at = numbers.findIndex((value) => !Number.isFinite(value) || (variance && value < 0));
  if (at < 0) return;
  const help = 'A training that diverged leaves such numbers: take a checkpoint from before.';
  throw refuse(
    `has ${numbers[at]} in tensor ${name}${variance ? ', which is a variance' : ''}`,
    help,
  );
}
