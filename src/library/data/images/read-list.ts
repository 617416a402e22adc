import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../../base/errors.js';
import { writtenOtherwise } from '../../../base/written-otherwise.js';
import { readCsv } from '../../pairs/read-csv.js';
import type { DataFile } from '../files/data-file.js';
import type { Sample } from './sample.js';
import { noClass, splitNamed } from './samples-of-folders.js';

/**
 * The images that a CSV file lists, with the header `name` and any of `split`, `class` and further
 * attributes: names are relative to the root. Where it has no `class`, the first folder is the class.
 * @throws SspError `bad-image-list` that names each bad line.
 */
export function readList(path: string, files: readonly DataFile[]): readonly Sample[] {
  const known = new Map(files.map((file) => [file.name, file]));
  const faults: string[] = [];
  const samples: Sample[] = [];
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
    const sample = sampleOf(record.fields, header, known);
    const name = typeof sample === 'string' ? undefined : sample.file.name;
    const before = name === undefined ? undefined : lines.get(name);
    if (typeof sample === 'string') faults.push(`line ${record.line}: ${sample}`);
    else if (before !== undefined) {
      faults.push(`line ${record.line}: ${name} stands on line ${before} already`);
    } else {
      samples.push(sample);
      lines.set(sample.file.name, record.line);
    }
  }
  if (faults.length > 0) throw bad(path, faults);
  if (samples.length === 0) throw bad(path, ['it lists no image']);
  return samples.sort((a, b) => (a.file.name < b.file.name ? -1 : 1));
}

function sampleOf(
  fields: readonly string[],
  header: readonly string[],
  known: ReadonlyMap<string, DataFile>,
): Sample | string {
  if (fields.length !== header.length) {
    return `${fields.length} fields, but the header has ${header.length}; a field with a comma stands in quotes`;
  }
  const {
    name = '',
    split,
    ...given
  } = Object.fromEntries(header.map((column, at) => [column, fields[at] ?? '']));
  const file = known.get(name) ?? known.get(plainPath(name));
  if (file === undefined) {
    const same = writtenOtherwise(name, known.keys());
    return `there is no image ${JSON.stringify(name)}${same === undefined ? '' : `; ${same}`}`;
  }
  const empty = header.find((column, at) => column !== 'name' && fields[at] === '');
  if (empty !== undefined) return `${name} has no ${empty}`;
  const folders = file.inside.split('/');
  const attributes = { class: folders.length > 1 ? (folders[0] ?? noClass) : noClass, ...given };
  return split === undefined
    ? { file, attributes }
    : { file, split: splitNamed(split) ?? split, attributes };
}

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
  const shown = faults.slice(0, 10).map((fault) => `\n  ${fault}`);
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : '';
  return new SspError('bad-image-list', `${path} is no list of images:${shown.join('')}${more}`, {
    help: 'The header is `name`, then `split`, `class` or other attributes; each line names one file, relative to `root`.',
  });
}
