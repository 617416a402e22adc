import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, SspError } from '../../base/errors.js';
import { readNpy, writeNpy } from '../../tensor/npy.js';
import type { Artifact } from '../stage.js';

/** One image's name and labels. */
export interface Item {
  /** Unique among the images, and stable: lists of pairs use it. */
  readonly name: string;
  readonly split: string;
  /** `class`, `group`, `artist` …: the same names for every item. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where images come from, and on which terms. */
export interface Source {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly license: string;
  readonly author: string;
}

/** Square RGB images with labels, as a stage writes them. */
export interface ImagesContent {
  /** Height and width in pixels. */
  readonly size: number;
  /** (n, size, size, 3), 0 to 255. */
  readonly pixels: Uint8Array;
  readonly items: readonly Item[];
  /** Each attribute's values in their order: the number of a label is its place here. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly sources: readonly Source[];
}

/** Images from another stage. */
export interface Images extends ImagesContent {
  readonly count: number;
  readonly channels: 3;
  item(index: number): Item;
  /** Pixels of one image, (size, size, 3): a view, not a copy. */
  image(index: number): Uint8Array;
  /** The value of an attribute for each image; throws an SspError that lists the attributes when there is none of that name. */
  attribute(name: string): readonly string[];
  /** The number of each image's label, and what the numbers mean. */
  labels(attribute: string): { readonly values: readonly string[]; readonly numbers: Int32Array };
  hasAttribute(name: string): boolean;
  /** The images of a split, in order; throws an SspError that lists the splits when there is none of that name. */
  indicesOf(split: string): Int32Array;
}

interface ItemsFile extends Omit<ImagesContent, 'size' | 'pixels'> {
  readonly format: 'ssp-images';
  readonly version: 1;
}

/** Writes `images.npy`, uint8 (n, size, size, 3), and `items.json` into a folder: the same content gives the same bytes. */
export function writeImages(folder: string, content: ImagesContent): void {
  const { size, pixels, items } = content;
  invariant(
    pixels.length === items.length * size * size * 3,
    `${pixels.length} values are not ${items.length} images of ${size} x ${size} x 3`,
  );
  writeNpy(join(folder, 'images.npy'), { shape: [items.length, size, size, 3], data: pixels });
  const head = JSON.stringify({ format: 'ssp-images', version: 1 }).slice(0, -1);
  const lines = items.map(({ name, split, attributes }) =>
    JSON.stringify({ name, split, attributes: sorted(attributes) }),
  );
  writeFileSync(
    join(folder, 'items.json'),
    `${head},"values":${JSON.stringify(sorted(content.values))},\n"sources":${JSON.stringify(content.sources)},\n"items":[\n${lines.join(',\n')}\n]}\n`,
  );
}

/**
 * Opens the images of another stage (also those inside Pairs).
 * @throws SspError `bad-artifact` when a file is cut off or is something else.
 */
export function openImages(artifact: Artifact): Images {
  const path = artifact.file('images.npy');
  const { shape, data } = readNpy(path);
  const file = parseItems(artifact.file('items.json'));
  const [count, size] = shape;
  if (
    !(data instanceof Uint8Array) ||
    count === undefined ||
    size === undefined ||
    shape.length !== 4 ||
    shape[2] !== size ||
    shape[3] !== 3
  ) {
    throw badArtifact(
      path,
      `holds an array of shape (${shape.join(', ')}), not uint8 images of shape (n, size, size, 3)`,
    );
  }
  if (file.items.length !== count) {
    throw badArtifact(path, `holds ${count} images, but items.json names ${file.items.length}`);
  }
  return viewOf({
    size,
    pixels: data,
    items: file.items,
    values: file.values,
    sources: file.sources,
  });
}

function viewOf(content: ImagesContent): Images {
  const { items, size, pixels, values } = content;
  const length = size * size * 3;
  const order = (name: string): readonly string[] => {
    const found = values[name];
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
    ...content,
    count: items.length,
    channels: 3,
    item(index) {
      const item = items[index];
      invariant(item !== undefined, `there is no image ${index} among ${items.length}`);
      return item;
    },
    image: (index) => pixels.subarray(index * length, (index + 1) * length),
    attribute,
    labels(name) {
      const number = new Map(order(name).map((value, place) => [value, place]));
      return {
        values: order(name),
        numbers: Int32Array.from(attribute(name), (value) => number.get(value) ?? -1),
      };
    },
    hasAttribute: (name) => values[name] !== undefined,
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

function parseItems(path: string): ItemsFile {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badArtifact(path, `is cut off or is not JSON: ${error.message}`);
  }
  if (!isItemsFile(file))
    throw badArtifact(path, 'does not name images (format ssp-images, version 1)');
  for (const [name, list] of Object.entries(file.values)) {
    const values = new Set(list);
    for (const item of file.items) {
      const value = item.attributes[name];
      if (value === undefined || !values.has(value)) {
        throw badArtifact(
          path,
          `gives item ${item.name} no listed ${name}: ${JSON.stringify(value)}`,
        );
      }
    }
  }
  return file;
}

function isItemsFile(file: unknown): file is ItemsFile {
  return (
    isRecord(file) &&
    file.format === 'ssp-images' &&
    file.version === 1 &&
    isRecord(file.values) &&
    Object.values(file.values).every((list) => Array.isArray(list)) &&
    Array.isArray(file.sources) &&
    Array.isArray(file.items) &&
    file.items.every(
      (item: unknown) =>
        isRecord(item) &&
        typeof item.name === 'string' &&
        typeof item.split === 'string' &&
        isRecord(item.attributes) &&
        Object.values(item.attributes).every((value) => typeof value === 'string'),
    )
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A file of another stage's result that is not what its type says. */
export function badArtifact(path: string, found: string): SspError {
  return new SspError('bad-artifact', `${path} ${found}`, {
    help: 'Run `ssp verify` on the store; the stage that wrote it will run again.',
  });
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
