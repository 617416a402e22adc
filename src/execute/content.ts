import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { digestOf } from '../base/canonical.js';
import { SspError, systemCode } from '../base/errors.js';

/** What a digest is remembered by: size, mtime (ns), inode, ctime (ns). */
type Stamp = string;

/** The digest of a file and the state in which it was read. */
interface Known {
  readonly stamp: Stamp;
  readonly digest: string;
}

/** Digests by relative name ('' for a single file), remembered between runs. */
type Memo = Readonly<Record<string, Known>>;

/** Where digests are remembered. A lost memo costs time, nothing else. */
export interface Memory {
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, text: string) => void;
}

/** Called with each file that has to be read. */
export type OnRead = (path: string, bytes: number) => void;

/**
 * Files younger than this when they are read are not remembered: a later write within the clock's
 * grain could leave the same times (git's "racily clean" rule). Milliseconds.
 */
const RACY = 2000;

/**
 * SHA-256 of a file, or of a folder's sorted relative names and file digests. A file is read only
 * if its size, times or inode changed since it was read last. Throws when it cannot be read.
 */
export async function contentDigest(
  path: string,
  kind: 'file' | 'folder',
  memory: Memory,
  onRead?: OnRead,
): Promise<string> {
  const absolute = resolve(path);
  const name = createHash('sha256').update(absolute).digest('hex');
  return named(path, async () => {
    const root = await stat(absolute);
    if (root.isDirectory() !== (kind === 'folder')) {
      throw new SspError(
        'wrong-kind',
        `${path} is ${root.isDirectory() ? 'a folder' : 'a file'}; expected a ${kind}`,
      );
    }
    const files = kind === 'file' ? [''] : await filesIn(absolute, '', []);
    const known = memoOf(memory.read(name));
    const next: Record<string, Known> = {};
    const digests: Record<string, string> = {};
    let read = 0;
    for (const file of files) {
      const before = known[file];
      const result = await fileDigest(join(absolute, file), before, onRead);
      digests[file] = result.digest;
      if (result.known) next[file] = result.known;
      if (result.known !== before) read += 1;
    }
    if (read > 0) memory.write(name, JSON.stringify(next));
    return kind === 'file' ? (digests[''] ?? '') : digestOf('ssp-folder/1', digests);
  });
}

/** The digest of one file, read unless its stamp is known; `known` is none for a file too young. */
export async function fileDigest(
  path: string,
  before: Known | undefined,
  onRead?: OnRead,
): Promise<{ readonly digest: string; readonly known: Known | undefined }> {
  const now = Date.now();
  const stats = await stat(path, { bigint: true });
  const stamp = stampOf(stats);
  if (before?.stamp === stamp) return { digest: before.digest, known: before };
  onRead?.(path, Number(stats.size));
  const digest = await hashFile(path);
  const after = stampOf(await stat(path, { bigint: true }));
  const young = Number(max(stats.mtimeNs, stats.ctimeNs) / 1_000_000n) > now - RACY;
  return { digest, known: young || after !== stamp ? undefined : { stamp, digest } };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const stampOf = (s: BigIntStats): Stamp => `${s.size} ${s.mtimeNs} ${s.ino} ${s.ctimeNs}`;

/** SHA-256 of a file's bytes, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Relative names (with `/`) of all files in a folder, sorted; links are followed. */
async function filesIn(
  root: string,
  folder: string,
  above: readonly string[],
): Promise<readonly string[]> {
  const here = join(root, folder);
  const { dev, ino } = await stat(here);
  const identity = `${dev}:${ino}`;
  if (above.includes(identity)) {
    throw new SspError('link-cycle', `${here} is a link to a folder that contains it`, {
      help: 'remove the link',
    });
  }
  const files: string[] = [];
  for (const entry of await readdir(here, { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const isFolder = entry.isSymbolicLink()
      ? (await named(join(root, name), () => stat(join(root, name)))).isDirectory()
      : entry.isDirectory();
    if (isFolder) files.push(...(await filesIn(root, name, [...above, identity])));
    else files.push(name);
  }
  return files.sort();
}

function memoOf(text: string | undefined): Memo {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

/** Names the file in an error of the file system. */
async function named<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || error instanceof SspError) throw error;
    const of = error instanceof Error && 'path' in error ? String(error.path) : path;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new SspError(code === 'ENOENT' ? 'file-not-found' : 'file-unreadable', `${of} ${what}`, {
      help: 'the path is relative to the folder of the .ssp file that names it',
      cause: error,
    });
  }
}
