import { invariant, SspError } from '../base/errors.js';
import type { NamedTensors } from './named-tensors.js';
import { tf } from './tf.js';

/**
 * Loss, its gradient for every trained tensor, and whatever else the pass computed (new statistics,
 * scalars worth watching) under `others`. All of it belongs to the caller's tidy.
 *
 * `tf.valueAndGrads` returns the loss alone: it frees everything else that a pass made.
 * @throws SspError `no-gradient` that names a trained tensor that the loss does not depend on.
 */
export function differentiate<Others extends NamedTensors>(
  trained: NamedTensors,
  pass: (trained: NamedTensors) => { loss: tf.Scalar; others: Others },
): { loss: tf.Scalar; gradients: NamedTensors; others: Others } {
  const names = Object.keys(trained);
  let kept: Others | undefined;
  const { value, grads } = tf.engine().gradients<tf.Scalar>(
    () => {
      const { loss, others } = pass(trained);
      // Copies (of the handle, not of the numbers), so that what the caller has is not kept itself.
      kept = mapTensors(others, (tensor) => tf.keep(tf.clone(tensor)));
      return loss;
    },
    Object.values(trained),
    undefined,
    true,
  );
  invariant(kept !== undefined, 'the pass ran');
  const others = mapTensors(kept, (tensor) => tf.clone(tensor));
  tf.dispose(kept);
  const gradients: Record<string, tf.Tensor> = {};
  names.forEach((name, index) => {
    const gradient = grads[index];
    if (gradient === undefined) throw noGradient(name);
    gradients[name] = gradient;
  });
  return { loss: value, gradients, others };
}

function mapTensors<T extends NamedTensors>(
  tensors: T,
  change: (tensor: tf.Tensor) => tf.Tensor,
): T {
  const entries = Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]);
  return Object.fromEntries(entries) as T; // the same names
}

const noGradient = (name: string): SspError =>
  new SspError('no-gradient', `the loss does not depend on \`${name}\`, which is trained`, {
    help: 'What is trained needs a gradient: compute the loss from it (from what `encode` gives, for the encoder), or keep it as `state`.',
  });
