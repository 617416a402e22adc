import { isPlain } from '../../base/plain-text.js';
import { isDigest } from '../../execute/store/stored-form.js';
import type { Question } from './question.js';

export type Answered = readonly [question: Question, answer: string];

/** How many words follow the kind of a question. */
const words: Readonly<Record<Question[0], number>> = {
  text: 1,
  kind: 1,
  'real path': 1,
  package: 2,
  environment: 1,
  numeric: 0,
  file: 1,
  folder: 1,
  seen: 2,
  record: 1,
  blob: 1,
  stamp: 1,
  names: 1,
  root: 1,
};

/** What some JSON of a store says was asked, when it has the form of that: anybody may have written it. */
export const isAsked = (asked: unknown): asked is readonly Answered[] =>
  Array.isArray(asked) && asked.every(isAnswered);

function isAnswered(value: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(value[0])) return false;
  const [[kind, ...rest], answer, ...more] = value;
  if (typeof answer !== 'string' || more.length > 0) return false;
  if (!Object.hasOwn(words, kind) || words[kind as Question[0]] !== rest.length) return false;
  if (kind === 'record' || kind === 'blob') return isDigest(rest[0]);
  if (kind === 'root') return isRootName(rest[0]);
  return rest.every((word) => typeof word === 'string' && word !== '');
}

export const isRootName = (name: unknown): boolean =>
  typeof name === 'string' && /^[0-9a-f]{32}\.json$/.test(name);

/** Is it a text for a terminal: with colours, and no other sequence? */
export function isShown(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return isPlain(text.replaceAll(/\u001B\[[0-9;]*m/g, ''));
}
