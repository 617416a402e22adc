import { attachGradient } from './attach-gradient.js';
import { type NamedTensors, pick } from './named-tensors.js';
import { attr, native } from './native.js';
import type { tf } from './tf.js';
import type { TrainingPass } from './training-pass.js';

/** What is at a border of a region: its tensors come in, or leave it. */
export type Border = 'enter' | 'leave';

/** The op that marks a border: gives what it gets, in eager calls and in graphs, and carries a text. */
export const borderOp = 'PreventGradient';

const messages: Readonly<Record<Border, string>> = {
  enter: 'enters mixed precision',
  leave: 'leaves mixed precision',
};

/** The border that a node with such a text is, if it is one. */
export function borderOf(message: unknown): Border | undefined {
  if (message === messages.enter) return 'enter';
  return message === messages.leave ? 'leave' : undefined;
}

/** A network as `apply` of a backbone. */
interface Network {
  apply(
    weights: { readonly trained: NamedTensors; readonly stats: NamedTensors },
    x: tf.Tensor4D,
    training?: TrainingPass,
  ): { features: tf.Tensor2D; stats: NamedTensors };
}

/**
 * Runs a network forward so that a compiled step in bf16 knows what may be bf16: all that lies between
 * the weights and images that enter here and the features that leave, and the same of its gradient.
 * The arithmetic is `network.apply`'s; new statistics are not marked, for they stay float32.
 */
export function inMixedRegion(
  network: Network,
  { trained, stats }: { readonly trained: NamedTensors; readonly stats: NamedTensors },
  x: tf.Tensor4D,
  training: TrainingPass,
): { features: tf.Tensor2D; stats: NamedTensors } {
  const names = Object.keys(trained);
  const entered = Object.fromEntries(
    names.map((name) => [name, crossing('enter', pick(trained, name))]),
  );
  const given = network.apply({ trained: entered, stats }, crossing('enter', x), training);
  return { ...given, features: crossing('leave', given.features) };
}

/** A border is crossed the other way by the gradient. */
function crossing<T extends tf.Tensor>(border: Border, x: T): T {
  const back = border === 'enter' ? 'leave' : 'enter';
  return attachGradient(mark(border, x), {
    inputs: [x],
    save: [],
    backward: (dy) => [mark(back, dy)],
  });
}

function mark<T extends tf.Tensor>(border: Border, x: T): T {
  const attrs = { T: attr.type('float32'), message: attr.string(messages[border]) };
  return native(borderOp, [x], attrs) as T; // the same tensor
}
