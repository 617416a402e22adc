import { SspError } from '../../base/errors.js';
import { type NamedTensors, pick, prefixed } from '../../tensor/named-tensors.js';
import { createRng, type Rng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import type { TrainingState } from '../../tensor/train/train-step.js';
import type { Training } from '../../tensor/train/training.js';
import { fedPixels } from '../../tensor/views/planes.js';
import { tensorsOf } from '../../tensor/views/view-tensors.js';
import { cutPatches } from '../artifact/cut-patches.js';
import { describedName } from '../artifact/described-text.js';
import { initialWeights } from '../artifact/encoder.js';
import { openPairs, type Pairs, pairLabels } from '../artifact/pairs.js';
import { pixelsAhead } from '../artifact/pixels-ahead.js';
import { samplesOf } from '../artifact/samples.js';
import { checkEncoder, checkStart, remarksOf } from '../check-method.js';
import { implement } from '../implement.js';
import { methodRules, trainedEncoder } from '../method-rules.js';
import { withPaces } from '../paces.js';
import type { Signatures } from '../signatures.gen.js';
import type { Augmentation, Method, Optimizer, StageContext, Views, Weights } from '../stage.js';
import { type EncoderTraining, type StepsOver, stepsOver, trainEncoder } from '../train-encoder.js';
import { bothAhead, drawsAhead } from './draws-ahead.js';
import { measuredFeatures } from './measured-features.js';
import { viewsOfPixels } from './views-of-pairs.js';

type Params = Signatures['stages']['std.train.pretrain'];

/** Self-supervised pretraining on pairs: see `std.train.pretrain`. */
export const run = implement('std.train.pretrain', (context) => trainEncoder(context, training));

/** What it trains, when TensorFlow is there. */
export function training(context: StageContext<Params>): EncoderTraining {
  const { views, method } = context.params;
  const pairs = openPairs(context.params.pairs);
  const [view] = checked(context);
  const steps = stepsOver(context, { count: pairs.count, things: 'pairs' });
  remarkUnfit(context, pairs.count, steps);
  const training = trainingOf(context, pairs, steps);
  const first = training.inputs(0);
  const made = tf.tidy(() => viewsOfPixels(views, first, pairs.images.size));
  const samples = samplesOf(Object.values(made), view.normalise);
  tf.dispose([first, made]);
  const encoder = (final: TrainingState): Weights => encoderOf(method, final);
  const { backbone, seed } = context.params;
  const measured =
    views.views.length < 2 ? undefined : measuredFeatures(pairs, views, { backbone, seed });
  const signs = method.signs;
  return { training, view, samples, facts: steps.facts, signs, measured, encoder };
}

/** The encoder that is the result: what the method says, or the trained one. */
function encoderOf(method: Method, { trained, state }: TrainingState): Weights {
  const own = trainedEncoder(trained, state);
  return method.encoder ? checkEncoder(method.encoder({ trained, state }), own) : own;
}

/** Remarks what of the method does not fit the training's length, and of the views the network. */
function remarkUnfit(
  { params, resolved, remark }: StageContext<Params>,
  pairs: number,
  { pace: { epochs, perEpoch } }: StepsOver,
): void {
  const { method, batch, views } = params;
  const sizes = views.views.map(({ size }) => size);
  const cut = cutPatches(resolved.backbone, sizes);
  if (cut !== undefined) remark(cut);
  const length = { epochs, steps: epochs * perEpoch, batch, pairs };
  for (const text of remarksOf(method, length)) remark(text);
}

function trainingOf(
  context: StageContext<Params>,
  pairs: Pairs,
  { of: pairsOf, pace }: StepsOver,
): Training {
  const { params } = context;
  const { method, views, optimizer, batch, seed } = params;
  const paced = withPaces(optimizer, method.paces);
  const labels = method.label === undefined ? undefined : pairLabels(pairs, method.label);
  /** Image `side` (0 or 1) of each of the pairs. */
  const sideOf = (chosen: Int32Array, side: number): Int32Array =>
    chosen.map((pair) => pairs.pairs[2 * pair + side] ?? 0);
  const pixels = pixelsAhead(pairs.images, (step) => {
    const chosen = pairsOf(step);
    const both = new Int32Array(2 * chosen.length);
    both.set(sideOf(chosen, 0));
    both.set(sideOf(chosen, 1), chosen.length);
    return both;
  });
  const { size } = pairs.images;
  const extent = { count: batch, height: size, width: size };
  const draws = drawsAhead({ views, extent, seed, numbered: true });
  return {
    ...pace,
    init: () => initialState(params, paced, pairs.count),
    fetch: (step) => bothAhead(pixels.fetch(step), draws.fetch(step)),
    end: draws.end,
    inputs(step) {
      const chosen = pairsOf(step);
      const known = labels && sidesLabels(labels, [sideOf(chosen, 0), sideOf(chosen, 1)]);
      return {
        items: tf.tensor1d(chosen, 'int32'),
        ...prefixed(fedPixels(pixels.of(step)), 'pixels'),
        ...tensorsOf(draws.of(step)),
        ...known,
      };
    },
    images(step) {
      const chosen = pairsOf(step);
      const second = sideOf(chosen, 1);
      const different = sideOf(chosen, 0).filter((image, index) => image !== second[index]);
      return chosen.length + different.length;
    },
    rules: () => ({
      ...methodRules(method, params.backbone, paced),
      prepare: (inputs) => ({
        ...prefixed(viewsOfPixels(views, inputs, size), 'view'),
        items: pick(inputs, 'items'),
        ...(labels && prefixed(labelsSeen(views, inputs), 'labels')),
      }),
    }),
  };
}

/** The labels of the images of both sides of a step's pairs, as the step is fed them. */
function sidesLabels(labels: Int32Array, sides: readonly Int32Array[]): NamedTensors {
  const known = sides.map((images, side) => {
    const numbers = images.map((image) => labels[image] ?? -1);
    return [`labels.${side}`, tf.tensor1d(numbers, 'int32')];
  });
  return Object.fromEntries(known);
}

/** The labels of the images that each view shows, by number. */
function labelsSeen({ views }: Views, inputs: NamedTensors): NamedTensors {
  const seen = views.map((_, view) => [`${view}`, pick(inputs, `labels.${view % 2}`)]);
  return Object.fromEntries(seen);
}

function initialState(
  { init, backbone, method, seed }: Params,
  optimizer: Optimizer,
  pairs: number,
): TrainingState {
  const begin = (rng: Rng): Weights => (init ? initialWeights(init, backbone) : backbone.init(rng));
  const encoder = begin(createRng(seed, 'encoder'));
  const heads = method.init({
    features: backbone.features,
    encoder,
    another: begin,
    rng: createRng(seed, 'method'),
    pairs,
  });
  checkStart(heads);
  const trained = { ...prefixed(encoder.trained, 'encoder'), ...heads.trained };
  const state = { ...prefixed(encoder.stats, 'encoder'), ...heads.state };
  checkDtypes({ ...trained, ...state });
  const start = { trained, state, slots: optimizer.init(trained) };
  // Better told before the first epoch than after the last.
  encoderOf(method, start);
  return start;
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
  if (first !== undefined && fits) {
    const other = rest.find(({ size }) => size !== first.size);
    if (!method.oneSize || other === undefined) return [first, ...rest];
    throw new SspError(
      'view-sizes',
      `${describedName(resolved.method)} sees both views in one pass, and ${describedName(resolved.views)} makes one of ${first.size} px and one of ${other.size} px`,
      { help: 'Choose views of one size.' },
    );
  }
  const number = moreViews ? `at least ${needed}` : `${needed}`;
  throw new SspError(
    'view-count',
    `${describedName(resolved.method)} compares ${number} views, and ${describedName(resolved.views)} makes ${views.length}`,
    { help: `Choose views that make ${number} of each pair.` },
  );
}

/** Checkpoints hold float32 alone: better told before the first epoch than after it. */
function checkDtypes(tensors: NamedTensors): void {
  for (const [name, { dtype }] of Object.entries(tensors)) {
    if (dtype === 'float32') continue;
    throw new SspError('method-state', `the method's \`${name}\` is ${dtype}`, {
      help: 'What a method trains or keeps is float32: whole numbers up to 16,777,216 are exact in it.',
    });
  }
}
