import { hostname } from 'node:os';
import { digestOf, type Json } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { seal, unseal } from '../../execute/seal.js';
import { Store } from '../../execute/store/store.js';
import { buildId } from '../build-id.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';
import { storeFolder } from '../study/store-folder.js';
import { isAsked } from './answered.js';
import { answerTo } from './question.js';
import { type Witness, witnessOf } from './witness.js';

/*
 * What a command came to is remembered with all that it asked of the world and what was answered: a
 * verifying trace. Another one of the same words first asks the same. If all answers are the same it
 * comes to the same end, as what lies between is pure; else it is an ordinary one. What is remembered
 * lies in `memo/` of the store, and can be lost.
 */

export interface Remembering<T extends object> {
  readonly witness: Witness;
  /** What was kept when all was as it is now; undefined where something is otherwise. */
  readonly recall: () => Promise<Recalled<T> | undefined>;
  /** Keeps what a command came to, unless an answer that it had may change unseen. */
  readonly keep: (store: Store, end: T) => void;
}

export interface Recalled<T> {
  readonly end: T;
  readonly store: Store;
}

export interface Words<T> {
  /** The command, with all but its file and options that makes it say what it says. */
  readonly words: Readonly<Record<string, Json>>;
  readonly file: string;
  readonly options: Options;
  /** What some JSON of a store says of an end, when it has the form of that. */
  readonly read: (json: Readonly<Record<string, Json>>) => T | undefined;
}

/** Undefined where it is not known what was built. */
export function remembering<T extends object>(
  io: Io,
  { words, file, options, read }: Words<T>,
): Remembering<T> | undefined {
  const build = buildId();
  if (build === undefined) return undefined;
  const folder = storeFolder(io, options, file);
  const name = digestOf('ssp-unchanged/1', {
    ...words,
    build,
    node: process.version,
    host: hostname(),
    cwd: io.cwd,
    folder,
    file,
    options: options as Json, // texts, lists of texts and `true`, by the types of flags
  });
  const witness = witnessOf(io);
  return {
    witness,
    recall: () =>
      unlessWrong(async () => {
        const store = new Store(folder);
        const text = store.memory.read(name);
        const known = text === undefined ? undefined : unseal(text);
        if (!isRecord(known) || known.version !== 1 || !isAsked(known.asked)) return undefined;
        const end = read(known);
        if (end === undefined) return undefined;
        const asked = { io, options, host: fileHost(io), store };
        for (const [question, before] of known.asked) {
          const answer = answerTo(question, asked);
          if ((typeof answer === 'string' ? answer : await answer) !== before) return undefined;
        }
        return { end, store };
      }),
    keep: (store, end) => {
      const asked = witness.asked();
      if (asked === undefined) return;
      store.memory.write(name, seal({ version: 1, asked, ...end }));
    },
  };
}

/** Undefined where something cannot be read or written: the ordinary command says what is wrong. */
export async function unlessWrong<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SspError || systemCode(error) !== undefined) return undefined;
    throw error;
  }
}
