import { SspError } from '../../base/errors.js';
import { asRank4, asVector } from '../../tensor/as-rank.js';
import { featureSpread } from '../../tensor/feature-spread.js';
import { inMixedRegion } from '../../tensor/mixed-region.js';
import { type NamedTensors, prefixed, under } from '../../tensor/named-tensors.js';
import { createRng, type Rng } from '../../tensor/rng.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { tf } from '../../tensor/tf.js';
import { batchesOf } from '../../tensor/train/batches.js';
import { type Training, train } from '../../tensor/train/train.js';
import {
  disposeReplaced,
  type StepRules,
  type TrainingState,
} from '../../tensor/train/train-step.js';
import { viewDraws, viewOf } from '../../tensor/views/augment.js';
import { planesOfPixels } from '../../tensor/views/planes.js';
import { describedName } from '../artifact/described-text.js';
import { initialWeights, pixelsAt, writeEncoder } from '../artifact/encoder.js';
import { baseRate } from '../artifact/learning-rate.js';
import { openPairs, type Pairs } from '../artifact/pairs.js';
import { samplesOf } from '../artifact/samples.js';
import type { Signatures } from '../signatures.gen.js';
import {
  type Augmentation,
  implement,
  type MethodStep,
  type StageContext,
  type Views,
  type Weights,
} from '../stage.js';

type Params = Signatures['stages']['std.train.pretrain'];

/** Self-supervised pretraining on pairs: see `std.train.pretrain`. */
export const run = implement('std.train.pretrain', async (context) => {
  const { backbone, views, epochs, precision } = context.params;
  loadTensorFlow({ threads: context.threads });
  const pairs = openPairs(context.params.pairs);
  const [view] = checked(context);
  const training = trainingOf(context, pairs);
  const first = training.inputs(0);
  const made = tf.tidy(() => viewsFrom(views, first));
  const samples = samplesOf(viewsIn(made), view.normalise);
  tf.dispose([first, made]);
  const { final, history, steps, images } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: (message) => context.log(message),
    precision,
  });
  writeEncoder(context.out, {
    weights: { trained: under(final.trained, 'encoder'), stats: under(final.state, 'encoder') },
    backbone: context.resolved.backbone,
    features: backbone.features,
    input: { size: view.size, normalise: view.normalise },
    images,
    steps,
    history,
    samples,
  });
  disposeReplaced(final);
  return {};
});

function trainingOf({ params, resolved }: StageContext<Params>, pairs: Pairs): Training {
  const { method, views, optimizer, schedule, epochs, batch, seed } = params;
  const { perEpoch, of: pairsOf } = batchesOf(seed, pairs.count, batch);
  if (perEpoch === 0) throw tooFew(pairs.count, batch);
  const steps = epochs * perEpoch;
  const scaleOf = (step: number): number => schedule.scale(step, steps, perEpoch);
  const rate = baseRate(resolved.optimizer);
  /** Image `side` (0 or 1) of each of the pairs. */
  const sideOf = (chosen: Int32Array, side: number): Int32Array =>
    chosen.map((pair) => pairs.pairs[2 * pair + side] ?? 0);
  return {
    seed,
    epochs,
    perEpoch,
    init: () => initialState(params),
    inputs(step) {
      const chosen = pairsOf(step);
      const { size } = pairs.images;
      const extent = { count: batch, height: size, width: size };
      const sides = [0, 1].map((side) => [
        `side${side}.planes`,
        planesOfPixels(pixelsAt(pairs.images, sideOf(chosen, side)), size),
      ]);
      const drawn = views.views.map((view, index) => {
        const rng = createRng(seed, 'views', step, index);
        return prefixed(viewDraws(extent, view, rng), `${index}`);
      });
      return Object.assign(Object.fromEntries(sides), ...drawn);
    },
    images(step) {
      const chosen = pairsOf(step);
      const second = sideOf(chosen, 1);
      const different = sideOf(chosen, 0).filter((image, index) => image !== second[index]);
      return chosen.length + different.length;
    },
    rules: () => ({
      prepare: (inputs) => viewsFrom(views, inputs),
      loss: (trained, state, seen, { seed, progress }) =>
        lossOf(params, { trained, state, views: viewsIn(seen), seed, progress }),
      update: (gradients, { trained, slots }, { scale, step, progress }) =>
        optimizer.update({ trained, gradients, slots, scale, step, progress }),
      after: (trained, state, { progress }) => method.after?.(trained, state, progress) ?? {},
    }),
    scale: scaleOf,
    rate: (step) => rate * scaleOf(step),
  };
}

