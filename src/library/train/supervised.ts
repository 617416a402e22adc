import { SspError } from '../../base/errors.js';
import { linearInit } from '../../tensor/layers/init.js';
import { createRng } from '../../tensor/rng.js';
import type { TrainingState } from '../../tensor/train/train-step.js';
import { initialWeights } from '../artifact/encoder.js';
import { openImages } from '../artifact/images.js';
import { knownClasses } from '../artifact/labels.js';
import { classifierSigns, classifierTraining, encoderIn } from '../classifier-training.js';
import { implement } from '../implement.js';
import { withPaces } from '../paces.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext, Weights } from '../stage.js';
import { type EncoderTraining, stepsOver, trainEncoder } from '../train-encoder.js';

type Params = Signatures['stages']['std.train.supervised'];

/** Cross-entropy on a label through a linear head: see `std.train.supervised`. */
export const run = implement('std.train.supervised', (context) => trainEncoder(context, training));

/** What it trains, when TensorFlow is there. */
export function training(context: StageContext<Params>): EncoderTraining {
  const { views, split, label, backbone, init, optimizer, batch, seed } = context.params;
  const images = openImages(context.params.images);
  const [view] = views.views;
  if (view === undefined) throw new SspError('view-count', 'supervised training needs one view');
  const items = images.indicesOf(split);
  const things = `images of split \`${split}\``;
  const steps = stepsOver(context, { count: items.length, things });
  const { classes, labelsOf } = knownClasses(images, label, split, context);
  const classifier = {
    backbone,
    frozen: false,
    // The stream of pretraining, so that the same seed begins at the same weights.
    encoder: () =>
      init ? initialWeights(init, backbone) : backbone.init(createRng(seed, 'encoder')),
    head: () => linearInit(createRng(seed, 'head'), backbone.features, classes.length),
    optimizer: withPaces(optimizer),
  };
  const lesson = { images, items, labelsOf, view, batch, seed };
  const encoder = (final: TrainingState): Weights => encoderIn(final, false);
  return {
    training: classifierTraining(classifier, lesson, steps),
    view,
    facts: steps.facts,
    signs: classifierSigns,
    encoder,
  };
}
