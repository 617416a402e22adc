import type { NamedTensors } from '../named-tensors.js';
import { tf } from '../tf.js';
import { normsOf } from './norms.js';

/** `all`: one norm over all gradients; `parameter`: each gradient by its own. */
export type ClipScope = 'all' | 'parameter';

/**
 * Gradients made shorter where their norm n exceeds `norm`: times min(1, norm / (n + 1e-6)).
 *
 * Source: torch.nn.utils.clip_grad_norm_ (`all`); facebookresearch/dino@7c446df utils.py,
 * clip_gradients (`parameter`).
 */
export function clipGradients(
  gradients: NamedTensors,
  norm: number,
  scope: ClipScope,
): NamedTensors {
  return tf.tidy(() => {
    const names = Object.keys(gradients).sort();
    const tensors = names.flatMap((name) => gradients[name] ?? []);
    const norms = normsOf(tensors);
    const shares = (of: tf.Tensor): tf.Tensor => tf.minimum(tf.div(norm, tf.add(of, 1e-6)), 1);
    const own = scope === 'parameter' ? tf.unstack(shares(norms)) : [];
    const common = shares(tf.norm(norms));
    const clipped = tensors.map((tensor, index) => tf.mul(tensor, own[index] ?? common));
    return Object.fromEntries(names.map((name, index) => [name, clipped[index] ?? common]));
  });
}
