import { readFileSync } from 'node:fs';
import { malformed, type PublishedSet } from './published-set.js';

/**
 * The names of labels, one a line: the label is the number of the line.
 * @throws SspError `data-damaged` when there are not as many, or one is there twice.
 */
export function readLabelNames(path: string, count: number, set: PublishedSet): readonly string[] {
  const names = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length !== count) {
    throw malformed(path, `has ${names.length} names, expected ${count}, one a line`, set);
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw malformed(path, `has ${JSON.stringify(twice)} twice`, set);
  return names;
}
