import { verbOf } from '../base/counted.js';
import { SspError } from '../base/errors.js';
import { holdOut } from '../tensor/probe/hold-out.js';
import type { Labelled } from '../tensor/probe/linear-probe.js';
import { remarkCopies } from './artifact/copies.js';
import { factsOfScore } from './artifact/facts.js';
import { openFeatures, remarkCollapse, remarkOneAnswer } from './artifact/features.js';
import { type Images, openImages } from './artifact/images.js';
import { compareClasses, countsOf, knownClasses, listed } from './artifact/labels.js';
import { writePredictions } from './artifact/predictions.js';
import type { Signatures } from './signatures.gen.js';
import type { Facts, StageContext } from './stage.js';

/** What the parameters of all probes that choose on a validation split have in common. */
export type SplitParams = Pick<
  Signatures['stages']['std.probe.linear_probe'],
  'encoder' | 'on' | 'label' | 'train' | 'validation' | 'test' | 'held_out' | 'seed'
>;
type Context = StageContext<SplitParams>;

/** What a probe learns from, chooses on and is scored on. */
export interface ProbeSplits {
  /** Those of the training split, in the attribute's order. */
  readonly classes: readonly string[];
  /** Length d of the features. */
  readonly d: number;
  readonly train: Labelled;
  /** None where a share of each class of `train` takes its place, or nothing is chosen. */
  readonly validation: Labelled | undefined;
  readonly test: Labelled;
  /** How many images there are of what: beside the probe's metrics. */
  readonly facts: Facts;
  /** Keeps the predicted classes of the images of `test` (m), places in `classes`, beside the result: of each draw. */
  keep(...predictions: readonly Int32Array[]): void;
}

/**
 * The features and labels of a probe's splits. Remarks and refuses what would make its score mean
 * something else. `chosen` is what is chosen on the validation split, such as `penalty`; none: nothing is.
 * Without `holdsOut` the caller holds out by itself what takes the place of a validation split.
 * @throws SspError `one-class`, `unknown-classes`, `too-few-images` and others.
 */
export function openSplits(
  context: Context,
  chosen: string | undefined,
  { holdsOut = true }: { readonly holdsOut?: boolean } = {},
): ProbeSplits {
  const { label, ...names } = context.params;
  const images = openImages(names.on);
  const [train, test] = [images.indicesOf(names.train), images.indicesOf(names.test)];
  const { classes, labelsOf } = knownClasses(images, label, names.train, context);
  const compare = (split: string, indices: Int32Array) =>
    compareClasses(labelsOf(indices), { label, train: names.train, split, classes }, context);
  const held = validationOf(images, names.validation);
  let chosenOn = held?.length;
  if (held && names.validation !== null) compare(names.validation, held);
  else if (chosen !== undefined && holdsOut) {
    chosenOn = remarkHoldOut(labelsOf(train), classes, chosen, context);
  }
  compare(names.test, test);
  remarkSplits(context, chosen);
  if (names.train !== names.test) remarkCopies(images, names, context);

  const { d, at } = openFeatures(names.encoder, images, names.on);
  const sample = (indices: Int32Array): Labelled => ({
    features: at(indices),
    labels: labelsOf(indices),
  });
  const fitted = sample(train);
  const asked = sample(test);
  if (!remarkCollapse(fitted.features, d, names.train, context)) {
    remarkOneAnswer(asked.features, d, names.test, context);
  }
  return {
    classes,
    d,
    train: fitted,
    validation: held && sample(held),
    test: asked,
    facts: {
      ...factsOfScore({ fitted: train.length, asked: test.length, classes: classes.length }),
      ...(chosen !== undefined &&
        chosenOn !== undefined && { [`images to choose the ${chosen}`]: chosenOn }),
    },
    keep(...predictions) {
      const question = { images, on: names.on, split: names.test, label, classes };
      writePredictions(context, question, test, predictions);
    },
  };
}

/** A line for the log: how many images there are of what. */
export const sizesOf = ({ train, test, classes }: ProbeSplits): string =>
  `${train.labels.length} images to fit to, ${test.labels.length} to score on; ${countsOf(train.labels, classes)}`;

/** Images to choose on; none when the data set has no split of the default name. */
export function validationOf(images: Images, split: string | null): Int32Array | undefined {
  if (split === null) return undefined;
  const none = split === 'validation' && !images.items.some((item) => item.split === split);
  return none ? undefined : images.indicesOf(split);
}

/** Says what is held out in place of a validation split, and gives how many. @throws SspError `too-few-images`. */
function remarkHoldOut(
  labels: Int32Array,
  classes: readonly string[],
  chosen: string,
  { params, remark, log }: Context,
): number {
  const { train, validation, held_out: share, seed } = params;
  const { held, single } = holdOut(labels, share, seed);
  const why = validation === null ? '`validation` is none' : `there is no split \`${validation}\``;
  if (held.length === 0) {
    throw new SspError(
      'too-few-images',
      `split \`${train}\` has one image of each class, so none can be held out to choose the ${chosen}, and ${why}`,
      { help: 'Give the data set a validation split, or two images of a class at least.' },
    );
  }
  log(
    `${why}: ${held.length} of the ${labels.length} images of \`${train}\` ${verbOf(held.length)} held out in its place`,
  );
  if (single.length > 0) {
    const names = listed(single.map((number) => classes[number] ?? ''));
    remark(
      `split \`${train}\` has one image of ${single.length} of the ${classes.length} classes, of which none is held out to choose the ${chosen}: ${names}`,
    );
  }
  return held.length;
}

/** Remarks what an accuracy on the validation split, by which others may choose, is of. */
export function remarkValidation({
  params: { train, validation, test },
  remark,
}: Pick<
  StageContext<Pick<SplitParams, 'train' | 'validation' | 'test'>>,
  'params' | 'remark'
>): void {
  const same = (other: string, why: string) =>
    remark(`\`validation\` and ${other} are the same split, \`${validation}\`: ${why}`);
  if (validation === train) same('`train`', 'its accuracy is of images that were learnt');
  else if (validation === test) same('`test`', 'what is chosen by it is chosen by the score');
}

/** Remarks that images are used twice. */
function remarkSplits({ params, remark }: Context, chosen: string | undefined): void {
  const { train, validation, test } = params;
  if (train === test)
    remark(
      `\`train\` and \`test\` are the same split, \`${test}\`: the score is of images that were fitted`,
    );
  if (chosen === undefined) {
    remarkValidation({ params, remark });
    return;
  }
  if (validation === test)
    remark(
      `\`validation\` and \`test\` are the same split, \`${test}\`: the ${chosen} was chosen by the score`,
    );
  if (validation === train)
    remark(
      `\`validation\` and \`train\` are the same split, \`${train}\`: the ${chosen} was chosen on images that were fitted`,
    );
}
