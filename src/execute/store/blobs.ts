import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import type { Blob } from '../record.js';
import { fileDigest, hashFile } from './content.js';
import { worldError } from './disk.js';
import type { Store } from './store.js';
import { isDigest } from './stored-form.js';

/** The state of a file in which its digest is known; none of one so young that it may change unseen. */
type Known = Awaited<ReturnType<typeof fileDigest>>['known'];

/** Reads a blob whole (unless it was read in this state before) and compares it with its name. */
export async function verifyBlob(store: Store, blob: Blob): Promise<boolean> {
  return (await verified(store, blob)) !== undefined;
}

/**
 * A copy of a blob at a new path, for whoever might write to it: never a link. The content of the
 * copy is that of the blob's name; false when it is not.
 */
export async function copyBlob(
  store: Store,
  blob: Blob,
  to: string,
  mode: number,
): Promise<boolean> {
  const path = store.blobPath(blob.digest);
  if (blob.size <= SMALL) return copySmall(store, blob, to, mode);
  const before = await verified(store, blob);
  if (before === undefined) return false;
  await store.disk.copy(path, to);
  store.disk.chmod(to, mode);
  // Either the blob is still in the state in which it was read, or the copy is read.
  const { known } = before;
  if (known && (await fileDigest(path, known)).known === known) return true;
  return (await hashFile(to)) === blob.digest;
}

/** Files up to this size are read at once. */
const SMALL = 1 << 20;

function copySmall(store: Store, blob: Blob, to: string, mode: number): boolean {
  if (!store.hasSize(blob)) return false;
  const path = store.blobPath(blob.digest);
  const content = readFileSync(path);
  if (createHash('sha256').update(content).digest('hex') !== blob.digest) {
    store.quarantine(path);
    return false;
  }
  store.disk.write(to, content, false);
  store.disk.chmod(to, mode);
  return true;
}

async function verified(store: Store, blob: Blob): Promise<{ readonly known: Known } | undefined> {
  if (!store.hasSize(blob)) return undefined;
  const path = store.blobPath(blob.digest);
  const before = remembered(store.memory.read(blob.digest));
  try {
    const { digest, known } = await fileDigest(path, before);
    if (digest !== blob.digest) {
      store.quarantine(path);
      return undefined;
    }
    if (known && known !== before) store.memory.write(blob.digest, JSON.stringify(known));
    return { known };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw worldError(path, error);
  }
}

function remembered(text: string | undefined): Known {
  try {
    const known: unknown = JSON.parse(text ?? 'null');
    if (typeof known !== 'object' || known === null) return undefined;
    const { stamp, digest } = known as Readonly<Record<string, unknown>>;
    return typeof stamp === 'string' && isDigest(digest) ? { stamp, digest } : undefined;
  } catch {
    return undefined;
  }
}
