import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '../../base/files/npy.js';
import type { Artifact, StageContext } from '../stage.js';
import type { Images } from './images.js';

/** What images were asked for. */
export interface Question {
  readonly images: Images;
  readonly on: Artifact;
  readonly split: string;
  /** The attribute that was predicted. */
  readonly label: string;
  /** The classes that could be predicted: values of the attribute. */
  readonly classes: readonly string[];
  /** The attribute in which an image and its answer had to differ, where there was one. */
  readonly apart?: string;
}

/**
 * Keeps what was predicted of each image beside the metrics of an evaluation, so that two encoders can be compared
 * image by image.
 *
 * `predictions.npy` is int32 (m, 2 + p), one row for each image that was asked, in their order: its place among the
 * images, the number of its label, and the number of the label that was predicted, of each of p predictions (such as
 * draws) one. `predictions.json` says what was asked, and what the numbers stand for: two results in which it has the
 * same digest were asked the same of the same images, row by row.
 * @param asked - places (m) of the images that were asked
 * @param predictions - of each prediction the places (m) in `classes`
 */
export function writePredictions(
  { out }: Pick<StageContext<unknown>, 'out'>,
  { images, on, split, label, classes, apart }: Question,
  asked: Int32Array,
  predictions: readonly Int32Array[],
): void {
  const { values, numbers } = images.labels(label);
  const numberNamed = new Map(values.map((name, number) => [name, number]));
  const numberOf = classes.map((name) => numberNamed.get(name) ?? -1);
  const columns = 2 + predictions.length;
  const data = new Int32Array(asked.length * columns);
  asked.forEach((image, row) => {
    const predicted = predictions.map((places) => numberOf[places[row] ?? -1] ?? -1);
    data.set([image, numbers[image] ?? -1, ...predicted], row * columns);
  });
  writeNpy(join(out, 'predictions.npy'), { shape: [asked.length, columns], data });
  const format = { format: 'ssp-predictions', version: 1 };
  const question = { ...format, of: on.digest, split, label, ...(apart && { apart }), values };
  writeFileSync(join(out, 'predictions.json'), `${JSON.stringify(question)}\n`);
}
