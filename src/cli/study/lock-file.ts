import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { digestOf, type Json } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import { behindLinks } from '../../base/files/behind-links.js';
import { writeFileWhole } from '../../base/write-file.js';
import { type Lock, lockText, parseLock, settingsText } from '../../execute/lock/lock.js';
import type { Memory } from '../../execute/store/content.js';
import { listed } from '../../execute/store/entry.js';
import type { Io } from '../io.js';

/** What `--set` gave to params, as written. */
type Settings = Readonly<Record<string, string>>;

/**
 * The lock of a pipeline under some settings. `study.ssp.lock` is that of the file as it stands, or of
 * the first settings that it was run with; any others have a file beside it, as `study.ssp@k=6.lock`.
 */
export interface LockFile {
  /** As people know it; that of these settings, else of the lock that there is instead. */
  readonly path: string;
  /** The lock of these settings, else that of the file as it stands, if there is one. */
  readonly lock: Lock | undefined;
  /**
   * Writes the lock of these settings, if it differs. No lock of other settings is lost: says where
   * one is now, or where this one is if it is not the file's own.
   */
  write(lock: Lock): string | undefined;
}

/**
 * Opens the lock of a file under some settings; throws an SspError when it is there and is no lock. A
 * text that a `memory` has is read only when its lock is asked for: reading that of 1,000 stages takes a
 * third of the time of a run that finds nothing to do.
 */
export function lockBeside(io: Io, file: string, set: Settings, memory?: Memory): LockFile {
  const [plain, own] = namesOf(file, set);
  const path = (name: string) => resolve(io.cwd, name);
  const name = existsSync(path(own)) ? own : plain;
  const text = textOf(path(name), name);
  let read: Lock | undefined;
  const lockIn = (text: string): Lock => {
    read ??= parseLock(text, name);
    return read;
  };
  const remember = (written: string, lock: Lock): string => {
    const digest = digestOfLock(lock);
    memory?.write(memoryName(written), digest);
    return digest;
  };
  let digest = text === undefined ? undefined : memory?.read(memoryName(text));
  if (text !== undefined && digest === undefined) digest = remember(text, lockIn(text));
  const write = (name: string, now: Lock): void => {
    const written = lockText(now);
    writeLock(path(name), name, written);
    remember(written, now);
  };
  return {
    path: name,
    get lock() {
      return text === undefined ? undefined : lockIn(text);
    },
    write(now) {
      if (text !== undefined && digest === digestOfLock(now) && textOf(path(name), name) === text) {
        return undefined;
      }
      const lock = text === undefined ? undefined : lockIn(text);
      if (lock === undefined || settingsText(lock.set) === settingsText(set)) {
        write(name, now);
        return undefined;
      }
      const theirs = settingsText(lock.set);
      if (own !== plain) {
        write(own, now);
        return `${own}, as ${plain} is of ${theirs}`;
      }
      const beside = nameFor(file, lock.set);
      if (!existsSync(path(beside))) renameSync(path(plain), path(beside));
      write(plain, now);
      return `${plain} was of ${theirs}, whose lock is ${beside} now`;
    },
  };
}

/** The locks that say which one is a file's under some settings: their absolute paths. */
export const lockPaths = (io: Io, file: string, set: Settings): readonly string[] =>
  namesOf(file, set).map((name) => resolve(io.cwd, name));

/** That of the file itself, and that of the settings. */
const namesOf = (file: string, set: Settings): readonly [string, string] => [
  `${file}.lock`,
  nameFor(file, set),
];

/** The locks of a file under all settings: their paths, as people know them. */
export function lockNames(io: Io, file: string): readonly string[] {
  const name = basename(file);
  return listed(dirname(resolve(io.cwd, file)))
    .filter(
      (other) =>
        other === `${name}.lock` || (other.startsWith(`${name}@`) && other.endsWith('.lock')),
    )
    .sort()
    .map((other) => join(dirname(file), other));
}

/** `study.ssp@epochs=800,k=6.lock`; settings too long for a name by their digest. */
function nameFor(file: string, set: Settings = {}): string {
  const given = Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${inName(name)}=${inName(value)}`)
    .join(',');
  if (given === '') return `${file}.lock`;
  const short = createHash('sha256').update(given).digest('hex').slice(0, 16);
  return `${file}@${given.length > longest ? short : given}.lock`;
}

/** Names of files may have 255 bytes. */
const longest = 120;

/** A text with its spaces, slashes and what else shells and disks read otherwise as `%2F`. */
const inName = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      if (/[\w.+-]/.test(letter)) return letter;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** A lock is plain data, which its type does not say. */
const digestOfLock = (lock: Lock): string => digestOf('ssp-lock/1', lock as unknown as Json);

/** Under what name the digest of the lock in a text is remembered. */
const memoryName = (text: string): string =>
  createHash('sha256').update(`ssp-lock-text/1\n${text}`).digest('hex');

/** The text of a lock, if there is one. @throws SspError `bad-lock` where it cannot be read. */
function textOf(path: string, name: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : code;
    throw new SspError('bad-lock', `the lock ${name} cannot be read${why ? ` (${why})` : ''}`, {
      cause,
      help: 'give yourself the right to read it, or move it',
    });
  }
}

/** The lock that a file is. @throws SspError where it cannot be read, or is none. */
export function lockAt(io: Io, name: string): Lock {
  const text = textOf(resolve(io.cwd, name), name);
  if (text !== undefined) return parseLock(text, name);
  throw new SspError('file-not-found', `there is no lock \`${name}\``, {
    help: 'give the path of a .ssp file or of a lock, relative to the current folder',
  });
}

/** Writes the text of a lock whole or not at all; of a link what it leads to. */
function writeLock(path: string, name: string, text: string): void {
  try {
    writeFileWhole(behindLinks(path), [Buffer.from(text)], { sync: true });
  } catch (cause) {
    throw new SspError('lock-not-written', `cannot write the lock ${name}`, {
      cause,
      help: 'the results are in the store; make the folder writable and run again, or run with `--leave-lock`',
    });
  }
}
