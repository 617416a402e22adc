import { SspError } from '../../base/errors.js';
import { asMatrix, asRank4, asVector } from '../../tensor/as-rank.js';
import { crossEntropy } from '../../tensor/cross-entropy.js';
import { dense } from '../../tensor/dense.js';
import { featureSpread } from '../../tensor/feature-spread.js';
import { linearInit } from '../../tensor/init.js';
import { inMixedRegion } from '../../tensor/mixed-region.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { createRng } from '../../tensor/rng.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { tf } from '../../tensor/tf.js';
import { batchesOf } from '../../tensor/train/batches.js';
import { type Training, train } from '../../tensor/train/train.js';
import {
  disposeReplaced,
  type StepRules,
  type TrainingState,
} from '../../tensor/train/train-step.js';
import { viewInputs, viewOf } from '../../tensor/views/augment.js';
import { initialWeights, pixelsAt, writeEncoder } from '../artifact/encoder.js';
import { type Images, openImages } from '../artifact/images.js';
import { knownClasses } from '../artifact/labels.js';
import { baseRate } from '../artifact/learning-rate.js';
import { checkSameNetwork } from '../artifact/same-network.js';
import { tooFew } from '../artifact/too-few.js';
import { watchTraining } from '../artifact/watch-training.js';
import { withPaces } from '../paces.js';
import type { Signatures } from '../signatures.gen.js';
import { type Augmentation, implement, type StageContext } from '../stage.js';

type Params = Signatures['stages']['std.train.supervised'];

/** Cross-entropy on a label through a linear head: see `std.train.supervised`. */
export const run = implement('std.train.supervised', async (context) => {
  const { backbone, epochs, init, views, split, precision } = context.params;
  if (init) checkSameNetwork(init, context.resolved.backbone);
  loadTensorFlow({ threads: context.threads });
  const images = openImages(context.params.images);
  const [view] = views.views;
  if (view === undefined) throw new SspError('view-count', 'supervised training needs one view');
  const training = trainingOf(context, { images, items: images.indicesOf(split), view });
  const {
    final,
    history,
    steps,
    images: seen,
  } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: (message) => context.log(message),
    remark: context.remark,
    epoch: watchTraining(context, training, view),
    precision,
  });
  writeEncoder(context.out, {
    weights: { trained: under(final.trained, 'encoder'), stats: final.state },
    backbone: context.resolved.backbone,
    features: backbone.features,
    input: { size: view.size, normalise: view.normalise },
    images: seen,
    steps,
    history,
  });
  disposeReplaced(final);
  return {};
});

interface Data {
  readonly images: Images;
  /** Images of the split. */
  readonly items: Int32Array;
  readonly view: Augmentation;
}

function trainingOf(context: StageContext<Params>, { images, items, view }: Data): Training {
  const { optimizer, schedule, epochs, batch, seed, label, split } = context.params;
  const { perEpoch, of } = batchesOf(seed, items.length, batch);
  if (perEpoch === 0) throw tooFew(`images of split \`${split}\``, items.length, batch);
  const { classes, labelsOf } = knownClasses(images, label, split);
  const steps = epochs * perEpoch;
  const scaleOf = (step: number): number => schedule.scale(step, steps, perEpoch);
  const rate = baseRate(context.resolved.optimizer);
  const paced = withPaces(optimizer);
  const chosen = (step: number): Int32Array => of(step).map((index) => items[index] ?? 0);
  return {
    seed,
    epochs,
    perEpoch,
    init: () => initialState(context.params, classes.length),
    inputs(step) {
      const rng = createRng(seed, 'views', step);
      const items = chosen(step);
      const given = viewInputs(pixelsAt(images, items), images.size, view, rng);
      const labels = tf.tensor1d(labelsOf(items), 'int32');
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
    scale: scaleOf,
    rate: (step) => rate * scaleOf(step),
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
    watch: { accuracy: tf.mean(right), feature_std: featureSpread(features) },
  };
}
