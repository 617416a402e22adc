import { readFileSync } from 'node:fs';
import { systemCode } from '../base/errors.js';

/** The digest of the sources that this code was built from (`build.mjs`); undefined where no build made it. */
export function buildId(): string | undefined {
  try {
    return readFileSync(new URL('../build-id', import.meta.url), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
