import { invariant, SspError } from '../../base/errors.js';
import { readNpy } from '../../base/files/npy.js';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import { type Item, type ItemsFile, readItems } from './items.js';
import { openPixels, type Pixels } from './read-pixels.js';
import type { ImagesAbout } from './write-images.js';

/** Images from another stage. */
export interface Images extends ImagesAbout {
  readonly count: number;
  readonly channels: 3;
  item(index: number): Item;
  /** Pixels of one image, (size, size, 3); not to be changed. */
  image(index: number): Uint8Array;
  /** Pixels of the images at `indices`, one after another; not to be changed. */
  pixels(indices: Int32Array): Uint8Array;
  /** The same without waiting for the disk: at once where they are in memory. They are left in `into`, if it is given. */
  fetch(indices: Int32Array, into?: Uint8Array): Promise<Uint8Array> | Uint8Array;
  /** Paths of the files that they are in, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** The value of an attribute for each image; throws an SspError that lists the attributes when there is none of that name. */
  attribute(name: string): readonly string[];
  /** The number of each image's label, and what the numbers mean. */
  labels(attribute: string): { readonly values: readonly string[]; readonly numbers: Int32Array };
  hasAttribute(name: string): boolean;
  /** The images of a split, in order; throws an SspError that lists the splits when there is none of that name. */
  indicesOf(split: string): Int32Array;
}

/**
 * Opens the images of another stage (also those inside Pairs); their pixels are read when they are
 * needed, and never more of them than a small part of the memory holds. `about` is what items.json says,
 * where that is known.
 * @throws SspError `bad-artifact` or `bad-npy` when a file is cut off or is something else.
 */
export function openImages(artifact: Artifact, about?: ItemsFile): Images {
  const pixels = openPixels(artifact);
  const file = about ?? readItems(artifact.file('items.json'));
  const rows = artifact.has('rows.npy') ? readRows(artifact, pixels) : undefined;
  const count = rows?.length ?? pixels.count;
  if (file.items.length !== count) {
    const { names } = pixels;
    const shards = names.length > 1 ? `${names[0]} to ${names.at(-1)}` : undefined;
    throw badArtifact(
      rows ? 'rows.npy' : (shards ?? names[0] ?? ''),
      `${shards && !rows ? 'hold' : 'holds'} ${count} images, but items.json names ${file.items.length}`,
    );
  }
  const { items, values, sources } = file;
  return viewOf({ size: pixels.size, items, values, sources }, pixels, rows, artifact);
}

/** Places of images among the pixels: int32 (n). */
function readRows(artifact: Artifact, { count }: Pixels): Int32Array {
  const { shape, data } = readNpy(artifact.file('rows.npy'), 'rows.npy');
  if (!(data instanceof Int32Array) || shape.length !== 1) {
    const type = data.constructor.name.replace('Array', '').toLowerCase();
    throw badArtifact(
      'rows.npy',
      `holds ${type} of shape (${shape.join(', ')}), not int32 of shape (n)`,
    );
  }
  const wrong = data.findIndex((row) => row < 0 || row >= count);
  if (wrong < 0) return data;
  throw badArtifact(
    'rows.npy',
    `names row ${data[wrong]} for image ${wrong}, but there are ${count} rows of pixels`,
  );
}

function viewOf(
  { items, size, values, sources }: ImagesAbout,
  pixels: Pixels,
  rows: Int32Array | undefined,
  artifact: Artifact,
): Images {
  const rowsOf = (indices: Int32Array): Int32Array =>
    rows ? indices.map((index) => rows[index] ?? -1) : indices;
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
    image: (index) => pixels.read(rowsOf(Int32Array.of(index))),
    pixels: (indices) => pixels.read(rowsOf(indices)),
    fetch: (indices, into) => pixels.fetch(rowsOf(indices), into),
    files: new Map(
      [...pixels.names, 'items.json', ...(rows ? ['rows.npy'] : [])].map((name) => [
        name,
        artifact.file(name),
      ]),
    ),
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

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
