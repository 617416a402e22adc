import { stripVTControlCharacters } from 'node:util';

/**
 * A text of somebody else (what a program has printed, the name of a file) as it may be shown on a
 * terminal: without escape sequences and control characters. Of a line that a program has drawn
 * over, as progress bars do, the last state stays.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replaceAll(unfinished, ''))
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n')
    .replaceAll(controls, '');
}

/** Is a text the same as its `plainText`? */
export const isPlain = (text: string): boolean => text.search(controls) < 0;

/** A sequence that ends the text, or that a text which was cut begins within. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfinished = /\u001B(?:\[[0-9;?]*|[\]PX^_][^\u0007\u001B\n]*)?$/g;
/** Control characters but line feed and tab, and marks that reorder text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** A text of somebody else within a line: line breaks and other control characters as JSON writes them. */
export const oneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) => escapes[character] ?? codeOf(character));

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const codeOf = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
