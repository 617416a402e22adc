import { asRank4, asVector } from '../tensor/as-rank.js';
import { inMixedRegion } from '../tensor/layers/mixed-region.js';
import { featureSpread } from '../tensor/losses/feature-spread.js';
import { type NamedTensors, pick, prefixed, under } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import type { Moment } from '../tensor/train/moment.js';
import type { StepRules } from '../tensor/train/train-step.js';
import type {
  Backbone,
  Method,
  MethodStep,
  MethodWeights,
  Optimizer,
  Tensors,
  Weights,
} from './stage.js';

/**
 * The step of a training by a method. The loss sees `view.0`, `view.1` … (n, h, w, c) and `items`
 * int32 (n); beside what the method watches it watches how far the encoder's features spread.
 */
export function methodRules(
  method: Method,
  backbone: Backbone,
  optimizer: Optimizer,
): Omit<StepRules, 'prepare'> {
  const stepOf = (now: MethodWeights, seen: NamedTensors, at: Moment): MethodStep => ({
    trained: now.trained,
    state: now.state,
    views: Object.values(under(seen, 'view')).map(asRank4),
    items: asVector(pick(seen, 'items')),
    at,
    encode: encoding(backbone, at),
  });
  const { after, begin, observe } = method;
  return {
    loss: (trained, state, seen, at) => withSpread(method, stepOf({ trained, state }, seen, at)),
    update: (gradients, { trained, slots }, at) =>
      optimizer.update({ trained, gradients, slots, at }),
    ...(after && { after: (now, at) => after(now, at) }),
    ...(begin && { begin: (now, at) => begin(now, at) }),
    ...(observe && { observe: (now, seen, at) => observe(stepOf(now, seen, at)) }),
  };
}

/** The encoder among what is trained. */
export const trainedEncoder = (trained: Tensors, state: Tensors): Weights => ({
  trained: under(trained, 'encoder'),
  stats: under(state, 'encoder'),
});

/** The passes of one step through the encoder. */
function encoding(backbone: Backbone, at: Moment): MethodStep['encode'] {
  let drawn = 0;
  return (trained, state, x, pass) => {
    const training = pass === 'still' ? {} : { seed: passSeed(at.seed, drawn++) };
    const weights = trainedEncoder(trained, state);
    const { features, stats } = inMixedRegion(backbone, weights, x, training);
    return { features, state: prefixed(stats, 'encoder') };
  };
}

/** A seed of its own for each pass of a step through the encoder. */
function passSeed(seed: tf.Tensor1D, pass: number): tf.Tensor1D {
  return asVector(tf.add(seed, tf.tensor1d([0, pass], 'int32')));
}

/** A method's loss, and beside what it watches how far the trained encoder's features spread: 0 is collapse. */
function withSpread(method: Method, step: MethodStep): ReturnType<StepRules['loss']> {
  let spread: tf.Tensor | undefined;
  const encode: MethodStep['encode'] = (trained, ...rest) => {
    const pass = step.encode(trained, ...rest);
    // Of what is trained: a method may ask its teacher first, and inside a scope that ends.
    if (trained === step.trained) spread ??= tf.keep(featureSpread(pass.features));
    return pass;
  };
  const given = method.loss({ ...step, encode });
  const watch = { ...given.watch, ...(spread && { feature_std: tf.clone(spread) }) };
  spread?.dispose();
  return { ...given, watch };
}
