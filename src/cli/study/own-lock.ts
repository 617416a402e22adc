import { SspError } from '../../base/errors.js';
import type { Lock } from '../../execute/lock/lock.js';
import type { Store } from '../../execute/store/store.js';
import type { Io } from '../io.js';
import { lockBeside } from './lock-file.js';

/** The lock of a file, whose text is read where something asks for it: that of a large study takes half a second. */
export interface OwnLock {
  readonly lock: Lock | undefined;
  /** Why it is not looked at. */
  readonly notes: readonly string[];
}

/** The lock of a file under some settings; one that cannot be read is no reason to show nothing. */
export function ownLock(
  io: Io,
  path: string,
  set: Readonly<Record<string, string>>,
  { memory }: Pick<Store, 'memory'>,
): OwnLock {
  try {
    const file = lockBeside(io, path, set, memory);
    return {
      get lock() {
        return file.lock;
      },
      notes: [],
    };
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return { lock: undefined, notes: [`${error.message}: it is not looked at`] };
  }
}
