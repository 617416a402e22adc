import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { oneLine } from '../../base/plain-text.js';
import type { StageContext } from '../stage.js';
import type { Images } from './images.js';
import { noClass } from './no-class.js';

/** Classes that a training split knows. */
export interface KnownClasses {
  /** Values of the attribute that occur in the training split, in the attribute's order. */
  readonly classes: readonly string[];
  /** The number of an image's class, as a place in `classes`; -1 for one that training does not know. */
  labelsOf(indices: Int32Array): Int32Array;
}

/**
 * The classes of an attribute among the images of a training split. Images without a class among them are remarked.
 * @throws SspError `unknown-attribute` with the attributes there are, `one-class` when there is
 * nothing to tell apart.
 */
export function knownClasses(
  images: Images,
  label: string,
  split: string,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): KnownClasses {
  const { values, numbers } = images.labels(label);
  const train = images.indicesOf(split);
  const present = new Set(Array.from(train, (index) => numbers[index] ?? -1));
  const kept = values.flatMap((_, number) => (present.has(number) ? [number] : []));
  const classes = kept.map((number) => values[number] ?? '');
  if (classes.length < 2) {
    throw new SspError(
      'one-class',
      `all ${train.length} images of split \`${split}\` have one \`${label}\`, \`${classes[0]}\``,
      { help: 'Predict an attribute with several values.' },
    );
  }
  const none = label === 'class' ? values.indexOf(noClass) : -1;
  if (none >= 0 && present.has(none)) {
    const without = train.filter((index) => numbers[index] === none).length;
    remark(
      `${without} of the ${train.length} images of split \`${split}\` ${verbOf(without, 'has', 'have')} no class (\`${noClass}\`), which counts as a class like any other`,
    );
  }
  const place = new Map(kept.map((number, at) => [number, at]));
  return {
    classes,
    labelsOf: (indices) =>
      Int32Array.from(indices, (index) => place.get(numbers[index] ?? -1) ?? -1),
  };
}

/** A split whose images are asked for classes that another split knows. */
export interface Asked {
  readonly label: string;
  readonly train: string;
  readonly split: string;
  readonly classes: readonly string[];
}

/**
 * Remarks images of classes that training does not know, which count as wrong, images of a class without a name,
 * and classes that no image is asked for.
 * @throws SspError `unknown-classes` when all are unknown: no probe can answer.
 */
export function compareClasses(
  labels: Int32Array,
  { label, train, split, classes }: Asked,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const unknown = labels.filter((number) => number < 0).length;
  if (unknown === labels.length) {
    throw new SspError(
      'unknown-classes',
      `no \`${label}\` of split \`${split}\` occurs in split \`${train}\`, so nothing can be predicted`,
      {
        help: `The splits of this data set keep each \`${label}\` in one split: predict another attribute.`,
      },
    );
  }
  if (unknown > 0) {
    remark(
      `${unknown} of the ${labels.length} images of split \`${split}\` ${verbOf(unknown, 'is of a class', 'are of classes')} that \`${train}\` does not have, and ${verbOf(unknown, 'counts', 'count')} as wrong`,
    );
  }
  const blank = labels.filter((number) => classes[number]?.trim() === '').length;
  if (blank > 0) {
    remark(
      `${blank} of the ${labels.length} images of split \`${split}\` ${verbOf(blank, 'has', 'have')} a blank text as \`${label}\`, which counts as a class like any other`,
    );
  }
  const asked = new Set(labels);
  const missing = classes.filter((_, number) => !asked.has(number));
  if (missing.length > 0) {
    remark(
      `split \`${split}\` has no image of ${missing.length} of the ${classes.length} classes of \`${train}\`: ${listed(missing)}`,
    );
  }
}

/** How many images each class has, by its number. */
export function imagesOfEach(labels: Int32Array, classes: readonly string[]): Int32Array {
  const counts = new Int32Array(classes.length);
  for (const label of labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** How many images each class has, for the log. */
export function countsOf(labels: Int32Array, classes: readonly string[]): string {
  const counts = imagesOfEach(labels, classes);
  return listed(
    classes.map((name, number) => `${name} ${counts[number] ?? 0}`),
    30,
  );
}

const shownName = (name: string): string =>
  name.trim() === '' ? JSON.stringify(name) : oneLine(name);

/** Names one after another; of many the first. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(shownName).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
