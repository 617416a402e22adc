import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, SspError } from '../../base/errors.js';
import { readSlice } from '../../base/files/file-slices.js';
import { createNpy, readNpyHeader } from '../../base/files/npy.js';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import { type Item, type ItemsFile, readItems } from './items.js';

/** What is said of images beside their pixels. */
export interface ImagesAbout extends ItemsFile {
  /** Height and width in pixels. */
  readonly size: number;
}

/** Square RGB images with labels, as a stage writes them. */
export interface ImagesContent extends ImagesAbout {
  /** (n, size, size, 3), 0 to 255. */
  readonly pixels: Uint8Array;
}

/** Images from another stage. */
export interface Images extends ImagesAbout {
  readonly count: number;
  readonly channels: 3;
  item(index: number): Item;
  /** Pixels of one image, (size, size, 3); not to be changed. */
  image(index: number): Uint8Array;
  /** The value of an attribute for each image; throws an SspError that lists the attributes when there is none of that name. */
  attribute(name: string): readonly string[];
  /** The number of each image's label, and what the numbers mean. */
  labels(attribute: string): { readonly values: readonly string[]; readonly numbers: Int32Array };
  hasAttribute(name: string): boolean;
  /** The images of a split, in order; throws an SspError that lists the splits when there is none of that name. */
  indicesOf(split: string): Int32Array;
}

/** Writes images one after another, or in any order. */
export interface ImagesWriter {
  /** Puts the pixels of one image, or of several that follow one another. */
  put(index: number, pixels: Uint8Array): void;
  close(): void;
}

/** Writes `images.npy`, uint8 (n, size, size, 3), and `items.json` into a folder: the same content gives the same bytes. */
export function writeImages(folder: string, content: ImagesContent): void {
  const { size, pixels, items } = content;
  invariant(
    pixels.length === items.length * size * size * 3,
    `${pixels.length} values are not ${items.length} images of ${size} x ${size} x 3`,
  );
  const writer = createImages(folder, content);
  writer.put(0, pixels);
  writer.close();
}

/** As {@link writeImages}, where the pixels are not all at hand: an image that is not put is black. */
export function createImages(folder: string, about: ImagesAbout): ImagesWriter {
  const { size, items } = about;
  const head = JSON.stringify({ format: 'ssp-images', version: 1 }).slice(0, -1);
  const lines = items.map(({ name, split, attributes }) =>
    JSON.stringify({ name, split, attributes: sorted(attributes) }),
  );
  writeFileSync(
    join(folder, 'items.json'),
    `${head},"values":${JSON.stringify(sorted(about.values))},\n"sources":${JSON.stringify(about.sources)},\n"items":[\n${lines.join(',\n')}\n]}\n`,
  );
  const npy = createNpy(join(folder, 'images.npy'), [items.length, size, size, 3]);
  return {
    put: (index, pixels) => npy.write(index * size * size * 3, pixels),
    close: () => npy.close(),
  };
}

/** Bytes of pixels that are held in memory at once; of more, each image is read when it is needed. */
const inMemory = 2 ** 30;

/**
 * Opens the images of another stage (also those inside Pairs); their pixels are read when the first is needed.
 * @throws SspError `bad-artifact` or `bad-npy` when a file is cut off or is something else.
 */
export function openImages(artifact: Artifact): Images {
  const path = artifact.file('images.npy');
  const { shape, type, start } = readNpyHeader(path, 'images.npy');
  const [count = 0, size = 0] = shape;
  if (type !== 'uint8' || shape.length !== 4 || shape[2] !== size || shape[3] !== 3) {
    throw badArtifact(
      'images.npy',
      `holds ${type} of shape (${shape.join(', ')}), not uint8 images of shape (n, size, size, 3)`,
      adviceFor(type, shape),
    );
  }
  const file = readItems(artifact.file('items.json'));
  if (file.items.length !== count) {
    throw badArtifact(
      'images.npy',
      `holds ${count} images, but items.json names ${file.items.length}`,
    );
  }
  const length = size * size * 3;
  const read = (index: number, images: number): Uint8Array => {
    const pixels = new Uint8Array(images * length);
    readSlice(path, start + index * length, pixels);
    return pixels;
  };
  let all: Uint8Array | undefined;
  const { items, values, sources } = file;
  return viewOf({ size, items, values, sources }, (index) => {
    if (count * length > inMemory) return read(index, 1);
    all ??= read(0, count);
    return all.subarray(index * length, (index + 1) * length);
  });
}

function adviceFor(type: string, shape: readonly number[]): string | undefined {
  if (type.startsWith('float'))
    return 'Give numbers from 0 to 255: (255 * x).round().astype("uint8").';
  if (type !== 'uint8') return 'Give numbers from 0 to 255: x.astype("uint8").';
  if (shape.length === 3) return 'Grey images have three equal channels: numpy.stack([x] * 3, -1).';
  if (shape[1] === 3) return 'Channels come last: x.transpose(0, 2, 3, 1).';
  if (shape[3] === 4) return 'Leave the alpha channel out: x[..., :3].';
  return undefined;
}

function viewOf({ items, size, values, sources }: ImagesAbout, image: Images['image']): Images {
  const order = (name: string): readonly string[] => {
    const found = Object.hasOwn(values, name) ? values[name] : undefined;
    if (found !== undefined) return found;
    throw new SspError(
      'unknown-attribute',
      `the images have no attribute ${JSON.stringify(name)}`,
      {
        help: `They have ${list(Object.keys(values))}.`,
      },
    );
  };
  const attribute = (name: string): readonly string[] => {
    order(name);
    return items.map((item) => item.attributes[name] ?? '');
  };
  return {
    items,
    size,
    values,
    sources,
    count: items.length,
    channels: 3,
    item(index) {
      const item = items[index];
      invariant(item !== undefined, `there is no image ${index} among ${items.length}`);
      return item;
    },
    image,
    attribute,
    labels(name) {
      const number = new Map(order(name).map((value, place) => [value, place]));
      return {
        values: order(name),
        numbers: Int32Array.from(attribute(name), (value) => number.get(value) ?? -1),
      };
    },
    hasAttribute: (name) => Object.hasOwn(values, name),
    indicesOf(split) {
      const found = items.flatMap((item, index) => (item.split === split ? [index] : []));
      if (found.length > 0) return Int32Array.from(found);
      const splits = [...new Set(items.map((item) => item.split))];
      throw new SspError('unknown-split', `no image is in split ${JSON.stringify(split)}`, {
        help: `The splits are ${list(splits)}.`,
      });
    },
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
