import { join } from 'node:path';
import { invariant } from '../../base/errors.js';
import { readNpy, writeNpy } from '../../tensor/npy.js';
import type { Artifact } from '../stage.js';
import { badArtifact, type Images, openImages, writeImages } from './images.js';

/** Pairs of images to learn from, together with the images. */
export interface Pairs {
  /** The number m of pairs. */
  readonly count: number;
  readonly images: Images;
  /** (m, 2): pair i is images `pairs[2 i]` and `pairs[2 i + 1]`; the two are equal in an augmented pair. */
  readonly pairs: Int32Array;
}

/**
 * Writes pairs of `source`'s images into a folder: `pairs.npy`, int32 (m, 2), and as
 * `images.npy` and `items.json` those images that are in a pair, in the source's order.
 * `pairs` holds indices into the source.
 */
export function writePairs(folder: string, source: Images, pairs: Int32Array): void {
  invariant(pairs.length % 2 === 0, `${pairs.length} indices do not make pairs`);
  const kept = [...new Set(pairs)].sort((a, b) => a - b);
  const place = new Map(kept.map((index, at) => [index, at]));
  const length = source.size * source.size * source.channels;
  const pixels = new Uint8Array(kept.length * length);
  kept.forEach((index, at) => {
    pixels.set(source.image(index), at * length);
  });
  const { size, values, sources } = source;
  writeImages(folder, {
    size,
    pixels,
    items: kept.map((index) => source.item(index)),
    values,
    sources,
  });
  const moved = pairs.map((index) => place.get(index) ?? -1);
  writeNpy(join(folder, 'pairs.npy'), { shape: [pairs.length / 2, 2], data: moved });
}

/**
 * Opens the pairs of another stage.
 * @throws SspError `bad-artifact` when a file is cut off or is something else.
 */
export function openPairs(artifact: Artifact): Pairs {
  const path = artifact.file('pairs.npy');
  const { shape, data } = readNpy(path);
  if (!(data instanceof Int32Array) || shape.length !== 2 || shape[1] !== 2) {
    throw badArtifact(
      path,
      `holds an array of shape (${shape.join(', ')}), not int32 pairs of shape (m, 2)`,
    );
  }
  const images = openImages(artifact);
  const wrong = data.find((index) => index < 0 || index >= images.count);
  if (wrong !== undefined) {
    throw badArtifact(path, `names image ${wrong} of ${images.count}`);
  }
  return { count: data.length / 2, images, pairs: data };
}
