import type { tf } from '../tf.js';

/** A forward pass in training. */
export interface TrainingPass {
  /**
   * int32 (2), another at each step and pass: dropped paths and the like are drawn from it by stateless
   * ops. None: nothing is drawn.
   */
  readonly seed?: tf.Tensor1D;
}

/** Images of one size, (n, h, w, c), and how the pass over them draws; without `training` it evaluates. */
export interface Batch {
  readonly x: tf.Tensor4D;
  readonly training?: TrainingPass | undefined;
}
