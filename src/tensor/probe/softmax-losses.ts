import { type FloatOps, type FloatTensor, floatProduct } from '../floats.js';
import { nativeBackend } from '../native.js';

/**
 * Cross-entropies of logits (n, k) with targets (n, k) whose rows sum to 1, n numbers, and their gradient (n, k),
 * in the precision of the ops. On a GPU of parts, as `softmaxCrossEntropy` and for its reason.
 */
export function softmaxLosses(
  ops: FloatOps,
  logits: FloatTensor,
  targets: FloatTensor,
  k: number,
): readonly [losses: FloatTensor, gradient: FloatTensor] {
  if (!nativeBackend().isUsingGpuDevice)
    return ops.runTwo('SoftmaxCrossEntropyWithLogits', [logits, targets]);
  const log = ops.run('LogSoftmax', [logits]);
  const less = ops.of(new Float64Array(k).fill(-1), k, 1);
  const losses = floatProduct(ops, ops.run('Mul', [targets, log]), less);
  return [losses, ops.run('Sub', [ops.run('Exp', [log]), targets])];
}
