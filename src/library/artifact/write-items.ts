import { closeSync, openSync } from 'node:fs';
import { writeSlice } from '../../base/files/file-slices.js';
import type { Item, ItemsFile } from './items.js';

/** Items of one piece of the text. */
const atOnce = 4096;

/** Writes `items.json`: the same content gives the same bytes, whatever the order of attributes. */
export function writeItems(path: string, about: ItemsFile): void {
  const file = openSync(path, 'wx');
  try {
    let end = 0;
    for (const part of itemsText(about)) {
      const bytes = Buffer.from(part);
      writeSlice(file, end, bytes);
      end += bytes.length;
    }
  } finally {
    closeSync(file);
  }
}

/** The text of `items.json`, piece by piece: a line for each item. */
export function* itemsText({ items, values, sources }: ItemsFile): Generator<string> {
  const head = JSON.stringify({ format: 'ssp-images', version: 1 }).slice(0, -1);
  yield `${head},"values":${JSON.stringify(sorted(values))},\n"sources":${JSON.stringify(sources)},\n"items":[\n`;
  for (let from = 0; from < items.length; from += atOnce) {
    // Many items share their attributes.
    const known = new Map<Item['attributes'], string>();
    const lines = items.slice(from, from + atOnce).map(({ name, split, attributes }) => {
      const text = known.get(attributes) ?? JSON.stringify(sorted(attributes));
      known.set(attributes, text);
      return `{"name":${JSON.stringify(name)},"split":${JSON.stringify(split)},"attributes":${text}}`;
    });
    yield `${from === 0 ? '' : ',\n'}${lines.join(',\n')}`;
  }
  yield '\n]}\n';
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
