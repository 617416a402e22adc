import fs from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statsAt } from '../../base/files/stats-at.js';

/**
 * What a call of Node's does to a path: looks at what lies there, at all files below or at all folders
 * below, or writes it.
 */
export interface Touch {
  readonly path: string;
  readonly how: 'look' | 'files' | 'folders' | 'write';
}

/**
 * Tells before each call of `node:fs` in this thread what it will touch. `watch` gets it as a function, as
 * finding out looks at files too. Those who call it have to call `syncBuiltinESMExports` then.
 */
export function watchFileCalls(watch: (touches: () => readonly Touch[]) => void): void {
  for (const [names, touchesOf] of calls) {
    for (const owner of [fs, fs.promises]) {
      for (const name of names) before(owner, name, (args) => watch(() => touchesOf(args)));
    }
  }
}

/** What calls with some arguments touch, by the names of the functions. */
const calls: readonly (readonly [
  names: readonly string[],
  touches: (args: readonly unknown[]) => readonly Touch[],
])[] = [
  [
    ['readFile', 'readFileSync', 'createReadStream', 'openAsBlob', 'copyFile', 'copyFileSync'],
    ([path]) => touch(path, 'look'),
  ],
  [['open', 'openSync'], ([path, flags]) => touch(path, writes(flags) ? 'write' : 'look')],
  [
    ['readdir', 'readdirSync', 'opendir', 'opendirSync'],
    ([path, options]) =>
      touch(path, Reflect.get(Object(options), 'recursive') === true ? 'folders' : 'look'),
  ],
  [['cp', 'cpSync'], ([path]) => touch(path, 'files')],
  [
    ['existsSync', 'exists', 'access', 'accessSync', 'stat', 'statSync', 'lstat', 'lstatSync'],
    // That a folder is there says nothing of what is in it.
    ([path]) => touch(path, 'look').filter((at) => !statsAt(at.path)?.isDirectory()),
  ],
  [
    [
      ...['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'createWriteStream'],
      ...['truncate', 'truncateSync', 'unlink', 'unlinkSync', 'rm', 'rmSync'],
    ],
    ([path]) => touch(path, 'write'),
  ],
  // A folder that the stage makes holds what it puts there.
  [['mkdir', 'mkdirSync'], ([path]) => touch(path, 'write').flatMap(madeFor)],
  [
    ['copyFile', 'copyFileSync', 'rename', 'renameSync', 'cp', 'cpSync'],
    ([, to]) => touch(to, 'write'),
  ],
];

function touch(argument: unknown, how: Touch['how']): readonly Touch[] {
  const path = pathOf(argument);
  return path === undefined ? [] : [{ path, how }];
}

/** A folder and those above it that are not there. */
function madeFor({ path, how }: Touch): readonly Touch[] {
  const made: Touch[] = [];
  for (let at = resolve(path); !statsAt(at); at = dirname(at)) made.push({ path: at, how });
  return made;
}

function writes(flags: unknown): boolean {
  if (typeof flags === 'string') return /[wa+]/.test(flags);
  const { O_WRONLY, O_RDWR } = fs.constants;
  return typeof flags === 'number' && (flags & (O_WRONLY | O_RDWR)) !== 0;
}

/** The path that an argument of a function of Node's names. */
export function pathOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (Buffer.isBuffer(argument)) return argument.toString();
  return argument instanceof URL && argument.protocol === 'file:'
    ? fileURLToPath(argument)
    : undefined;
}

/** Begins with the size. */
export function stampOf(path: string): string {
  const stats = statsAt(path, { bigint: true });
  return stats ? `${stats.size} ${stats.mtimeNs} ${stats.ino} ${stats.ctimeNs}` : 'absent';
}

type Note = (args: readonly unknown[], result?: unknown) => void;

/** Calls `note` before each call of a function of Node's. */
export function before(owner: object, name: string, note: Note): void {
  replace(owner, name, (call, args) => {
    note(args);
    return call();
  });
}

/** Calls `note` after each call, with its result; undefined when it throws. */
export function after(owner: object, name: string, note: Note): void {
  replace(owner, name, (call, args) => {
    let result: unknown;
    try {
      result = call();
      return result;
    } finally {
      note(args, result);
    }
  });
}

function replace(
  owner: object,
  name: string,
  instead: (call: () => unknown, args: readonly unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  const wrapped = function (this: unknown, ...args: readonly unknown[]) {
    return instead(() => Reflect.apply(original, this, args), args);
  };
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  Reflect.set(owner, name, wrapped);
}
