import { systemCode } from '../../base/errors.js';
import { hashFile } from './content.js';
import { worldError } from './disk.js';
import { lstatAt } from './entry.js';
import type { Store } from './store.js';

/** What a file of content is when all of it is read. */
export interface ContentAsIs {
  /** Bytes that were read; undefined where there is no file. */
  readonly bytes?: number;
  /** In words that go on from it; undefined where it is what its name says. */
  readonly wrong?: string;
}

/**
 * Reads a content to compare it with its digest, and with its size where that is known. @throws SspError
 * where the machine is at fault.
 */
export async function contentAsIs(
  store: Pick<Store, 'blobPath'>,
  digest: string,
  size: number | undefined,
  signal?: AbortSignal,
): Promise<ContentAsIs> {
  const path = store.blobPath(digest);
  const found = lstatAt(path);
  if (found === undefined) return { wrong: 'is gone' };
  if (!found.isFile()) return { wrong: 'is no file' };
  const { size: bytes } = found;
  if (size !== undefined && bytes !== size) {
    return { bytes: 0, wrong: `has ${bytes} bytes, and its record says ${size}` };
  }
  try {
    const is = await hashFile(path, bytes, signal);
    return is === digest ? { bytes } : { bytes, wrong: `is other content: its digest is ${is}` };
  } catch (error) {
    const code = systemCode(error);
    const world = worldError(path, error);
    if (code === undefined || world !== error) throw world;
    return { bytes: 0, wrong: code === 'ENOENT' ? 'is gone' : `cannot be read (${code})` };
  }
}
