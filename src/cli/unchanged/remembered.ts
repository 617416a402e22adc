import type { Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import { plainText } from '../../base/plain-text.js';
import { isDigest } from '../../execute/store/stored-form.js';
import type { Ended } from '../text/end-line.js';
import type { Question } from './question.js';

export type Answered = readonly [question: Question, answer: string];
export type Said = readonly [stream: 'out' | 'err', text: string];

/** A run with nothing to do: how it ended, and what that follows from. */
export interface Remembered {
  readonly version: 1;
  readonly asked: readonly Answered[];
  /** All that it said but how it ended. */
  readonly said: readonly Said[];
  readonly ended: Ended;
  readonly code: number;
  /** The name of the file in which the store has what the run used. */
  readonly root: string;
}

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

/** What some JSON of a store remembers, when it has the form of that: anybody may have written it. */
export function rememberedFrom(json: Json | undefined): Remembered | undefined {
  if (!isRecord(json) || json.version !== 1) return undefined;
  const { asked, said, ended, code, root } = json;
  const sound =
    Array.isArray(asked) &&
    asked.every(isAnswered) &&
    Array.isArray(said) &&
    said.every(isSaid) &&
    isRecord(ended) &&
    [ended.file, ended.counts, ended.why].every(isShown) &&
    (code === 0 || code === 1) &&
    isRootName(root);
  return sound ? (json as unknown as Remembered) : undefined;
}

function isAnswered(value: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(value[0])) return false;
  const [[kind, ...rest], answer, ...more] = value;
  if (typeof answer !== 'string' || more.length > 0) return false;
  if (!Object.hasOwn(words, kind) || words[kind as Question[0]] !== rest.length) return false;
  if (kind === 'record' || kind === 'blob') return isDigest(rest[0]);
  if (kind === 'root') return isRootName(rest[0]);
  return rest.every((word) => typeof word === 'string' && word !== '');
}

const isRootName = (name: unknown): boolean =>
  typeof name === 'string' && /^[0-9a-f]{32}\.json$/.test(name);

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 2 &&
  (value[0] === 'out' || value[0] === 'err') &&
  isShown(value[1]);

/** Is it a text for a terminal: with colours, and no other sequence? */
function isShown(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const plain = text.replaceAll(/\u001B\[[0-9;]*m/g, '');
  return plainText(plain) === plain;
}
