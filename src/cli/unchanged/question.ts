import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../base/canonical.js';
import { digestOfSecret } from '../../base/secret.js';
import { contentDigest, stampAt } from '../../execute/store/content.js';
import { listed, statAt } from '../../execute/store/entry.js';
import type { Store } from '../../execute/store/store.js';
import { seenAt, seenFolder } from '../../execute/worker/seen-files.js';
import type { Host } from '../../language/host.js';
import type { NumericClass } from '../../plan/plan.js';
import type { Options } from '../command.js';
import { numericClass } from '../executors/numeric-class.js';
import type { Io } from '../io.js';

/**
 * What a run asks of the world that may be otherwise another time. All that it says and leaves follows
 * from the answers: what lies between is pure.
 */
export type Question =
  /** Of the compiler: see `Host`. */
  | readonly ['text' | 'kind' | 'real path', path: string]
  | readonly ['package', name: string, from: string]
  | readonly ['environment', name: string]
  /** What `precision: "auto"` means here, and on which device. */
  | readonly ['numeric']
  /** The digest of what a parameter or a stage of the user's own names. */
  | readonly ['file' | 'folder', path: string]
  /** What lies where a module of the user's own looked. */
  | readonly ['seen', module: string, path: string]
  /** Of the store. */
  | readonly ['record' | 'blob', digest: string]
  /** The stamp of a file that is not written twice within the clock's grain. */
  | readonly ['stamp', path: string]
  /** What a folder has, by name. */
  | readonly ['names', folder: string]
  /** The digest of what the store has of a run. */
  | readonly ['root', name: string];

/** Whom questions are put to. */
export interface Asked {
  readonly io: Io;
  readonly options: Options;
  readonly host: Host;
  readonly store: Store;
}

/** There is none; no other answer is empty. */
const NONE = '';

/** Where the store has what a run used. */
export const rootPath = (store: Store, name: string): string => join(store.root, 'roots', name);

/** The answer to a question, as a short text; of what is secret or long its digest. */
export function answerTo(
  question: Question,
  { io, options, host, store }: Asked,
): string | Promise<string> {
  switch (question[0]) {
    case 'text':
      return textAnswer(host.readText(question[1]));
    case 'kind':
      return orNone(host.kindOf?.(question[1]));
    case 'real path':
      return orNone(host.realPath?.(question[1]));
    case 'package':
      return orNone(host.packageFolder?.(question[1], question[2]));
    case 'environment':
      return environmentAnswer(io.env[question[1]]);
    case 'numeric':
      return numericAnswer(numericClass(options, io.env));
    case 'file':
    case 'folder':
      return contentDigest(question[1], question[0], store.memory);
    case 'seen':
      return seenAt(seenFolder(question[1]), question[2]);
    case 'record':
      return orNone(stampAt(store.recordPath(question[1]))?.stamp);
    case 'blob':
      return sizeAnswer(statAt(store.blobPath(question[1])));
    case 'stamp':
      return orNone(stampAt(question[1])?.stamp);
    case 'names':
      return namesAnswer(question[1]);
    case 'root':
      return digest(readFileSync(rootPath(store, question[1])));
  }
}

export const orNone = (found: string | undefined): string => found ?? NONE;

export const textAnswer = (text: string | undefined): string =>
  text === undefined ? NONE : digest(text);

export const environmentAnswer = (value: string | undefined): string =>
  value === undefined ? NONE : digestOfSecret(value);

export const numericAnswer = (numeric: NumericClass): string => canonical({ ...numeric });

const sizeAnswer = (found: { isFile(): boolean; readonly size: number } | undefined): string =>
  found?.isFile() === true ? String(found.size) : NONE;

export const namesAnswer = (folder: string): string => digest(listed(folder).toSorted().join('\n'));

const digest = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');