/** The views of a step, by number, from what the step is fed. */
function viewsFrom({ views }: Views, inputs: NamedTensors): NamedTensors {
  const made = views.map((view, index) => {
    const drawn = under(inputs, `${index}`);
    return [`${index}`, viewOf(view, { ...under(inputs, `side${index % 2}`), ...drawn })];
  });
  return Object.fromEntries(made);
}

/** The views, in their order. */
function viewsIn(seen: NamedTensors): readonly tf.Tensor4D[] {
  return Object.values(seen).map(asRank4);
}

function initialState({ init, backbone, method, optimizer, seed }: Params): TrainingState {
  const begin = (rng: Rng): Weights => (init ? initialWeights(init, backbone) : backbone.init(rng));
  const encoder = begin(createRng(seed, 'encoder'));
  const heads = method.init(backbone.features, createRng(seed, 'method'), encoder, begin);
  const trained = { ...prefixed(encoder.trained, 'encoder'), ...heads.trained };
  const state = { ...prefixed(encoder.stats, 'encoder'), ...heads.state };
  return { trained, state, slots: optimizer.init(trained) };
}

/**
 * The method's loss, and beside what it watches how far the encoder's features spread, in the first
 * pass with `trained`: 0 is collapse.
 */
function lossOf(
  { backbone, method }: Params,
  step: Omit<MethodStep, 'encode'>,
): ReturnType<StepRules['loss']> {
  let spread: tf.Tensor | undefined;
  let passes = 0;
  const encode: MethodStep['encode'] = (weights, statistics, x) => {
    const parts = { trained: under(weights, 'encoder'), stats: under(statistics, 'encoder') };
    const seed = passSeed(step.seed, passes++);
    const { features, stats } = inMixedRegion(backbone, parts, x, { seed });
    // Of what is trained: a method may ask its teacher first, and inside a scope that ends.
    if (weights === step.trained) spread ??= tf.keep(featureSpread(features));
    return { features, state: prefixed(stats, 'encoder') };
  };
  const given = method.loss({ ...step, encode });
  const watch = { ...given.watch, ...(spread && { feature_std: tf.clone(spread) }) };
  spread?.dispose();
  return { ...given, watch };
}

/** A seed of its own for each pass of a step through the encoder. */
function passSeed(seed: tf.Tensor1D, pass: number): tf.Tensor1D {
  return asVector(tf.add(seed, tf.tensor1d([0, pass], 'int32')));
}

/** The views, of which there must be as many as the method compares, or more if it takes more. */
function checked({
  params: { views: made, method },
  resolved,
}: StageContext<Params>): readonly [Augmentation, ...Augmentation[]] {
  const { views } = made;
  const { views: needed, moreViews = false } = method;
  const [first, ...rest] = views;
  const fits = moreViews ? views.length >= needed : views.length === needed;
  if (first !== undefined && fits) return [first, ...rest];
  const number = moreViews ? `at least ${needed}` : `${needed}`;
  throw new SspError(
    'view-count',
    `${describedName(resolved.method)} compares ${number} views, and ${describedName(resolved.views)} makes ${views.length}`,
    { help: `Choose views that make ${number} of each pair.` },
  );
}

function tooFew(pairs: number, batch: number): SspError {
  return new SspError('batch-too-large', `a batch is ${batch} pairs, but there are only ${pairs}`, {
    help: `Give \`batch: ${Math.max(2, 2 ** Math.floor(Math.log2(pairs / 2)))}\` or another number up to ${pairs}.`,
  });
}
