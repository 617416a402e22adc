import { processMemorySource } from './process-memory.js';
import { signalsApartSource } from './signals-apart.js';

/** C++ of ours that is compiled into the binding beside that of its package, by the file's name. */
export const ownSources: ReadonlyMap<string, string> = new Map([
  ['process_memory.cc', processMemorySource],
  ['signals_apart.cc', signalsApartSource],
]);
