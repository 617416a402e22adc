import { type BigIntStats, type Stats, statSync } from 'node:fs';
import { systemCode } from '../errors.js';

/**
 * What lies at a path, links followed; undefined where nothing can: also below a file, behind a name that is
 * too long, and where nobody may look, all of which `throwIfNoEntry` throws.
 */
export function statsAt(path: string): Stats | undefined;
export function statsAt(path: string, options: { readonly bigint: true }): BigIntStats | undefined;
export function statsAt(
  path: string,
  options?: { readonly bigint: true },
): Stats | BigIntStats | undefined {
  try {
    return statSync(path, { ...options, throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
