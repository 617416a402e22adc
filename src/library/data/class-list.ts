import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import { utf8Text } from '../../base/utf8-text.js';

/** The lines of a list of classes that are not empty, with their numbers from 1. */
export function linesOfClassList(path: string): readonly { text: string; line: number }[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('bad-class-list', `${path} cannot be read: ${code}`, { cause: error });
  }
  const read = utf8Text(bytes);
  if ('fault' in read) throw badClassList(path, [read.fault]);
  return read.text
    .split(/\r?\n/)
    .map((line, at) => ({ text: line.trim(), line: at + 1 }))
    .filter(({ text }) => text !== '');
}

/**
 * The classes that a list names, in its order, where nothing else does.
 * @throws SspError `bad-class-list` that names each line that is there twice.
 */
export function classesOfList(path: string): readonly string[] {
  const lines = new Map<string, number>();
  const faults: string[] = [];
  for (const { text, line } of linesOfClassList(path)) {
    const before = lines.get(text);
    if (before === undefined) lines.set(text, line);
    else faults.push(`line ${line}: ${text} stands on line ${before} already`);
  }
  if (faults.length > 0) throw badClassList(path, faults);
  if (lines.size === 0) throw badClassList(path, ['it names no class']);
  return [...lines.keys()];
}

/** A list that is none, with what is wrong with it. */
export function badClassList(path: string, faults: readonly string[]): SspError {
  const shown = faults.slice(0, 10).map((fault) => `\n  ${fault}`);
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : '';
  return new SspError('bad-class-list', `${path} is no list of classes:${shown.join('')}${more}`, {
    help: 'Each line is the name of one class of the data set.',
  });
}
