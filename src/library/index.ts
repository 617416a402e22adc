/**
 * What modules of the user's own import as `ssp/library`: the contracts of descriptions and stages, and
 * the pieces that those of the library are made of. It is the running program's, so tensors are too.
 */
export { asMatrix, asRank4, asVector } from '../tensor/as-rank.js';
export { batchNorm, batchNorm1d, batchNormFrozen } from '../tensor/layers/batch-norm.js';
export { conv2d } from '../tensor/layers/conv2d.js';
export { dense } from '../tensor/layers/dense.js';
export { gelu } from '../tensor/layers/gelu.js';
export { kaimingKernel, linearInit, normalWeight } from '../tensor/layers/init.js';
export { layerNorm } from '../tensor/layers/layer-norm.js';
export { globalMean, maxPoolAfterRelu } from '../tensor/layers/pool.js';
export { relu } from '../tensor/layers/relu.js';
export { byolLoss } from '../tensor/losses/byol-loss.js';
export { crossEntropy } from '../tensor/losses/cross-entropy.js';
export { l2Normalise } from '../tensor/losses/l2-normalise.js';
export { ntXent } from '../tensor/losses/nt-xent.js';
export { vicregLoss } from '../tensor/losses/vicreg-loss.js';
export { pick, prefixed, under } from '../tensor/named-tensors.js';
export {
  applyMlp,
  hiddenLayer,
  initMlp,
  type MlpLayer,
  type MlpShape,
} from '../tensor/networks/mlp.js';
export { emaShare, emaUpdate } from '../tensor/optim/ema.js';
export { copied, type Teacher, teacherAt } from '../tensor/optim/teacher.js';
export type { Rng } from '../tensor/rng.js';
export { rowsAt } from '../tensor/rows-at.js';
export { tf } from '../tensor/tf.js';
export { allWithoutGradient, withoutGradient } from '../tensor/without-gradient.js';
export type {
  Alarm,
  Artifact,
  Augmentation,
  Backbone,
  Batch,
  Change,
  ChangedImage,
  EncoderArtifact,
  Method,
  MethodStart,
  MethodStep,
  MethodWeights,
  Moment,
  Optimizer,
  OptimizerStep,
  Schedule,
  Sign,
  Signs,
  StageContext,
  StageResult,
  Tensors,
  TrainingPass,
  Views,
  Weights,
} from './stage.js';
