import { asMatrix, asRank4, asVector } from '../tensor/as-rank.js';
import { dense } from '../tensor/layers/dense.js';
import { inMixedRegion } from '../tensor/layers/mixed-region.js';
import { crossEntropy } from '../tensor/losses/cross-entropy.js';
import { featureSpread } from '../tensor/losses/feature-spread.js';
import { type NamedTensors, pick, prefixed, under } from '../tensor/named-tensors.js';
import { tf } from '../tensor/tf.js';
import type { StepRules, TrainingState } from '../tensor/train/train-step.js';
import type { Training } from '../tensor/train/training.js';
import { viewOf } from '../tensor/views/augment.js';
import { fedPixels, planesOfFed } from '../tensor/views/planes.js';
import { tensorsOf } from '../tensor/views/view-tensors.js';
import type { Images } from './artifact/images.js';
import { pixelsAhead } from './artifact/pixels-ahead.js';
import type { Augmentation, Backbone, Optimizer, Signs, Weights } from './stage.js';
import { bothAhead, drawsAhead } from './train/draws-ahead.js';
import type { StepsOver } from './train-encoder.js';

/** A linear layer on an encoder's features (n, d). */
export interface LinearHead {
  /** (d, k). */
  readonly weight: tf.Tensor2D;
  /** (k). */
  readonly bias: tf.Tensor1D;
}

/** An encoder with a linear layer on its features. */
export interface Classifier {
  readonly backbone: Backbone;
  /** The encoder sees images as at evaluation, and stays as it is. */
  readonly frozen: boolean;
  /** First weights; the trainer owns them. */
  encoder(): Weights;
  head(): LinearHead;
  /** See `withPaces`. */
  readonly optimizer: Optimizer;
}

/** What a classifier learns from: one view of each image. */
export interface Lesson {
  readonly images: Images;
  /** Places of the images among all. */
  readonly items: Int32Array;
  labelsOf(indices: Int32Array): Int32Array;
  readonly view: Augmentation;
  readonly batch: number;
  readonly seed: number;
}

/** What a classifier watches. */
export const classifierSigns: Signs = {
  accuracy: { what: 'share of the images of the epoch that were classified right' },
};

/** Training by cross-entropy. */
export function classifierTraining(
  classifier: Classifier,
  { images, items, labelsOf, view, batch, seed }: Lesson,
  { of, pace }: StepsOver,
): Training {
  const { optimizer } = classifier;
  const chosen = (step: number): Int32Array => of(step).map((index) => items[index] ?? 0);
  const pixels = pixelsAhead(images, chosen);
  const extent = { count: batch, height: images.size, width: images.size };
  const draws = drawsAhead({ views: { views: [view] }, extent, seed, numbered: false });
  return {
    ...pace,
    fetch: (step) => bothAhead(pixels.fetch(step), draws.fetch(step)),
    end: draws.end,
    init: () => initialState(classifier),
    inputs(step) {
      const labels = tf.tensor1d(labelsOf(chosen(step)), 'int32');
      const given = prefixed(fedPixels(pixels.of(step)), 'pixels');
      return { ...given, ...tensorsOf(draws.of(step)), labels };
    },
    images: () => batch,
    rules: () => ({
      ...classifierRules(classifier),
      prepare: (inputs) => ({
        view: viewOf(view, {
          planes: planesOfFed(under(inputs, 'pixels'), images.size),
          ...under(inputs, '0'),
        }),
        labels: pick(inputs, 'labels'),
      }),
      update: (gradients, { trained, slots }, at) =>
        optimizer.update({ trained, gradients, slots, at }),
    }),
  };
}

/** The loss of a classifier of `view` (n, h, w, 3) and `labels` (n). */
export function classifierRules({
  backbone,
  frozen,
}: Pick<Classifier, 'backbone' | 'frozen'>): Pick<StepRules, 'loss'> {
  return {
    loss(trained, state, seen, at) {
      const x = asRank4(pick(seen, 'view'));
      const labels = asVector(pick(seen, 'labels'));
      const weights = encoderIn({ trained, state }, frozen);
      const { features, stats } = frozen
        ? { ...backbone.apply(weights, x), stats: {} }
        : inMixedRegion(backbone, weights, x, { seed: at.seed });
      const { weight, bias } = headIn(trained);
      const logits = dense(features, weight, bias);
      const right = tf.equal(tf.argMax(logits, 1), labels);
      return {
        loss: crossEntropy(logits, labels),
        state: stats,
        watch: {
          accuracy: tf.mean(tf.cast(right, 'float32')),
          feature_std: featureSpread(features),
        },
      };
    },
  };
}

/** The encoder in a state of the training. */
export function encoderIn(
  { trained, state }: Pick<TrainingState, 'trained' | 'state'>,
  frozen: boolean,
): Weights {
  return frozen
    ? { trained: under(state, 'encoder'), stats: under(state, 'stats') }
    : { trained: under(trained, 'encoder'), stats: state };
}

export const headIn = (trained: NamedTensors): LinearHead => ({
  weight: asMatrix(pick(trained, 'head.weight')),
  bias: asVector(pick(trained, 'head.bias')),
});

function initialState({ frozen, optimizer, ...of }: Classifier): TrainingState {
  const { trained: weights, stats } = of.encoder();
  const encoder = prefixed(weights, 'encoder');
  const head = prefixed({ ...of.head() }, 'head');
  const trained = frozen ? head : { ...encoder, ...head };
  const state = frozen ? { ...encoder, ...prefixed(stats, 'stats') } : stats;
  return { trained, state, slots: optimizer.init(trained) };
}
