import { closeSync, openSync, readSync, statSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/** Of one call to the system: less than every limit of Node. */
const most = 2 ** 28;

/** Bytes that a file has. */
export function sizeOfFile(path: string): number {
  return statSync(path).size;
}

/**
 * Fills `into` with the bytes of a file from `position` on: files may be larger than what Node reads at
 * once. Gives how many bytes there were.
 */
export function readSlice(path: string, position: number, into: Uint8Array): number {
  const file = openSync(path, 'r');
  try {
    let done = 0;
    while (done < into.length) {
      const length = Math.min(most, into.length - done);
      const read = readSync(file, into, done, length, position + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  } finally {
    closeSync(file);
  }
}

/** Writes bytes into an open file from `position` on. */
export function writeSlice(file: number, position: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(most, bytes.length - done);
    done += writeSync(file, bytes, done, length, position + done);
  }
}

const sent = promisify(write);

/** The same beside what goes on: the bytes are not to be changed before it is fulfilled. */
export async function sendSlice(file: number, position: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(most, bytes.length - done);
    const { bytesWritten } = await sent(file, bytes, done, length, position + done);
    done += bytesWritten;
  }
}
