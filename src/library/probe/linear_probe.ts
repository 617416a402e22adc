import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { holdOut } from '../../tensor/probe/hold-out.js';
import { type Labelled, probeLinearly, type Trial } from '../../tensor/probe/linear-probe.js';
import { remarkCopies } from '../artifact/copies.js';
import { openFeatures, remarkCollapse } from '../artifact/features.js';
import { type Images, openImages } from '../artifact/images.js';
import { compareClasses, countsOf, knownClasses, listed } from '../artifact/labels.js';
import { implement } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext } from '../stage.js';

type Context = StageContext<Signatures['stages']['std.probe.linear_probe']>;

/** Logistic regression on frozen features: see `std.probe.linear_probe`. */
export const run = implement('std.probe.linear_probe', async (context) => {
  const { label, penalties, held_out: share, seed, ...names } = context.params;
  if (penalties.length === 0) {
    throw new SspError('no-penalties', 'the list `penalties` is empty', {
      help: 'Give one number at least, such as `penalties: [0.001]`.',
    });
  }
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const [train, test] = [images.indicesOf(names.train), images.indicesOf(names.test)];
  const { classes, labelsOf } = knownClasses(images, label, names.train);
  const compare = (split: string, indices: Int32Array) =>
    compareClasses(labelsOf(indices), { label, train: names.train, split, classes }, context);
  const held = validationOf(images, names.validation);
  if (held && names.validation !== null) compare(names.validation, held);
  else remarkHoldOut(labelsOf(train), classes, context);
  compare(names.test, test);
  remarkSplits(context);
  if (names.train !== names.test) remarkCopies(images, names, context);

  const { d, at } = openFeatures(names.encoder, images, names.on);
  const sample = (indices: Int32Array): Labelled => ({
    features: at(indices),
    labels: labelsOf(indices),
  });
  const fitted = sample(train);
  remarkCollapse(fitted.features, d, names.train, context);
  let tried = 0;
  const { accuracy, validation, penalty } = probeLinearly(
    {
      train: fitted,
      validation: held ? sample(held) : { share, seed },
      test: sample(test),
      d,
      classes: classes.length,
      penalties,
    },
    (trial) => {
      tell(trial, context);
      tried += 1;
      const total = penalties.length + (held ? 0 : 1);
      context.progress({ unit: 'fit', done: tried, total });
    },
  );
  context.log(
    `${train.length} images to fit to, ${test.length} to score on; ${countsOf(fitted.labels, classes)}`,
  );
  return { metrics: { top1: accuracy, validation, penalty } };
});

/** Images to choose the penalty on; none when the data set has no split of the default name. */
function validationOf(images: Images, split: string | null): Int32Array | undefined {
  if (split === null) return undefined;
  const none = split === 'validation' && !images.items.some((item) => item.split === split);
  return none ? undefined : images.indicesOf(split);
}

/** Says what is held out in place of a validation split. @throws SspError `too-few-images`. */
function remarkHoldOut(
  labels: Int32Array,
  classes: readonly string[],
  { params, remark, log }: Context,
): void {
  const { train, validation, held_out: share, seed } = params;
  const { held, single } = holdOut(labels, share, seed);
  const why = validation === null ? '`validation` is none' : `there is no split \`${validation}\``;
  if (held.length === 0) {
    throw new SspError(
      'too-few-images',
      `split \`${train}\` has one image of each class, so none can be held out to choose the penalty, and ${why}`,
      { help: 'Give the data set a validation split, or two images of a class at least.' },
    );
  }
  log(
    `${why}: ${held.length} of the ${labels.length} images of \`${train}\` are held out in its place`,
  );
  if (single.length > 0) {
    const names = listed(single.map((number) => classes[number] ?? ''));
    remark(
      `split \`${train}\` has one image of ${single.length} of the ${classes.length} classes, of which none is held out to choose the penalty: ${names}`,
    );
  }
}

/** Remarks that images are used twice. */
function remarkSplits({ params, remark }: Context): void {
  const { train, validation, test } = params;
  if (train === test)
    remark(
      `\`train\` and \`test\` are the same split, \`${test}\`: the score is of images that were fitted`,
    );
  if (validation === test)
    remark(
      `\`validation\` and \`test\` are the same split, \`${test}\`: the penalty was chosen by the score`,
    );
  if (validation === train)
    remark(
      `\`validation\` and \`train\` are the same split, \`${train}\`: the penalty was chosen on images that were fitted`,
    );
}

/** Says how a fit went; one that stopped short of the minimum is remarked. */
function tell({ penalty, validation, iterations, end }: Trial, { log, remark }: Context): void {
  const where =
    validation === undefined ? 'all of the split' : `validation ${(100 * validation).toFixed(1)} %`;
  log(`penalty ${penalty}: ${where} (${end} after ${iterations} iterations)`);
  if (end !== 'converged') {
    remark(
      `the fit with penalty ${penalty} is not at its minimum: it ended after ${iterations} iterations`,
    );
  }
}
