import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import { utf8Text } from '../../base/utf8-text.js';
import { writtenOtherwise } from '../../base/written-otherwise.js';
import type { Images } from '../artifact/images.js';
import { listed } from '../artifact/labels.js';
import { noClass } from '../artifact/no-class.js';
import type { StageContext } from '../stage.js';
import { itemsByName } from './items-by-name.js';
import { type CsvRecord, otherSeparator, readCsv } from './read-csv.js';

const shown = 20;

/**
 * Reads a list of pairs: a CSV file with the header `a,b` and two item names, or paths, a line. Returns
 * indices into the images, pair by pair, in the list's order. Pairs that stand there again are kept, and
 * remarked.
 * @throws SspError `bad-pair-list` that names each bad line: quotes that do not match, an unknown
 * name or one of several items, an item of another split, an item with itself, items of different classes.
 */
export function readPairList(
  path: string,
  images: Images,
  split: string,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): Int32Array {
  const itemsNamed = itemsByName(images);
  const classes = images.attribute('class');
  const faults: Fault[] = [];
  const pairs: number[] = [];
  const lines = new Map<string, number>();
  const again: string[] = [];
  let header: CsvRecord | undefined;
  for (const record of readCsv(readText(path))) {
    if (header === undefined) {
      header = record;
      const wrong = faultOfHeader(record);
      if (wrong !== undefined) throw badList(path, [() => `line ${record.line}: ${wrong}`]);
      continue;
    }
    const fault = 'fault' in record ? () => record.fault : readFields(record.fields, record.line);
    if (fault !== undefined) faults.push(() => `line ${record.line}: ${fault()}`);
  }
  if (faults.length > 0) throw badList(path, faults);
  if (pairs.length === 0) throw badList(path, [() => 'it has no pairs']);
  if (again.length > 0) {
    const stand = again.length === 1 ? '1 pair stands' : `${again.length} pairs stand`;
    remark(`${stand} in the list of ${pairs.length / 2} already: ${listed(again, 3)}`);
  }
  return Int32Array.from(pairs);

  function readFields(fields: readonly string[], line: number): Fault | undefined {
    const [nameA, nameB] = fields;
    if (nameA === undefined || nameB === undefined || fields.length !== 2) {
      const found = fields.map((name) => JSON.stringify(name)).join(', ');
      return () =>
        `${fields.length} fields, not two: ${found}${fields.length > 2 ? '; a name with a comma stands in quotes' : ''}`;
    }
    const found: number[] = [];
    for (const name of [nameA, nameB]) {
      const [index, other] = itemsNamed(name);
      if (index === undefined) {
        return () => noItem(name, images);
      }
      if (other !== undefined) {
        const [one, two] = [images.item(index).name, images.item(other).name];
        return () =>
          one === two
            ? `two items have the name ${JSON.stringify(name)}: ${index} and ${other}`
            : `${JSON.stringify(name)} may be ${one} or ${two}: give more of the path`;
      }
      const { split: of } = images.item(index);
      if (of !== split) return () => `${name} is in split ${of}, not in ${split}`;
      found.push(index);
    }
    const [a = -1, b = -1] = found;
    if (a === b) return () => `${nameA} is paired with itself`;
    if (classes[a] !== classes[b]) {
      const of = (image: number) =>
        classes[image] === noClass ? 'of no known class' : `of class ${classes[image]}`;
      return () => `${nameA} is ${of(a)}, but ${nameB} is ${of(b)}`;
    }
    const key = [Math.min(a, b), Math.max(a, b)].join();
    const before = lines.get(key);
    if (before === undefined) lines.set(key, line);
    else again.push(`line ${line} as line ${before}`);
    pairs.push(a, b);
    return undefined;
  }
}

/** What is wrong with a line; said only where it is shown, as what may have been meant takes long to find. */
type Fault = () => string;

function noItem(name: string, { items }: Images): string {
  const same = writtenOtherwise(
    name,
    items.map((item) => item.name),
  );
  return `there is no item ${JSON.stringify(name)}${same === undefined ? '' : `; ${same}`}`;
}

function faultOfHeader(record: CsvRecord): string | undefined {
  if ('fault' in record) return record.fault;
  const header = record.fields.join(',');
  if (header === 'a,b') return undefined;
  return `the header is ${JSON.stringify(header)}, not a,b${otherSeparator(record.fields)}`;
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('bad-pair-list', `${path} cannot be read: ${code}`, { cause: error });
  }
  const read = utf8Text(bytes);
  if ('text' in read) return read.text;
  throw badList(path, [() => read.fault]);
}

function badList(path: string, faults: readonly Fault[]): SspError {
  const more = faults.length > shown ? `\n  and ${faults.length - shown} more` : '';
  const list = faults.slice(0, shown).map((fault) => `\n  ${fault()}`);
  return new SspError(
    'bad-pair-list',
    `${path} is not a list of semantic pairs:${list.join('')}${more}`,
    {
      help: 'Each line after the header a,b names two different items of one class in the split.',
    },
  );
}
