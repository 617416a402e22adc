import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import type { Images } from '../artifact/images.js';

const shown = 20;

/**
 * Reads a list of pairs: a CSV file with the header `a,b` and two item names a line. Returns
 * indices into the images, pair by pair, in the list's order.
 * @throws SspError `bad-pair-list` that names each bad line: an unknown name, an item of another
 * split, an item with itself, items of different classes.
 */
export function readPairList(path: string, images: Images, split: string): Int32Array {
  const [header, ...lines] = readText(path).split(/\r?\n/);
  if (header?.trim() !== 'a,b') {
    throw badList(path, [`line 1: the header is ${JSON.stringify(header)}, not a,b`]);
  }
  const indexOf = new Map(images.items.map((item, index) => [item.name, index]));
  const classes = images.attribute('class');
  const faults: string[] = [];
  const pairs: number[] = [];
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    const fault = readLine(line);
    if (fault !== undefined) faults.push(`line ${at + 2}: ${fault}`);
  });
  if (faults.length > 0) throw badList(path, faults);
  if (pairs.length === 0) throw badList(path, ['it has no pairs']);
  return Int32Array.from(pairs);

  function readLine(line: string): string | undefined {
    const names = line.split(',').map((name) => name.trim());
    const [nameA, nameB] = names;
    if (nameA === undefined || nameB === undefined || names.length !== 2) {
      return `${names.length} fields, not two: ${JSON.stringify(line)}`;
    }
    for (const name of names) {
      const index = indexOf.get(name);
      if (index === undefined) return `there is no item ${JSON.stringify(name)}`;
      const found = images.item(index).split;
      if (found !== split) return `${name} is in split ${found}, not in ${split}`;
    }
    const a = indexOf.get(nameA) ?? -1;
    const b = indexOf.get(nameB) ?? -1;
    if (a === b) return `${nameA} is paired with itself`;
    if (classes[a] !== classes[b]) {
      return `${nameA} is of class ${classes[a]}, but ${nameB} is of class ${classes[b]}`;
    }
    pairs.push(a, b);
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('bad-pair-list', `${path} cannot be read: ${code}`, { cause: error });
  }
}

function badList(path: string, faults: readonly string[]): SspError {
  const more = faults.length > shown ? `\n  and ${faults.length - shown} more` : '';
  const list = faults.slice(0, shown).map((fault) => `\n  ${fault}`);
  return new SspError(
    'bad-pair-list',
    `${path} is not a list of semantic pairs:${list.join('')}${more}`,
    {
      help: 'Each line after the header a,b names two different items of one class in the split.',
    },
  );
}
