import { lstatSync } from 'node:fs';
import { systemCode } from '../errors.js';

/** Nothing is there, and nothing can be: below a file, behind a link that leads to itself or a name that is too long. */
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

/** Does an error say that nothing is at a path? */
export const saysAbsent = (error: unknown): boolean => ABSENT.includes(systemCode(error) ?? '');

/** Is nothing at a path, not even a link? @throws Error of Node where nobody may look. */
export function isAbsent(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    if (saysAbsent(error)) return true;
    throw error;
  }
}
