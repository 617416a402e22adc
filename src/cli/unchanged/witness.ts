import { join } from 'node:path';
import type { OnLook } from '../../execute/schedule/open-world.js';
import { stampAt } from '../../execute/store/content.js';
import { listed } from '../../execute/store/entry.js';
import { type Found, Store } from '../../execute/store/store.js';
import type { Host } from '../../language/host.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';
import type { Opening } from '../study/session.js';
import type { Live } from '../text/live.js';
import type { Answered } from './answered.js';
import { environmentAnswer, namesAnswer, orNone, type Question, textAnswer } from './question.js';

export type Said = readonly [stream: 'out' | 'err', text: string];

/** Stands between a run and the world, and notes what is asked, what is answered and what is said. */
export interface Witness {
  readonly io: Io;
  readonly opening: Opening;
  readonly onLook: OnLook;
  readonly note: (question: Question, answer: string) => void;
  /** A file, or that there is none. */
  readonly file: (path: string) => void;
  /** The files of a folder. */
  readonly files: (folder: string) => void;
  /** All that was asked so far; undefined where it is not all, or an answer may change unseen. */
  readonly asked: () => readonly Answered[] | undefined;
  readonly said: () => readonly Said[];
  /** A display, with what else is said meanwhile noted too. */
  readonly overhear: (live: Live) => Live;
}

export function witnessOf(io: Io): Witness {
  const answers = new Map<string, Answered>();
  const said: Said[] = [];
  let isWhole = true;
  const note = (question: Question, answer: string): void => {
    const name = question.join('\n');
    // One that was answered twice, and otherwise, has changed meanwhile.
    if ((answers.get(name)?.[1] ?? answer) !== answer) isWhole = false;
    else answers.set(name, [question, answer]);
  };
  const known = <T extends string | undefined>(question: Question, answer: T): T => {
    note(question, orNone(answer));
    return answer;
  };
  const say = (stream: Said[0], text: string): void => {
    said.push([stream, text]);
    io[stream](text);
  };
  const host = fileHost(io);
  /** A file by its stamp, or where a later write could leave the same one by its text. */
  const asSeen = (stamp: Question, path: string): Answered => {
    const found = stampAt(path);
    return found?.lasts === false
      ? [['text', path], textAnswer(host.readText(path))]
      : [stamp, orNone(found?.stamp)];
  };
  /** A store that notes which records and which contents the run found. */
  class WatchedStore extends Store {
    override find(key: string): Found {
      // As it was before it was read: what is published meanwhile is another.
      const seen = asSeen(['record', key], this.recordPath(key));
      const found = super.find(key);
      if (found.kind !== 'hit') return found;
      note(...seen);
      for (const { digest, size } of Object.values(found.output.files)) {
        note(['blob', digest], String(size));
      }
      return found;
    }
  }
  const watched: Host = {
    readText: (path) => {
      const text = host.readText(path);
      note(['text', path], textAnswer(text));
      return text;
    },
    strayByte: (path) => {
      isWhole = false;
      return host.strayByte?.(path);
    },
    kindOf: (path) => known(['kind', path], host.kindOf?.(path)),
    realPath: (path) => known(['real path', path], host.realPath?.(path) ?? path),
    packageFolder: (name, from) => known(['package', name, from], host.packageFolder?.(name, from)),
  };
  const noting: Io = {
    ...io,
    env: watchedEnvironment(io.env, (name) => {
      if (name === undefined) isWhole = false;
      else note(['environment', name], environmentAnswer(io.env[name]));
    }),
    out: (text) => say('out', text),
    err: (text) => say('err', text),
  };
  return {
    io: noting,
    opening: { host: watched, openStore: (root) => new WatchedStore(root) },
    onLook: {
      content: (kind, path, digest) => note([kind, path], digest),
      seen: (module, path, found) => note(['seen', module, path], found),
    },
    note,
    file: (path) => note(...asSeen(['stamp', path], path)),
    files: (folder) => {
      note(['names', folder], namesAnswer(folder));
      for (const name of listed(folder)) {
        note(...asSeen(['stamp', join(folder, name)], join(folder, name)));
      }
    },
    asked: () => (isWhole ? [...answers.values()] : undefined),
    said: () => [...said],
    overhear: (live) => {
      if (live.io === noting) return live;
      const err = (text: string): void => {
        said.push(['err', text]);
        live.io.err(text);
      };
      return { ...live, io: { ...live.io, err } };
    },
  };
}

/** Tells each variable that is looked at, and of whoever looks at all of them nothing but that. */
function watchedEnvironment(env: Io['env'], look: (name: string | undefined) => void): Io['env'] {
  const one = (name: string | symbol): void => {
    if (typeof name === 'string') look(name);
  };
  return new Proxy(env, {
    get: (target, name) => {
      one(name);
      return Reflect.get(target, name);
    },
    has: (target, name) => {
      one(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor: (target, name) => {
      one(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys: (target) => {
      look(undefined);
      return Reflect.ownKeys(target);
    },
  });
}
