import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { canonical, type Json } from '../base/canonical.js';
import { SspError, systemCode } from '../base/errors.js';
import { writeFileWhole } from '../base/write-file.js';
import { type Lock, lockText, parseLock, settingsText } from '../execute/lock/lock.js';
import { listed } from '../execute/store/entry.js';
import type { Io } from './io.js';

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

/** Opens the lock of a file under some settings; throws an SspError when it is there and is no lock. */
export function lockBeside(io: Io, file: string, set: Settings): LockFile {
  const [plain, own] = [`${file}.lock`, nameFor(file, set)];
  const path = (name: string) => resolve(io.cwd, name);
  const name = existsSync(path(own)) ? own : plain;
  const text = textOf(path(name));
  const lock = text === undefined ? undefined : parseLock(text, name);
  const isOwn = lock === undefined || settingsText(lock.set) === settingsText(set);
  return {
    path: name,
    lock,
    write(now) {
      if (isOwn) {
        const same = lock && canonical(jsonOf(now)) === canonical(jsonOf(lock));
        if (!same || textOf(path(name)) !== text) write(path(name), name, now);
        return undefined;
      }
      const theirs = settingsText(lock.set);
      if (own !== plain) {
        write(path(own), own, now);
        return `${own}, as ${plain} is of ${theirs}`;
      }
      const beside = nameFor(file, lock.set);
      if (!existsSync(path(beside))) renameSync(path(plain), path(beside));
      write(path(plain), plain, now);
      return `${plain} was of ${theirs}, whose lock is ${beside} now`;
    },
  };
}

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
const jsonOf = (lock: Lock): Json => lock as unknown as Json;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a lock whole or not at all. */
function write(path: string, name: string, lock: Lock): void {
  try {
    writeFileWhole(path, [Buffer.from(lockText(lock))], { sync: true });
  } catch (cause) {
    throw new SspError('lock-not-written', `cannot write the lock ${name}`, {
      cause,
      help: 'the results are in the store; make the folder writable and run again',
    });
  }
}
