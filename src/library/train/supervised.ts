import { SspError } from '../../base/errors.js';
import { asMatrix, asRank4, asVector } from '../../tensor/as-rank.js';
import { dense } from '../../tensor/layers/dense.js';
import { linearInit } from '../../tensor/layers/init.js';
import { inMixedRegion } from '../../tensor/layers/mixed-region.js';
import { crossEntropy } from '../../tensor/losses/cross-entropy.js';
import { featureSpread } from '../../tensor/losses/feature-spread.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import type { StepRules, TrainingState } from '../../tensor/train/train-step.js';
import type { Training } from '../../tensor/train/training.js';
import { viewInputs, viewOf } from '../../tensor/views/augment.js';
import { initialWeights } from '../artifact/encoder.js';
import { type Images, openImages } from '../artifact/images.js';
import { knownClasses } from '../artifact/labels.js';
import { pixelsAhead } from '../artifact/pixels-ahead.js';
import { implement } from '../implement.js';
import { withPaces } from '../paces.js';
import type { Signatures } from '../signatures.gen.js';
import type { Augmentation, StageContext, Weights } from '../stage.js';
import { type EncoderTraining, type StepsOver, stepsOver, trainEncoder } from '../train-encoder.js';

type Params = Signatures['stages']['std.train.supervised'];

/** Cross-entropy on a label through a linear head: see `std.train.supervised`. */
export const run = implement('std.train.supervised', (context) => trainEncoder(context, training));

/** What it trains, when TensorFlow is there. */
export function training(context: StageContext<Params>): EncoderTraining {
  const { views, split } = context.params;
  const images = openImages(context.params.images);
  const [view] = views.views;
  if (view === undefined) throw new SspError('view-count', 'supervised training needs one view');
  const items = images.indicesOf(split);
  const things = `images of split \`${split}\``;
  const steps = stepsOver(context, { count: items.length, things });
  const training = trainingOf(context, { images, items, view }, steps);
  const encoder = ({ trained, state }: TrainingState): Weights => ({
    trained: under(trained, 'encoder'),
    stats: state,
  });
  return { training, view, facts: steps.facts, signs, encoder };
}

const signs = { accuracy: { what: 'share of the images of the epoch that were classified right' } };

interface Data {
  readonly images: Images;
  /** Images of the split. */
  readonly items: Int32Array;
  readonly view: Augmentation;
}

function trainingOf(
  context: StageContext<Params>,
  { images, items, view }: Data,
  { of, pace }: StepsOver,
): Training {
  const { optimizer, batch, seed, label, split } = context.params;
  const { classes, labelsOf } = knownClasses(images, label, split);
  const paced = withPaces(optimizer);
  const chosen = (step: number): Int32Array => of(step).map((index) => items[index] ?? 0);
  const pixels = pixelsAhead(images, chosen);
  return {
    ...pace,
    fetch: pixels.fetch,
    init: () => initialState(context.params, classes.length),
    inputs(step) {
      const rng = createRng(seed, 'views', step);
      const given = viewInputs(pixels.of(step), images.size, view, rng);
      const labels = tf.tensor1d(labelsOf(chosen(step)), 'int32');
      return { ...prefixed(given, 'view'), labels };
    },
    images: () => batch,
    rules: () => ({
      prepare: (inputs) => ({
        view: viewOf(view, under(inputs, 'view')),
        labels: pick(inputs, 'labels'),
      }),
      loss: (trained, state, seen, at) =>
        lossOf(context.params.backbone, { trained, stats: state }, seen, at.seed),
      update: (gradients, { trained, slots }, at) =>
        paced.update({ trained, gradients, slots, at }),
    }),
  };
}

function initialState({ init, backbone, optimizer, seed }: Params, classes: number): TrainingState {
  // The stream of pretraining, so that the same seed begins at the same weights.
  const encoder = init ? initialWeights(init, backbone) : backbone.init(createRng(seed, 'encoder'));
  const head = linearInit(createRng(seed, 'head'), backbone.features, classes);
  const trained = { ...prefixed(encoder.trained, 'encoder'), ...prefixed(head, 'head') };
  return { trained, state: encoder.stats, slots: optimizer.init(trained) };
}

function lossOf(
  backbone: Params['backbone'],
  { trained, stats: before }: { readonly trained: NamedTensors; readonly stats: NamedTensors },
  seen: NamedTensors,
  seed: tf.Tensor1D,
): ReturnType<StepRules['loss']> {
  const x = asRank4(pick(seen, 'view'));
  const labels = asVector(pick(seen, 'labels'));
  const weights = { trained: under(trained, 'encoder'), stats: before };
  const { features, stats } = inMixedRegion(backbone, weights, x, { seed });
  const weight = asMatrix(pick(trained, 'head.weight'));
  const logits = dense(features, weight, asVector(pick(trained, 'head.bias')));
  const right = tf.equal(tf.argMax(logits, 1), labels);
  return {
    loss: crossEntropy(logits, labels),
    state: stats,
    watch: { accuracy: tf.mean(tf.cast(right, 'float32')), feature_std: featureSpread(features) },
  };
}
