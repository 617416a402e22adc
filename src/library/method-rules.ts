import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { asMatrix, asRank4, asVector } from '../tensor/as-rank.js';
import { inMixedRegion, togetherInMixedRegion } from '../tensor/layers/mixed-region.js';
import { featureSpread } from '../tensor/losses/feature-spread.js';
import { type NamedTensors, pick, prefixed, under } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import type { Moment } from '../tensor/train/moment.js';
import type { StepRules } from '../tensor/train/train-step.js';
import { changedBy, checkLoss, observedBy } from './check-method.js';
import { joined, ofOneSize } from './of-one-size.js';
import type {
  Backbone,
  Method,
  MethodStep,
  MethodWeights,
  Optimizer,
  Tensors,
  TrainingPass,
  Weights,
} from './stage.js';

/**
 * The step of a training by a method. The loss sees `view.0`, `view.1` … (n, h, w, c), `items` int32 (n)
 * and, where the method is supervised, `labels.0`, `labels.1` … int32 (n), one for each view; beside what
 * the method watches it watches how far the encoder's features spread.
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
    labels: Object.values(under(seen, 'labels')).map(asVector),
    at,
    ...encoding(backbone, at),
  });
  const { after, begin, observe } = method;
  return {
    loss: (trained, state, seen, at) => withSpread(method, stepOf({ trained, state }, seen, at)),
    update: (gradients, { trained, slots }, at) =>
      optimizer.update({ trained, gradients, slots, at }),
    ...(after && { after: (now, at) => changedBy('after', after(now, at)) }),
    ...(begin && { begin: (now, at) => changedBy('begin', begin(now, at)) }),
    ...(observe && { observe: (now, seen, at) => observedBy(observe(stepOf(now, seen, at))) }),
  };
}

/** The encoder among what is trained. */
export const trainedEncoder = (trained: Tensors, state: Tensors): Weights => ({
  trained: under(trained, 'encoder'),
  stats: under(state, 'encoder'),
});

type Passes = Pick<MethodStep, 'encode' | 'encodeEach' | 'encodeCrops'>;

/** The passes of one step through the encoder. */
function encoding(backbone: Backbone, at: Moment): Passes {
  let drawn = 0;
  const draws = (pass: 'still' | undefined): TrainingPass =>
    pass === 'still' ? {} : { seed: passSeed(at.seed, drawn++) };
  const encode: MethodStep['encode'] = (trained, state, x, pass) => {
    const training = draws(pass);
    const weights = trainedEncoder(trained, state);
    const { features, stats } = inMixedRegion(backbone, weights, x, training);
    return { features, state: prefixed(stats, 'encoder') };
  };
  const encodeEach: MethodStep['encodeEach'] = (trained, state, views, pass) => {
    const features = new Map<Tensor4D, Tensor2D>();
    let changed: Tensors = {};
    for (const together of backbone.alone ? bySize(views) : views.map((view) => [view])) {
      const given = encode(trained, { ...state, ...changed }, joined(together), pass);
      changed = given.state;
      const parts =
        together.length === 1 ? [given.features] : tf.split(given.features, together.length);
      together.forEach((view, index) => {
        const part = parts[index];
        if (part) features.set(view, asMatrix(part));
      });
    }
    return { features: views.flatMap((view) => features.get(view) ?? []), state: changed };
  };
  const encodeCrops: MethodStep['encodeCrops'] = (trained, state, crops, pass) => {
    const batches = ofOneSize(crops).map(joined);
    if (backbone.applyTogether && batches.length > 1) {
      const given = batches.map((x) => ({ x, training: draws(pass) }));
      const weights = trainedEncoder(trained, state);
      const { applyTogether } = backbone;
      return { features: togetherInMixedRegion(applyTogether, weights, given), state: {} };
    }
    const features: Tensor2D[] = [];
    let changed: Tensors = {};
    for (const batch of batches) {
      const given = encode(trained, { ...state, ...changed }, batch, pass);
      changed = given.state;
      features.push(given.features);
    }
    const [only] = features;
    const all = features.length === 1 && only ? only : asMatrix(tf.concat(features));
    return { features: all, state: changed };
  };
  return { encode, encodeEach, encodeCrops };
}

/** Views of one size together. */
function bySize(views: readonly Tensor4D[]): readonly (readonly Tensor4D[])[] {
  const groups = new Map<string, Tensor4D[]>();
  for (const view of views) {
    const size = view.shape.join();
    groups.set(size, [...(groups.get(size) ?? []), view]);
  }
  return [...groups.values()];
}

/** A seed of its own for each pass of a step through the encoder. */
function passSeed(seed: tf.Tensor1D, pass: number): tf.Tensor1D {
  return asVector(tf.add(seed, tf.tensor1d([0, pass], 'int32')));
}

/** The features of the crops that come first. */
function firstOf(features: Tensor2D, first: readonly Tensor4D[] = []): Tensor2D {
  const count = first.reduce((sum, { shape }) => sum + shape[0], 0);
  return count === features.shape[0] ? features : tf.slice(features, [0, 0], [count, -1]);
}

/** A method's loss, and beside what it watches how far the trained encoder's features spread: 0 is collapse. */
function withSpread(method: Method, step: MethodStep): ReturnType<StepRules['loss']> {
  let spread: tf.Tensor | undefined;
  const see = (trained: Tensors, features: () => Tensor2D | undefined): void => {
    // Of what is trained: a method may ask its teacher first, and inside a scope that ends.
    if (trained !== step.trained || spread !== undefined) return;
    const given = features();
    if (given) spread = tf.keep(featureSpread(given));
  };
  const encode: MethodStep['encode'] = (trained, ...rest) => {
    const pass = step.encode(trained, ...rest);
    see(trained, () => pass.features);
    return pass;
  };
  const encodeEach: MethodStep['encodeEach'] = (trained, ...rest) => {
    const pass = step.encodeEach(trained, ...rest);
    see(trained, () => pass.features[0]);
    return pass;
  };
  const encodeCrops: MethodStep['encodeCrops'] = (trained, state, crops, ...rest) => {
    const pass = step.encodeCrops(trained, state, crops, ...rest);
    see(trained, () => firstOf(pass.features, ofOneSize(crops)[0]));
    return pass;
  };
  const given = method.loss({ ...step, encode, encodeEach, encodeCrops });
  checkLoss(given, step.state);
  const watch = { ...given.watch, ...(spread && { feature_std: tf.clone(spread) }) };
  spread?.dispose();
  return { ...given, watch };
}
