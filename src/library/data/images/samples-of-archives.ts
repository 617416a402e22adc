import { SspError } from '../../../base/errors.js';
import { splitOfArchive } from '../../../base/files/archive-name.js';
import { readJson } from '../../../base/read-json.js';
import { splitNamed } from '../../../base/split-names.js';
import { readSource } from '../decode/image-source.js';
import type { DataFile } from '../files/data-file.js';
import type { Sample } from './sample.js';
import { samplesOfFolders } from './samples-of-folders.js';

/**
 * Splits and classes of images in archives: of `x.jpg`, what `x.cls` (a class) or `x.json` (`class`, `label` or `cls`,
 * and `split`) beside it says, as webdataset writes them; without such files, folders as they stand in
 * the archive.
 * @throws SspError `data-layout` where some images have a class and others have none.
 */
export function samplesOfArchives(
  images: readonly DataFile[],
  files: readonly DataFile[],
): readonly Sample[] {
  const beside = new Map<string, DataFile>();
  for (const file of files) {
    if (file.archive !== undefined && /\.(cls|json)$/.test(file.name)) beside.set(file.name, file);
  }
  const isBeside = images.some((image) => besideOf(image, beside) !== undefined);
  return isBeside
    ? images.map((image) => sampleOf(image, besideOf(image, beside)))
    : samplesOfFolders(images);
}

/**
 * Of an image that has no split the one that its archive is called after: `train-0001.tar`, or
 * `train/0001.tar`.
 */
export function withSplitOfArchive(sample: Sample): Sample {
  const { archive } = sample.file;
  if (sample.split !== undefined || archive === undefined) return sample;
  const folders = archive.split('/').slice(0, -1);
  const split = splitOfArchive(archive) ?? folders.map(splitNamed).find((of) => of !== undefined);
  return split === undefined ? sample : { ...sample, split };
}

function besideOf(image: DataFile, beside: ReadonlyMap<string, DataFile>): DataFile | undefined {
  const key = image.name.replace(/\.[^/]*$/, '');
  return beside.get(`${key}.cls`) ?? beside.get(`${key}.json`);
}

function sampleOf(file: DataFile, about: DataFile | undefined): Sample {
  if (about === undefined) {
    throw fault(
      `${file.name} has neither .cls nor .json beside it, as other images of the archive have`,
    );
  }
  const bytes = readSource(about.source);
  if (about.name.endsWith('.cls')) {
    const text = Buffer.from(bytes).toString('utf8').trim();
    if (text === '') throw fault(`${about.name} is empty`);
    return { file, attributes: { class: text } };
  }
  const read = readJson(bytes, { repeated: true });
  if ('fault' in read) throw fault(`${about.name} ${read.fault}`);
  const { value } = read;
  const fields =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const label = fields.class ?? fields.label ?? fields.cls;
  if (typeof label !== 'string' && typeof label !== 'number') {
    throw fault(`${about.name} has no \`class\`, \`label\` or \`cls\` that is a text or a number`);
  }
  const attributes = { class: String(label) };
  return typeof fields.split === 'string'
    ? { file, split: splitNamed(fields.split) ?? fields.split, attributes }
    : { file, attributes };
}

const fault = (found: string): SspError =>
  new SspError('data-layout', found, {
    help: 'expected for x.jpg its class in x.cls or x.json, or folders in the archive that are the classes',
  });
