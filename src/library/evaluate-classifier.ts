import { SspError } from '../base/errors.js';
import { dense } from '../tensor/layers/dense.js';
import { normalWeight } from '../tensor/layers/init.js';
import { loadTensorFlow } from '../tensor/load.js';
import { drawLabelShare } from '../tensor/probe/label-share.js';
import { accuracy } from '../tensor/probe/linear-probe.js';
import { createRng } from '../tensor/rng.js';
import { tf } from '../tensor/tf.js';
import { train } from '../tensor/train/train.js';
import { disposeReplaced } from '../tensor/train/train-step.js';
import type { Training } from '../tensor/train/training.js';
import { remarkCopies } from './artifact/copies.js';
import { encoderWeights, frozenEncoder } from './artifact/encoder.js';
import { readDescription } from './artifact/encoder-description.js';
import { factsOfScore } from './artifact/facts.js';
import { type Images, openImages } from './artifact/images.js';
import { compareClasses, countsOf, type KnownClasses, knownClasses } from './artifact/labels.js';
import { baseRate } from './artifact/learning-rate.js';
import { writePredictions } from './artifact/predictions.js';
import { requireShare } from './artifact/require-share.js';
import { watchedOf, watchTraining } from './artifact/watch-training.js';
import { remarkWideStem } from './artifact/wide-stem.js';
import { worseThanGuess } from './artifact/worse-than-guess.js';
import { checkMade } from './check-made.js';
import {
  classifierSigns,
  classifierTraining,
  encoderIn,
  headIn,
  type LinearHead,
} from './classifier-training.js';
import { withPaces } from './paces.js';
import { remarkValidation, validationOf } from './probe-splits.js';
import type { Signatures } from './signatures.gen.js';
import type { Augmentation, Facts, StageContext, StageResult } from './stage.js';
import { stepsOver } from './train-encoder.js';

type Params = Signatures['stages']['std.probe.linear_evaluation'];
type Context = StageContext<Params>;

/** What one stage that trains a classifier and scores it has, and another has not. */
export interface ClassifierProtocol {
  readonly frozen: boolean;
  /** How much of the training split has labels, from 0 to 1. */
  readonly share: number;
  /** Base learning rate of the layer; none: that of the optimiser. */
  readonly headRate: number | null;
  readonly precision: 'fp32' | 'bf16' | 'auto';
}

/** What such a stage trains on images, when TensorFlow is there. */
export interface PreparedClassifier {
  readonly images: Images;
  readonly known: KnownClasses;
  readonly training: Training;
  readonly view: Augmentation;
  /** How many images it learns from. */
  readonly fitted: number;
  readonly facts: Facts;
}

/** The work of a stage that trains a linear layer on an encoder, with or without it, and scores it. */
export async function evaluateClassifier(
  context: Context,
  protocol: ClassifierProtocol,
): Promise<StageResult> {
  const { on, label, test, schedule, encoder, epochs } = context.params;
  checkMade(context);
  loadTensorFlow({ threads: context.threads });
  const { images, known, training, view, fitted, facts } = prepareClassifier(context, protocol);
  remarkWideStem(encoder, 'an image', view.size, context);
  const scored = splitsToScore(context, images, known);
  const { final, history } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: (message) => context.log(message),
    remark: context.remark,
    telling: 'accuracy',
    epoch: watchTraining(
      { ...context, params: { schedule, init: null } },
      training,
      view,
      classifierSigns,
    ),
    precision: protocol.precision,
  });
  const worse = worseThanGuess(history.at(-1)?.loss ?? Number.NaN, known.classes.length);
  if (worse !== undefined) context.remark(worse);
  const { backbone } = encoder;
  const seen = frozenEncoder(backbone, encoderIn(final, protocol.frozen), view);
  const head = headIn(final.trained);
  const predict = (indices: Int32Array) =>
    classesOf(
      images,
      indices,
      (pixels) => {
        const features = seen.embed(pixels, images.size);
        return bestOf(features, backbone.features, head);
      },
      seen.batch(images.size),
    );
  const predictions = await predict(scored.test);
  const validation = scored.validation && (await predict(scored.validation));
  disposeReplaced(final);
  const score = (found: Int32Array, indices: Int32Array) =>
    accuracy(found, known.labelsOf(indices));
  const question = { images, on, split: test, label, classes: known.classes };
  writePredictions(context, question, scored.test, [predictions]);
  const asked = scored.test.length;
  return {
    metrics: {
      top1: score(predictions, scored.test),
      validation: validation && scored.validation ? score(validation, scored.validation) : null,
    },
    facts: { ...factsOfScore({ fitted, asked, classes: known.classes.length }), ...facts, epochs },
    watched: watchedOf(classifierSigns),
  };
}

