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

/** Names that are the same in JSON. */
const plain = /^[\w./-]*$/;

/** The text of `items.json`, piece by piece: a line for each item. */
export function* itemsText({ items, values, sources }: ItemsFile): Generator<string> {
  const head = JSON.stringify({ format: 'ssp-images', version: 1 }).slice(0, -1);
  yield `${head},"values":${JSON.stringify(sorted(values))},\n"sources":${JSON.stringify(sources)},\n"items":[\n`;
  for (let from = 0; from < items.length; from += atOnce) {
    const ends = new Map<Item['attributes'], { readonly split: string; readonly text: string }>();
    const lines = items.slice(from, from + atOnce).map(({ name, split, attributes }) => {
      // Many items share their attributes, and most names are plain.
      let end = ends.get(attributes);
      if (end?.split !== split) {
        const text = `,"split":${JSON.stringify(split)},"attributes":${JSON.stringify(sorted(attributes))}}`;
        end = { split, text };
        ends.set(attributes, end);
      }
      return `{"name":${plain.test(name) ? `"${name}"` : JSON.stringify(name)}${end.text}`;
    });
    yield `${from === 0 ? '' : ',\n'}${lines.join(',\n')}`;
  }
  yield '\n]}\n';
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
