import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../../base/errors.js';
import { oneLine } from '../../../base/plain-text.js';
import { splitNamed } from '../../../base/split-names.js';
import { writtenOtherwise } from '../../../base/written-otherwise.js';
import { readCsv } from '../../pairs/read-csv.js';
import type { DataFile } from '../files/data-file.js';
import { isImageName, kindOfName } from './kind-of-name.js';
import type { Sample } from './sample.js';
import { noClass } from './samples-of-folders.js';

/**
 * The images that a CSV file lists, with the header `name` and any of `split`, `class` and further
 * attributes: names are relative to the root. Where it has no `class`, the first folder is the class;
 * where all images that it lists are in folders of splits, the split and the folder in that.
 * @throws SspError `bad-image-list` that names each bad line.
 */
export function readList(path: string, files: readonly DataFile[]): readonly Sample[] {
  const known = new Map(files.map((file) => [file.name, file]));
  const faults: string[] = [];
  const rows: Row[] = [];
  const lines = new Map<string, number>();
  let header: readonly string[] | undefined;
  for (const record of readCsv(readText(path))) {
    if ('fault' in record) {
      faults.push(`line ${record.line}: ${record.fault}`);
      continue;
    }
    if (header === undefined) {
      header = record.fields;
      const wrong = faultOfHeader(header);
      if (wrong !== undefined) throw bad(path, [`line ${record.line}: ${wrong}`]);
      continue;
    }
    const row = rowOf(record.fields, header, known);
    const name = typeof row === 'string' ? undefined : row.file.name;
    const before = name === undefined ? undefined : lines.get(name);
    if (typeof row === 'string') faults.push(`line ${record.line}: ${row}`);
    else if (before !== undefined) {
      faults.push(`line ${record.line}: ${name} stands on line ${before} already`);
    } else {
      rows.push(row);
      lines.set(row.file.name, record.line);
    }
  }
  if (faults.length > 0) throw bad(path, faults);
  if (rows.length === 0) throw bad(path, ['it lists no image']);
  const hasSplits = rows.every(({ file }) => splitNamed(foldersOf(file)[0] ?? '') !== undefined);
  return rows
    .map((row) => sampleOf(row, hasSplits))
    .sort((a, b) => (a.file.name < b.file.name ? -1 : 1));
}

/** What a line says of a file. */
interface Row {
  readonly file: DataFile;
  readonly given: Readonly<Record<string, string>>;
}

const foldersOf = ({ inside }: DataFile): readonly string[] => inside.split('/').slice(0, -1);

function sampleOf({ file, given: { split, ...given } }: Row, hasSplits: boolean): Sample {
  const [top, below] = foldersOf(file);
  const attributes = { class: (hasSplits ? below : top) ?? noClass, ...given };
  const called = split ?? (hasSplits ? top : undefined);
  return called === undefined
    ? { file, attributes }
    : { file, split: splitNamed(called) ?? called, attributes };
}

function rowOf(
  fields: readonly string[],
  header: readonly string[],
  known: ReadonlyMap<string, DataFile>,
): Row | string {
  if (fields.length !== header.length) {
    return `${fields.length} fields, but the header has ${header.length}; a field with a comma stands in quotes`;
  }
  const { name = '', ...given } = Object.fromEntries(
    header.map((column, at) => [column, fields[at] ?? '']),
  );
  const file = known.get(name) ?? known.get(plainPath(name));
  if (file === undefined) {
    const same = writtenOtherwise(name, known.keys());
    return `there is no image ${JSON.stringify(name)}${same === undefined ? '' : `; ${same}`}`;
  }
  if (kindOfName(file.name) !== 'image') return noImage(name);
  const empty = header.find((column, at) => column !== 'name' && fields[at] === '');
  if (empty !== undefined) return `${name} has no ${empty}`;
  return { file, given };
}

const noImage = (name: string): string =>
  isImageName(name)
    ? `${name} is an image of a format that is not read; JPEG, PNG, WebP, GIF, BMP and TIFF are`
    : `${name} is no image file`;

/** A path without `./` and empty parts, and with `/` where Windows has `\`. */
const plainPath = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.')
    .join('/');

function faultOfHeader(header: readonly string[]): string | undefined {
  if (!header.includes('name'))
    return `the header is ${JSON.stringify(header.join(','))}; it lacks \`name\`${likely(header)}`;
  const twice = header.find((column, at) => header.indexOf(column) !== at);
  if (twice !== undefined) return `the header has ${JSON.stringify(twice)} twice`;
  return header.includes('') ? 'a column of the header has no name' : undefined;
}

/** What a header without `name` is likely to be. */
function likely(header: readonly string[]): string {
  if (header.some((column) => column.toLowerCase() === 'name')) return ', in small letters';
  const other = header.length === 1 ? /[;\t]/.exec(header[0] ?? '')?.[0] : undefined;
  if (other === undefined) return '';
  return `: fields are separated by commas, not by ${other === ';' ? 'semicolons' : 'tabs'}`;
}

function readText(path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true });
    return text.decode(readFileSync(path));
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || code.startsWith('ERR_')) throw bad(path, ['it is not UTF-8']);
    throw new SspError('bad-image-list', `${path} cannot be read: ${code}`, { cause: error });
  }
}

function bad(path: string, faults: readonly string[]): SspError {
  const shown = faults.slice(0, 10).map((fault) => `\n  ${oneLine(fault)}`);
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : '';
  return new SspError('bad-image-list', `${path} is no list of images:${shown.join('')}${more}`, {
    help: 'The header is `name`, then `split`, `class` or other attributes; each line names one file, relative to `root`.',
  });
}