/** Opens what a classifier is trained on. @throws SspError `one-class`, `too-few-images`, `batch-too-large`. */
export function prepareClassifier(
  context: Context,
  { frozen, share, headRate }: ClassifierProtocol,
): PreparedClassifier {
  const { params, resolved } = context;
  const { encoder, on, label, optimizer, batch, seed, train: split, crop, ratio, flip } = params;
  const images = openImages(on);
  const all = images.indicesOf(split);
  const known = knownClasses(images, label, split, context);
  const { classes, labelsOf } = known;
  const items = share < 1 ? drawn(context, share, all, known) : all;
  const { input } = readDescription(encoder.file('encoder.json'));
  const view = cropAndFlip({ ...input, size: input.size ?? images.size }, { crop, ratio, flip });
  const things = share < 1 ? 'labelled images' : `images of split \`${split}\``;
  const steps = stepsOver(context, { count: items.length, things });
  context.log(
    `${items.length} of the ${all.length} images of \`${split}\`: ${countsOf(labelsOf(items), classes)}`,
  );
  const { backbone } = encoder;
  const shape: [number, number] = [backbone.features, classes.length];
  const classifier = {
    backbone,
    frozen,
    encoder: () => encoderWeights(encoder),
    head: () => ({
      weight: normalWeight<tf.Rank.R2>(createRng(seed, 'head'), 0.01, shape),
      bias: tf.zeros<tf.Rank.R1>([classes.length]),
    }),
    optimizer: withPaces(
      optimizer,
      headRate === null ? {} : headPace(headRate, baseRate(resolved.optimizer)),
    ),
  };
  const lesson = { images, items, labelsOf, view, batch, seed };
  const training = classifierTraining(classifier, lesson, steps);
  // How many there are stands among the facts of the score.
  const { [things]: _, ...facts } = steps.facts;
  return { images, known, training, view, fitted: items.length, facts };
}

/** Images that keep their labels: those of the first draw of `low_label` by the same seed. */
function drawn(
  { params: { label, train: split, seed } }: Context,
  share: number,
  all: Int32Array,
  { classes, labelsOf }: KnownClasses,
): Int32Array {
  const labels = labelsOf(all);
  requireShare(labels, classes, { share, train: split, label });
  const places = drawLabelShare(labels, classes.length, { share, seed, draw: 0 });
  return places.map((place) => all[place] ?? 0);
}

/** The layer's own rate, by the schedule of all. @throws SspError `no-rate`. */
export function headPace(headRate: number, base: number) {
  if (!(base > 0)) {
    throw new SspError(
      'no-rate',
      `the optimiser's rate is ${base}, and \`head_lr\` is ${headRate}`,
      {
        help: 'Train the layer alone by `linear_evaluation`, or give the optimiser a rate above 0.',
      },
    );
  }
  return {
    head: ({ scale }: { readonly scale: tf.Scalar }) => tf.mul<tf.Scalar>(scale, headRate / base),
  };
}

/** Random resized crop and flip, as images come to the encoder. */
function cropAndFlip(
  { size, normalise }: Pick<Augmentation, 'size' | 'normalise'>,
  { crop, ratio, flip }: Pick<Params, 'crop' | 'ratio' | 'flip'>,
): Augmentation {
  return {
    size,
    crop: { scale: crop, ratio },
    flip,
    rotation: 0,
    jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    grayscale: 0,
    blur: { probability: 0, sigma: { low: 0, high: 0 } },
    solarise: { probability: 0, threshold: 0.5 },
    normalise,
  };
}

/** Images to score on, of classes that training knows; before a training, so that nothing is trained in vain. */
function splitsToScore(context: Context, images: Images, { classes, labelsOf }: KnownClasses) {
  const { label, train: split, validation, test } = context.params;
  const compare = (asked: string, indices: Int32Array): Int32Array => {
    compareClasses(labelsOf(indices), { label, train: split, split: asked, classes }, context);
    return indices;
  };
  if (split === test) {
    context.remark(
      `\`train\` and \`test\` are the same split, \`${test}\`: the score is of images that were learnt`,
    );
  } else remarkCopies(images, { train: split, test }, context);
  remarkValidation(context);
  const held = validationOf(images, validation);
  return {
    test: compare(test, images.indicesOf(test)),
    validation: held && validation !== null ? compare(validation, held) : undefined,
  };
}

/** Classes of images, so many at a time. */
async function classesOf(
  images: Images,
  indices: Int32Array,
  classify: (pixels: Uint8Array) => Int32Array,
  batch: number,
): Promise<Int32Array> {
  const found = new Int32Array(indices.length);
  for (let from = 0; from < indices.length; from += batch) {
    const part = indices.subarray(from, from + batch);
    found.set(classify(await images.fetch(part)), from);
  }
  return found;
}

/**
 * The class of the largest logit of each row of features (n, d); the first of equals.
 * @throws SspError `bad-features` where there is none.
 */
function bestOf(features: Float32Array, d: number, { weight, bias }: LinearHead): Int32Array {
  const wrong = features.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new SspError(
      'bad-features',
      `after the training the encoder gives ${wrong} as a feature`,
      {
        help: 'Give a lower rate: the weights are too large for float32.',
      },
    );
  }
  return tf.tidy(() => {
    const logits = dense(tf.tensor2d(features, [features.length / d, d]), weight, bias);
    return Int32Array.from(tf.argMax(logits, 1).dataSync());
  });
}
