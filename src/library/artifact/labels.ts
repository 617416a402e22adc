import { SspError } from '../../base/errors.js';
import type { Images } from './images.js';

/** Classes that a training split knows. */
export interface KnownClasses {
  /** Values of the attribute that occur in the training split, in the attribute's order. */
  readonly classes: readonly string[];
  /** The number of an image's class, as a place in `classes`; -1 for one that training does not know. */
  labelsOf(indices: Int32Array): Int32Array;
}

/**
 * The classes of an attribute among the training images.
 * @throws SspError `unknown-attribute` with the attributes there are.
 */
export function knownClasses(images: Images, label: string, train: Int32Array): KnownClasses {
  const { values, numbers } = images.labels(label);
  const present = new Set(Array.from(train, (index) => numbers[index] ?? -1));
  const kept = values.flatMap((_, number) => (present.has(number) ? [number] : []));
  const place = new Map(kept.map((number, at) => [number, at]));
  return {
    classes: kept.map((number) => values[number] ?? ''),
    labelsOf: (indices) =>
      Int32Array.from(indices, (index) => place.get(numbers[index] ?? -1) ?? -1),
  };
}

/** What is wrong when a probe is asked for classes that its training split does not have. */
export interface Asked {
  readonly label: string;
  readonly train: string;
  readonly split: string;
}

/**
 * How many of the labels are of no known class.
 * @throws SspError `unknown-classes` when all are: no probe can answer.
 */
export function countUnknown(labels: Int32Array, { label, train, split }: Asked): number {
  const unknown = labels.filter((number) => number < 0).length;
  if (unknown < labels.length) return unknown;
  throw new SspError(
    'unknown-classes',
    `no \`${label}\` of split \`${split}\` occurs in split \`${train}\`, so nothing can be predicted`,
    {
      help: `The splits of this data set keep each \`${label}\` in one split: predict another attribute.`,
    },
  );
}
