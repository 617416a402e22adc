import { attachGradient } from '../attach-gradient.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { attr, native } from '../native.js';
import type { tf } from '../tf.js';
import type { Batch, TrainingPass } from './training-pass.js';

const marks = ['enter', 'leave', 'keep'] as const;

/**
 * What a graph is told of a tensor: that it comes into a region, leaves it, or is kept in it until the
 * gradient, where bfloat16 is as good and takes half the memory.
 */
export type Mark = (typeof marks)[number];

/** The op that is a mark: gives what it gets, in eager calls and in graphs, and carries a text. */
export const markOp = 'PreventGradient';

const messages: Readonly<Record<Mark, string>> = {
  enter: 'enters mixed precision',
  leave: 'leaves mixed precision',
  keep: 'is kept in mixed precision',
};

/** The mark that a node with such a text is, if it is one. */
export const markOf = (message: unknown): Mark | undefined =>
  marks.find((mark) => messages[mark] === message);

/** x as a layer keeps it for its gradient: bfloat16 in a region of a step in bf16, else x itself. */
export const kept = <T extends tf.Tensor>(x: T): T => mark('keep', x);

/** A network as `apply` of a backbone, or a part of one. */
interface Network<Features extends tf.Tensor> {
  apply(
    weights: { readonly trained: NamedTensors; readonly stats: NamedTensors },
    x: tf.Tensor4D,
    training?: TrainingPass,
  ): { features: Features; stats: NamedTensors };
}

/**
 * Runs a network forward so that a compiled step in bf16 knows what may be bf16: all that lies between
 * the weights and images that enter here and the features that leave, and the same of its gradient.
 * The arithmetic is `network.apply`'s; new statistics are not marked, for they stay float32.
 */
export function inMixedRegion<Features extends tf.Tensor>(
  network: Network<Features>,
  { trained, stats }: { readonly trained: NamedTensors; readonly stats: NamedTensors },
  x: tf.Tensor4D,
  training?: TrainingPass,
): { features: Features; stats: NamedTensors } {
  const weights = { trained: entered(trained), stats };
  const given = network.apply(weights, crossing('enter', x), training);
  return { ...given, features: crossing('leave', given.features) };
}

/** The same of a network that takes images of several sizes together. */
export function togetherInMixedRegion(
  applyTogether: (
    weights: { readonly trained: NamedTensors; readonly stats: NamedTensors },
    batches: readonly Batch[],
  ) => tf.Tensor2D,
  { trained, stats }: { readonly trained: NamedTensors; readonly stats: NamedTensors },
  batches: readonly Batch[],
): tf.Tensor2D {
  const weights = { trained: entered(trained), stats };
  const given = batches.map(({ x, training }) => ({ x: crossing('enter', x), training }));
  return crossing('leave', applyTogether(weights, given));
}

const entered = (weights: NamedTensors): NamedTensors =>
  Object.fromEntries(
    Object.keys(weights).map((name) => [name, crossing('enter', pick(weights, name))]),
  );

/** A border is crossed the other way by the gradient. */
function crossing<T extends tf.Tensor>(border: 'enter' | 'leave', x: T): T {
  const back = border === 'enter' ? 'leave' : 'enter';
  return attachGradient(mark(border, x), {
    inputs: [x],
    save: [],
    backward: (dy) => [mark(back, dy)],
  });
}

function mark<T extends tf.Tensor>(what: Mark, x: T): T {
  const attrs = { T: attr.type('float32'), message: attr.string(messages[what]) };
  return native(markOp, [x], attrs) as T; // the same tensor
}
