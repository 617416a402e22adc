import type { tf } from '../tf.js';

/** A forward pass in training. */
export interface TrainingPass {
  /**
   * int32 (2), another at each step and pass: dropped paths and the like are drawn from it by stateless
   * ops. None: nothing is drawn.
   */
  readonly seed?: tf.Tensor1D;
}
