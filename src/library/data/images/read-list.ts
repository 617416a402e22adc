import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../../base/errors.js';
import { oneLine } from '../../../base/plain-text.js';
import { splitNamed } from '../../../base/split-names.js';
import { utf8Text } from '../../../base/utf8-text.js';
import { noClass } from '../../artifact/no-class.js';
import { otherSeparator, readCsv } from '../../pairs/read-csv.js';
import type { StageContext } from '../../stage.js';
import type { DataFile } from '../files/data-file.js';
import { foldersOfEach } from './folders-of-each.js';
import { isImageName, kindOfName } from './kind-of-name.js';
import { likelyName } from './likely-name.js';
import { remarkOtherColumn } from './remark-classes.js';
import { type SaidBeside, saidBeside, splitBeside } from './said-beside.js';
import type { Sample } from './sample.js';
import { areSplits } from './samples-of-folders.js';

/**
 * The images that a CSV file lists, with the header `name` and any of `split`, `class` and further
 * attributes: names are relative to the root. What it has no column of, what stands beside the images in archives
 * says (`said-beside.ts`), else folders: the first is the class; where all images that it lists are in folders of
 * splits, that is the split and the folder in it the class.
 * @throws SspError `bad-image-list` that names each bad line, or `data-layout`.
 */
export function readList(
  path: string,
  files: readonly DataFile[],
  context: Pick<StageContext<unknown>, 'remark'>,
): readonly Sample[] {
  const known = new Map(files.map((file) => [file.name, file]));
  const faults: Fault[] = [];
  const rows: Row[] = [];
  const lines = new Map<string, number>();
  let header: readonly string[] | undefined;
  for (const record of readCsv(readText(path))) {
    if ('fault' in record) {
      faults.push(() => `line ${record.line}: ${record.fault}`);
      continue;
    }
    if (header === undefined) {
      header = record.fields;
      const wrong = faultOfHeader(header);
      if (wrong !== undefined) throw bad(path, [() => `line ${record.line}: ${wrong}`]);
      continue;
    }
    const row = rowOf(record.fields, header, known);
    const name = typeof row === 'function' ? undefined : row.file.name;
    const before = name === undefined ? undefined : lines.get(name);
    if (typeof row === 'function') faults.push(() => `line ${record.line}: ${row()}`);
    else if (before !== undefined) {
      faults.push(() => `line ${record.line}: ${name} stands on line ${before} already`);
    } else {
      rows.push(row);
      lines.set(row.file.name, record.line);
    }
  }
  if (faults.length > 0) throw bad(path, faults);
  if (rows.length === 0) throw bad(path, [() => 'it lists no image']);
  const listed = rows.map(({ file }) => file);
  const columns = new Set(header);
  const said = columns.has('class') ? undefined : saidBeside(listed, files);
  const isAsked = said === undefined && !columns.has('split');
  const splitOf = isAsked ? splitBeside(files) : undefined;
  const beside = listed.map((file): Partial<SaidBeside> => {
    const split = splitOf?.(file);
    return said?.(file) ?? (split === undefined ? {} : { split });
  });
  const folders = foldersOfEach(listed);
  const isSaid =
    (columns.has('class') || said !== undefined) &&
    (columns.has('split') || beside.every(({ split }) => split !== undefined));
  const hasSplits =
    !isSaid &&
    areSplits(folders, 'the columns `split` and `class` of the list say what folders do not');
  const samples = rows
    .map((row, at) =>
      sampleOf(row, { ...saidByFolders(folders[at] ?? [], hasSplits), ...beside[at] }),
    )
    .sort((a, b) => (a.file.name < b.file.name ? -1 : 1));
  if (said === undefined && !columns.has('class')) remarkOtherColumn(samples, context);
  return samples;
}

/** What a line says of a file. */
interface Row {
  readonly file: DataFile;
  readonly given: Readonly<Record<string, string>>;
}

/** What is wrong with a line; said only where it is shown, as what may have been meant takes long to find. */
type Fault = () => string;

function saidByFolders([top, below]: readonly string[], hasSplits: boolean): SaidBeside {
  return hasSplits
    ? { class: below ?? noClass, ...(top !== undefined && { split: top }) }
    : { class: top ?? noClass };
}

function sampleOf({ file, given: { split, ...given } }: Row, said: SaidBeside): Sample {
  const attributes = { class: said.class, ...given };
  const called = split ?? said.split;
  return called === undefined
    ? { file, attributes }
    : { file, split: splitNamed(called) ?? called, attributes };
}

function rowOf(
  fields: readonly string[],
  header: readonly string[],
  known: ReadonlyMap<string, DataFile>,
): Row | Fault {
  if (fields.length !== header.length) {
    return () =>
      `${fields.length} fields, but the header has ${header.length}; a field with a comma stands in quotes`;
  }
  const { name = '', ...given } = Object.fromEntries(
    header.map((column, at) => [column, fields[at] ?? '']),
  );
  const file = known.get(name) ?? known.get(plainPath(name));
  if (file === undefined) {
    return () => `there is no image ${JSON.stringify(name)}${likelyName(name, known)}`;
  }
  if (kindOfName(file.name) !== 'image') return () => noImage(name);
  const empty = header.find((column, at) => column !== 'name' && fields[at]?.trim() === '');
  if (empty !== undefined) return () => `${name} has no ${empty}`;
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
  const slip = header.find((column) => !read.includes(column) && read.includes(plain(column)));
  if (slip !== undefined) {
    return `the header has ${JSON.stringify(slip)}: write \`${plain(slip)}\`, in small letters`;
  }
  if (!header.includes('')) return undefined;
  return 'a column of the header has no name; pandas writes its index so, but not with `index=False`';
}

/** The columns that mean something; others are attributes. */
const read = ['name', 'split', 'class'];

const plain = (column: string): string => column.trim().toLowerCase();

/** What a header without `name` is likely to be. */
function likely(header: readonly string[]): string {
  if (header.some((column) => column.toLowerCase() === 'name')) return ', in small letters';
  return otherSeparator(header);
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('bad-image-list', `${path} cannot be read: ${code}`, { cause: error });
  }
  const read = utf8Text(bytes);
  if ('text' in read) return read.text;
  throw bad(path, [() => read.fault]);
}

function bad(path: string, faults: readonly Fault[]): SspError {
  const shown = faults.slice(0, 10).map((fault) => `\n  ${oneLine(fault())}`);
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : '';
  return new SspError('bad-image-list', `${path} is no list of images:${shown.join('')}${more}`, {
    help: 'The header is `name`, then `split`, `class` or other attributes; each line names one file, relative to `root`.',
  });
}
