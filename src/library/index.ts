/**
 * What modules of the user's own import as `ssp/library`: the contracts of descriptions and stages, and
 * the pieces that those of the library are made of. It is the running program's, so tensors are too.
 */
export { asMatrix, asRank4, asVector } from '../tensor/as-rank.js';
export { batchNorm, batchNorm1d, batchNormFrozen } from '../tensor/batch-norm.js';
export { byolLoss } from '../tensor/byol-loss.js';
export { conv2d } from '../tensor/conv2d.js';
export { crossEntropy } from '../tensor/cross-entropy.js';
export { dense } from '../tensor/dense.js';
export { emaShare, emaUpdate } from '../tensor/ema.js';
export { linearInit } from '../tensor/init.js';
export { applyMlp, hiddenLayer, initMlp, type MlpLayer, type MlpShape } from '../tensor/mlp.js';
export { pick, prefixed, under } from '../tensor/named-tensors.js';
export { l2Normalise, ntXent } from '../tensor/nt-xent.js';
export { globalMean } from '../tensor/pool.js';
export { relu } from '../tensor/relu.js';
export type { Rng } from '../tensor/rng.js';
export { rowsAt } from '../tensor/rows-at.js';
export { copied, type Teacher, teacherAt } from '../tensor/teacher.js';
export { tf } from '../tensor/tf.js';
export { vicregLoss } from '../tensor/vicreg-loss.js';
export { allWithoutGradient, withoutGradient } from '../tensor/without-gradient.js';
export type {
  Artifact,
  Augmentation,
  Backbone,
  EncoderArtifact,
  Method,
  MethodStart,
  MethodStep,
  MethodWeights,
  Moment,
  Optimizer,
  OptimizerStep,
  Schedule,
  StageContext,
  StageResult,
  Tensors,
  TrainingPass,
  Views,
  Weights,
} from './stage.js';
