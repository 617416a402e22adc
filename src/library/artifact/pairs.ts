import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { invariant, SspError } from '../../base/errors.js';
import { readNpy, readNpyHeader, writeNpy } from '../../base/files/npy.js';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import { type Images, openImages } from './images.js';
import { noClass } from './no-class.js';

/** Pairs of images to learn from, together with the images. */
export interface Pairs {
  /** The number m of pairs. */
  readonly count: number;
  readonly images: Images;
  /** (m, 2): pair i is images `pairs[2 i]` and `pairs[2 i + 1]`; the two are equal in an augmented pair. */
  readonly pairs: Int32Array;
}

/**
 * Writes pairs of `source`'s images into a folder: `pairs.npy`, int32 (m, 2), the places of the images
 * in the source, and links to all files of the source, which are taken into the result without a copy.
 */
export function writePairs(folder: string, source: Images, pairs: Int32Array): void {
  invariant(pairs.length % 2 === 0, `${pairs.length} indices do not make pairs`);
  for (const [name, path] of source.files) symlinkSync(resolve(path), join(folder, name));
  writeNpy(join(folder, 'pairs.npy'), { shape: [pairs.length / 2, 2], data: pairs });
}

/**
 * Opens the pairs of another stage.
 * @throws SspError `bad-artifact` or `bad-npy` when a file is cut off or is something else.
 */
export function openPairs(artifact: Artifact): Pairs {
  const path = artifact.file('pairs.npy');
  const { shape, type } = readNpyHeader(path, 'pairs.npy');
  if (type !== 'int32' || shape.length !== 2 || shape[1] !== 2) {
    throw badArtifact(
      'pairs.npy',
      `holds ${type} of shape (${shape.join(', ')}), not int32 pairs of shape (m, 2)`,
      /int/.test(type) && type !== 'int32' ? 'Give int32: pairs.astype("int32").' : undefined,
    );
  }
  const { data } = readNpy(path, 'pairs.npy');
  const pairs = data instanceof Int32Array ? data : new Int32Array(data);
  const images = openImages(artifact);
  const wrong = pairs.findIndex((index) => index < 0 || index >= images.count);
  if (wrong >= 0) {
    throw badArtifact(
      'pairs.npy',
      `names image ${pairs[wrong]} in pair ${Math.floor(wrong / 2)}, but there are ${images.count} images`,
      'Pairs hold the places of images, from 0.',
    );
  }
  return { count: pairs.length / 2, images, pairs };
}

/**
 * The number of each image's label, for a method that takes labels.
 * @throws SspError `unknown-attribute` with the attributes there are, `no-class` when some pairs show images
 * without one, `one-class` when all pairs show one label: there is nothing to tell apart.
 */
export function pairLabels({ images, pairs }: Pairs, attribute: string): Int32Array {
  const { values, numbers } = images.labels(attribute);
  const shown = new Set(Array.from(pairs, (image) => numbers[image] ?? -1));
  const none = attribute === 'class' ? values.indexOf(noClass) : -1;
  if (none >= 0 && shown.has(none)) {
    throw new SspError(
      'no-class',
      `some of the ${pairs.length / 2} pairs show images of which no class is known (\`${noClass}\`): they would count as one class`,
      { help: 'Take another attribute, or pairs of images that have a class.' },
    );
  }
  if (shown.size > 1) return numbers;
  const [only = -1] = shown;
  throw new SspError(
    'one-class',
    `all ${pairs.length / 2} pairs show one \`${attribute}\`, \`${values[only] ?? ''}\``,
    { help: 'Take an attribute with several values.' },
  );
}
