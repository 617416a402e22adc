import { SspError } from '../../base/errors.js';
import type { Lock } from '../../execute/lock/lock.js';
import type { Io } from '../io.js';
import { lockBeside } from './lock-file.js';

/** The lock of a file, read where something asks for it: that of a large study takes half a second. */
export interface OwnLock {
  readonly lock: Lock | undefined;
  /** Why it is not looked at, once something has asked for it. */
  readonly notes: readonly string[];
}

/** The lock of a file under some settings; one that cannot be read is no reason to show nothing. */
export function ownLock(io: Io, path: string, set: Readonly<Record<string, string>>): OwnLock {
  const notes: string[] = [];
  let read: { readonly lock: Lock | undefined } | undefined;
  const readNow = (): Lock | undefined => {
    try {
      return lockBeside(io, path, set).lock;
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      notes.push(`${error.message}: it is not looked at`);
      return undefined;
    }
  };
  return {
    get lock() {
      read ??= { lock: readNow() };
      return read.lock;
    },
    notes,
  };
}
