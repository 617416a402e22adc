import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once. */
const atOnce = 2 ** 20;

/** A line longer than this is none of an item. */
const longest = 2 ** 24;

/**
 * Reads an `items.json` that has a line for each item, as `writeItems` lays it out, without holding its
 * text: `begin` gets the file without its items, and makes what takes each of them in turn. False for a
 * file that is laid out in another way, as soon as that shows.
 */
export function readItemLines(
  path: string,
  begin: (about: unknown) => (item: unknown) => void,
): boolean {
  const lines = linesOf(path);
  try {
    const head: string[] = [];
    for (let line = lines.next(); line.value !== '"items":['; line = lines.next()) {
      if (line.done || head.length > 1) return false;
      head.push(line.value);
    }
    const take = begin(JSON.parse(`${head.join('\n')}\n"items":[]}`));
    for (let line = lines.next(); line.value !== ']}'; line = lines.next()) {
      if (line.done) return false;
      take(JSON.parse(line.value.endsWith(',') ? line.value.slice(0, -1) : line.value));
    }
    return lines.next().value === '' && lines.next().done === true;
  } catch (error) {
    // No JSON, or no UTF-8: whoever reads it whole says so.
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  } finally {
    lines.return(undefined);
  }
}

/** The lines of a text; what stands behind its last line break is one. */
function* linesOf(path: string): Generator<string, undefined, undefined> {
  const file = openSync(path, 'r');
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const bytes = new Uint8Array(atOnce);
    let rest = '';
    for (;;) {
      const read = readSync(file, bytes);
      const lines = (rest + decoder.decode(bytes.subarray(0, read), { stream: read > 0 })).split(
        '\n',
      );
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > longest) return undefined;
      if (read === 0) break;
    }
    yield rest;
    return undefined;
  } finally {
    closeSync(file);
  }
}
