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
 * What the archives of webdataset say of `x.jpg`: its class in `x.cls`, or `class`, `label` or `cls` in `x.json`, and
 * `split` there. Undefined where no image has such a file beside it.
 * @throws SspError `data-layout`, also of an image that has none where others have.
 */
export function saidBeside(
  images: readonly DataFile[],
  files: readonly DataFile[],
): ((image: DataFile) => SaidBeside) | undefined {
  const besideOf = besideIn(files);
  const isThere = ({ cls, json }: Beside): boolean => cls !== undefined || json !== undefined;
  if (!images.some((image) => isThere(besideOf(image)))) return undefined;
  return (image) => {
    const about = besideOf(image);
    if (isThere(about)) return readBeside(about);
    throw fault(
      `${image.name} has neither .cls nor .json beside it, as other images of the archive have`,
    );
  };
}

/**
 * The `split` alone that the archives of webdataset say of an image, if any.
 * @throws SspError `data-layout`.
 */
export function splitBeside(files: readonly DataFile[]): (image: DataFile) => string | undefined {
  const besideOf = besideIn(files);
  return (image) => {
    const { json } = besideOf(image);
    return json && splitIn(readFields(json), json.name);
  };
}

/** The files beside an image. */
interface Beside {
  readonly cls: DataFile | undefined;
  readonly json: DataFile | undefined;
}

function besideIn(files: readonly DataFile[]): (image: DataFile) => Beside {
  const beside = new Map<string, DataFile>();
  for (const file of files) {
    if (file.archive !== undefined && /\.(cls|json)$/.test(file.name)) beside.set(file.name, file);
  }
  return ({ name }) => {
    const key = name.replace(/\.[^/]*$/, '');
    return { cls: beside.get(`${key}.cls`), json: beside.get(`${key}.json`) };
  };
}

function readBeside({ cls, json }: Beside): SaidBeside {
  const named = cls && readClass(cls);
  if (json === undefined) return { class: named ?? '' };
  const fields = readFields(json);
  const split = splitIn(fields, json.name);
  const name = named ?? classIn(fields, json.name);
  return split === undefined ? { class: name } : { class: name, split };
}

function readClass({ name, source }: DataFile): string {
  const read = utf8Text(readSource(source));
  if ('fault' in read) throw fault(`${name}: ${read.fault}`);
  const text = read.text.trim();
  if (text === '') throw fault(`${name} is empty`);
  return text;
}

type Fields = Readonly<Record<string, unknown>>;

function readFields({ name, source }: DataFile): Fields {
  const read = readJson(readSource(source), { repeated: true });
  if ('fault' in read) throw fault(`${name} ${read.fault}`);
  const { value } = read;
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function classIn(fields: Fields, name: string): string {
  const key = ['class', 'label', 'cls'].find((key) => (fields[key] ?? null) !== null);
  const label = key === undefined ? undefined : fields[key];
  if (typeof label !== 'string' && typeof label !== 'number') {
    throw fault(`${name} has no \`class\`, \`label\` or \`cls\` that is a text or a number`);
  }
  const text = String(label).trim();
  if (text === '') throw fault(`${name} has a \`${key}\` that is empty`);
  return text;
}

function splitIn({ split }: Fields, name: string): string | undefined {
  if (typeof split !== 'string') return undefined;
  const text = split.trim();
  if (text === '') throw fault(`${name} has a \`split\` that is empty`);
  return splitNamed(text) ?? text;
}

const fault = (found: string): SspError =>
  new SspError('data-layout', found, {
    help: 'expected for x.jpg its class in x.cls or x.json, or folders in the archive that are the classes',
  });
