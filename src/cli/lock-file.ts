import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { canonical, type Json } from '../base/canonical.js';
import { SspError, systemCode } from '../base/errors.js';
import { writeFileWhole } from '../base/write-file.js';
import { type Lock, lockText, parseLock } from '../execute/lock/lock.js';
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
  const text = textOf(path);
  const lock = text === undefined ? undefined : parseLock(text, name);
  const old = lock && canonical(jsonOf(lock));
  return {
    path: name,
    lock,
    write(now) {
      if (canonical(jsonOf(now)) !== old || textOf(path) !== text) write(path, name, now);
    },
  };
}

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
