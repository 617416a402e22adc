import { SspError } from '../../../base/errors.js';
import { readJson } from '../../../base/read-json.js';
import { splitNamed } from '../../../base/split-names.js';
import { utf8Text } from '../../../base/utf8-text.js';
import { readSource } from '../decode/image-source.js';
import type { DataFile } from '../files/data-file.js';

/** What stands beside an image in its archive. */
export interface SaidBeside {
  readonly class: string;
  readonly split?: string;
}

/**
 * What the archives of webdataset say of `x.jpg`: its class in `x.cls`, or `class`, `label` or `cls`, and `split`, in
 * `x.json`. Undefined where no image has such a file beside it.
 * @throws SspError `data-layout`, also of an image that has none where others have.
 */
export function saidBeside(
  images: readonly DataFile[],
  files: readonly DataFile[],
): ((image: DataFile) => SaidBeside) | undefined {
  const beside = new Map<string, DataFile>();
  for (const file of files) {
    if (file.archive !== undefined && /\.(cls|json)$/.test(file.name)) beside.set(file.name, file);
  }
  const besideOf = (image: DataFile): DataFile | undefined => {
    const key = image.name.replace(/\.[^/]*$/, '');
    return beside.get(`${key}.cls`) ?? beside.get(`${key}.json`);
  };
  if (!images.some((image) => besideOf(image) !== undefined)) return undefined;
  return (image) => {
    const about = besideOf(image);
    if (about !== undefined) return readBeside(about);
    throw fault(
      `${image.name} has neither .cls nor .json beside it, as other images of the archive have`,
    );
  };
}

function readBeside(about: DataFile): SaidBeside {
  const bytes = readSource(about.source);
  if (about.name.endsWith('.cls')) {
    const read = utf8Text(bytes);
    if ('fault' in read) throw fault(`${about.name}: ${read.fault}`);
    const name = read.text.trim();
    if (name === '') throw fault(`${about.name} is empty`);
    return { class: name };
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
  return typeof fields.split === 'string'
    ? { class: String(label), split: splitNamed(fields.split) ?? fields.split }
    : { class: String(label) };
}

const fault = (found: string): SspError =>
  new SspError('data-layout', found, {
    help: 'expected for x.jpg its class in x.cls or x.json, or folders in the archive that are the classes',
  });
