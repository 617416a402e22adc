import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SspError, systemCode } from '../base/errors.js';
import { writeFileWhole } from '../base/write-file.js';
import { type Lock, lockText, parseLock } from '../execute/lock.js';
import type { Io } from './io.js';

/** The lock beside a pipeline: `study.ssp.lock`. */
export interface LockFile {
  readonly path: string;
  /** As it stands, if there is one. */
  readonly lock: Lock | undefined;
  write(lock: Lock): void;
}

/** Opens `FILE.lock`; throws an SspError when it is there and is no lock. */
export function lockBeside(io: Io, file: string): LockFile {
  const name = `${file}.lock`;
  const path = resolve(io.cwd, name);
  return { path: name, lock: read(path, name), write: (lock) => write(path, name, lock) };
}

function read(path: string, name: string): Lock | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return parseLock(text, name);
}

/** Writes only what is new, and whole or not at all. */
function write(path: string, name: string, lock: Lock): void {
  const text = lockText(lock);
  try {
    if (systemText(path) !== text) writeFileWhole(path, [Buffer.from(text)], { sync: true });
  } catch (cause) {
    throw new SspError('lock-not-written', `cannot write the lock ${name}`, {
      cause,
      help: 'the results are in the store; make the folder writable and run again',
    });
  }
}

function systemText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
