import { closeSync, openSync } from 'node:fs';
import { invariant } from '../../base/errors.js';

/** Standard output and standard error, of native code and of programs that are started too. */
const STREAMS = [1, 2];

/**
 * Lets all that this process prints go to the end of a file. Of what a program has said the end is read there.
 * Nothing may be opened meanwhile in another thread, which would get the number of a stream.
 */
export function printTo(path: string): void {
  for (const stream of STREAMS) {
    closeSync(stream);
    // A system gives the lowest number that is free.
    invariant(openSync(path, 'a+') === stream, 'the number of a closed stream is the next one');
  }
}
