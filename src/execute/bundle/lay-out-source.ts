import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { makeFolder } from '../../base/files/make-folder.js';
import type { Bundle } from './open-bundle.js';

/**
 * Writes the source of a bundle into a new folder, which appears when it is whole. A folder that is
 * there stays as it is, and has to have the same files but for the lock; what else is in it is the user's. @throws SspError `in-the-way`.
 */
export async function layOutSource(bundle: Bundle, folder: string): Promise<'written' | 'there'> {
  const temporary = `${folder}.${process.pid}.part`;
  try {
    // Not recursive: what is there under this name is nobody's.
    mkdirSync(temporary);
    for (const name of bundle.sources) {
      const path = join(temporary, name);
      makeFolder(dirname(path));
      writeFileSync(path, await bundle.source(name), { flag: 'wx' });
    }
    try {
      renameSync(temporary, folder);
      return 'written';
    } catch (error) {
      if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error;
    }
    // A run writes the lock.
    const kept = bundle.sources.filter((name) => name !== `${bundle.manifest.file}.lock`);
    const other = kept.find((name) => !isSame(join(temporary, name), join(folder, name)));
    if (other === undefined) return 'there';
    throw inTheWay(`${join(folder, other)} is there and is not that of ${bundle.remote.name}`);
  } catch (error) {
    if (error instanceof SspError || systemCode(error) === undefined) throw error;
    throw inTheWay(`cannot write ${folder} (${systemCode(error)})`, error);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false;
  }
}

const inTheWay = (what: string, cause?: unknown): SspError =>
  new SspError('in-the-way', what, {
    help: 'move it away, run in another folder, or name your own copy of the study: ssp run FILE --from BUNDLE',
    ...(cause === undefined ? {} : { cause }),
  });
