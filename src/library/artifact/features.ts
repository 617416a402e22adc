import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { readSlice } from '../../base/files/file-slices.js';
import { createNpy, readNpyHeader } from '../../base/files/npy.js';
import { momentsOf } from '../../tensor/probe/standardise.js';
import type { Artifact, StageContext } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import type { Images } from './images.js';

const file = 'features.npy';
/** Says of which images they are, so that those of others are not taken for them. */
const about = 'features.json';

const advice =
  'Mend the stage that makes it: “Features of your own” in the documentation of the language says what the file holds.';

/** Features from another stage, (n, d) in all. */
export interface Features {
  readonly n: number;
  /** Their length d. */
  readonly d: number;
  /**
   * Features (m, d) of the images at `indices`.
   * @throws SspError `bad-features` when one is not a finite number.
   */
  at(indices: Int32Array): Float32Array;
}

/** What embeds images. */
export interface Embedding {
  /** Length d of the features. */
  readonly d: number;
  /** Images in one pass. */
  readonly batch: number;
  /** Features (m, d) of images, uint8 (m, size, size, 3). */
  embed(pixels: Uint8Array): Float32Array;
}

/**
 * Writes the features of all images into a folder, batch by batch: `features.npy`, float32 (n, d).
 * @throws SspError `bad-features` when one is not a finite number.
 */
export async function writeFeatures(
  { out, progress }: Pick<StageContext<unknown>, 'out' | 'progress'>,
  images: Images,
  on: Artifact,
  { d, batch, embed }: Embedding,
): Promise<void> {
  const { count } = images;
  const npy = createNpy(join(out, file), [count, d], 'float32');
  for (let from = 0; from < count; from += batch) {
    const rows = Math.min(batch, count - from);
    const indices = Int32Array.from({ length: rows }, (_, i) => from + i);
    const features = embed(await images.fetch(indices));
    checkFinite(features, d, indices, images, 'the encoder gives');
    npy.write(4 * from * d, bytesOf(features));
    progress({ unit: 'image', done: from + rows, total: count });
  }
  npy.close();
  writeFileSync(join(out, about), aboutText(on));
}

/**
 * Opens the features of images; those asked for are read when they are needed.
 * @throws SspError `bad-artifact` or `bad-npy` when they are cut off, of other images or something else.
 */
export function openFeatures(artifact: Artifact, images: Images, on: Artifact): Features {
  const { n, d, start, path } = headerOf(artifact);
  if (n !== images.count) {
    throw badArtifact(
      file,
      `holds features of ${n} images, but there are ${images.count}`,
      'Give features of the same images, all of them in their order, or an encoder in their place.',
    );
  }
  if (artifact.has(about) && readFileSync(artifact.file(about), 'utf8') !== aboutText(on)) {
    throw badArtifact(
      file,
      `holds features of other images than those given, ${n} of each`,
      'Give features of the same images, or an encoder in their place.',
    );
  }
  return {
    n,
    d,
    at(indices) {
      const features = new Float32Array(indices.length * d);
      for (const { row, place, rows } of runsOf(indices)) {
        const into = features.subarray(place * d, (place + rows) * d);
        readSlice(path, start + 4 * row * d, bytesOf(into));
      }
      checkFinite(
        features,
        d,
        indices,
        images,
        'there is',
        artifact.has(about) ? undefined : advice,
      );
      return features;
    },
  };
}

/** Checks features that a stage left: gives how many there are, and their length d. */
export function checkFeatures(artifact: Artifact): { readonly n: number; readonly d: number } {
  const { n, d } = headerOf(artifact);
  if (n === 0 || d === 0) throw badArtifact(file, 'holds no features', advice);
  return { n, d };
}

function headerOf(artifact: Artifact) {
  const path = artifact.file(file);
  const { shape, type, start } = readNpyHeader(path, file);
  const [n = 0, d = 0] = shape;
  if (type === 'float32' && shape.length === 2) return { n, d, start, path };
  const found = `holds ${type} of shape (${shape.join(', ')}), not float32 of shape (n, d)`;
  throw badArtifact(file, found, advice);
}

const aboutText = (on: Artifact): string => `${JSON.stringify({ of: on.digest })}\n`;

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Rows that follow one another in a file, and the place of the first among the indices. */
function* runsOf(
  indices: Int32Array,
): Generator<{ readonly row: number; readonly place: number; readonly rows: number }> {
  for (let place = 0; place < indices.length; ) {
    const row = indices[place] ?? 0;
    let rows = 1;
    while (indices[place + rows] === row + rows) rows += 1;
    yield { row, place, rows };
    place += rows;
  }
}

/** @throws SspError `bad-features` when one of the features (m, d) of the images at `indices` is not a finite number. */
export function checkFinite(
  features: Float32Array,
  d: number,
  indices: Int32Array,
  images: Images,
  found: string,
  help = 'Weights are too large for float32: look at the loss of the training.',
): void {
  const wrong = features.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const { name } = images.item(indices[Math.floor(wrong / d)] ?? 0);
  throw new SspError(
    'bad-features',
    `${found} ${features[wrong]} as feature ${wrong % d} of image ${JSON.stringify(name)}`,
    { help },
  );
}

/** Features that differ by less than this share of their length differ by rounding: float32 has seven digits. */
const rounding = 1e-6;

/** Do features (n, d) differ between images by more than rounding? */
export const tellApart = (features: Float32Array, d: number): boolean =>
  differOf(features, d) > rounding;

/** How much features (n, d) differ from their mean, as a share of their length: by the mean of squares. */
function differOf(features: Float32Array, d: number): number {
  const { mean, deviation } = momentsOf(features, d);
  const squared = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  const [means, deviations] = [squared(mean), squared(deviation)];
  return deviations === 0 ? 0 : Math.sqrt(deviations / (means + deviations));
}

/** Remarks that the features (n, d) do not tell images apart, or by rounding alone; says whether they do not. */
export const remarkCollapse = remarkAlike('the encoder has collapsed');

/** Remarks that images of which a class is predicted all have one answer, as their features do not differ; says whether. */
export const remarkOneAnswer = remarkAlike('each has the same answer');

/** Remarks that features do not differ, and what follows; says whether. */
function remarkAlike(so: string) {
  return (
    features: Float32Array,
    d: number,
    split: string,
    { remark }: Pick<StageContext<unknown>, 'remark'>,
  ): boolean => {
    const found = collapseIn(features, d, split);
    if (found !== undefined) remark(`${found}: ${so}`);
    return found !== undefined;
  };
}

/** @throws SspError `constant-features` when the features (n, d) of `whose` do not tell images apart. */
export function requireDifferences(
  features: Float32Array,
  d: number,
  split: string,
  whose: string,
): void {
  const found = collapseIn(features, d, split);
  if (found === undefined) return;
  throw new SspError('constant-features', `${found} by ${whose}, so there is nothing to compare`, {
    help: 'The encoder has collapsed: look at `feature_std` of its training.',
  });
}

function collapseIn(features: Float32Array, d: number, split: string): string | undefined {
  const n = features.length / d;
  if (n < 2) return undefined;
  const differ = differOf(features, d);
  if (differ > rounding) return undefined;
  const all = `all ${n} images of split \`${split}\` have the same features`;
  return differ === 0
    ? all
    : `${all} but for rounding (${differ.toExponential(0)} of their length)`;
}
