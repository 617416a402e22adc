import { join, resolve } from 'node:path';
import type { Options } from './command.js';
import type { Io } from './io.js';

/** The store's folder: `--store`, else `$SSP_STORE`, else `.ssp` in the working directory. */
export function storeFolder(io: Io, options: Options): string {
  const given = typeof options.store === 'string' ? options.store : io.env.SSP_STORE;
  return given ? resolve(io.cwd, given) : join(io.cwd, '.ssp');
}
