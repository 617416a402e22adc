import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream, lstatSync, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { breather, interrupted } from '../../base/breather.js';
import { digestOf } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import { isArchive, splitOfArchive } from '../../base/files/archive-name.js';
import { type FolderFile, filesOfFolder, noFile } from '../../base/files/folder-files.js';
import { saysAbsent } from '../../base/files/is-absent.js';
import { statsAt } from '../../base/files/stats-at.js';

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

/** What a file or folder contained when it was looked at. */
export interface ContentState {
  readonly digest: string;
  /** The marks of each file; equal ones say that nobody has written to it in between. */
  readonly marks: ReadonlyMap<string, string>;
}

export interface ContentOptions {
  readonly memory: Memory;
  readonly onRead?: OnRead | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** SHA-256 of a file, or of a folder's relative names and file digests. Throws as `contentState`. */
export async function contentDigest(
  path: string,
  kind: 'file' | 'folder',
  memory: Memory,
  onRead?: OnRead,
): Promise<string> {
  return (await contentState(path, kind, { memory, onRead })).digest;
}

/**
 * The digest of a file, or of a folder's relative names and file digests, and the state in which
 * they were. A file is read only if its size, times or inode changed since it was read last. Throws
 * an SspError when something cannot be read, or is neither file nor folder.
 */
export async function contentState(
  path: string,
  kind: 'file' | 'folder',
  { memory, onRead, signal }: ContentOptions,
): Promise<ContentState> {
  const absolute = resolve(path);
  const name = createHash('sha256').update(absolute).digest('hex');
  return named(path, async () => {
    const root = await stat(absolute);
    if (!root.isFile() && !root.isDirectory()) throw noFile(path, root);
    const archive = kind === 'folder' && root.isFile() && isArchive(path);
    if (root.isDirectory() !== (kind === 'folder') && !archive) {
      throw new SspError(
        'wrong-kind',
        `${path} is ${root.isDirectory() ? 'a folder' : 'a file'}; expected a ${kind}`,
      );
    }
    const files: readonly FolderFile[] =
      kind === 'file' || archive
        ? [{ name: '', path: absolute }]
        : await filesOfFolder(absolute, signal);
    const known = memoOf(memory.read(name));
    const next: [string, Known][] = [];
    const digests: [string, string][] = [];
    const marks = new Map<string, string>();
    const breathe = breather(signal);
    let read = 0;
    for (const file of files) {
      await breathe();
      const before = known.get(file.name);
      const stats = statSync(file.path, { bigint: true });
      marks.set(file.name, `${stampOf(stats)} ${circumstancesOf(stats)}`);
      const result =
        before?.stamp === stampOf(stats)
          ? { digest: before.digest, known: before }
          : await fileDigest(file.path, undefined, { onRead, signal });
      digests.push([file.name, result.digest]);
      if (result.known) next.push([file.name, result.known]);
      if (result.known !== before) read += 1;
    }
    if (read > 0) memory.write(name, JSON.stringify(Object.fromEntries(next)));
    // The name of an archive says which split its images are in, as names in a folder do.
    const split = archive ? splitOfArchive(path) : undefined;
    const digest =
      kind === 'file'
        ? (digests[0]?.[1] ?? '')
        : digestOf('ssp-folder/1', { ...Object.fromEntries(digests), ...(split && { split }) });
    return { digest, marks };
  });
}

/** Was nothing written between two looks? Other modes, owners and numbers of links are no content. */
export function isUntouched(before: ContentState, after: ContentState): boolean {
  if (before.digest !== after.digest || before.marks.size !== after.marks.size) return false;
  return [...before.marks].every(([file, was]) => {
    const is = after.marks.get(file);
    if (is === was) return true;
    if (is === undefined) return false;
    const [size, written, inode, changed, ...circumstances] = was.split(' ');
    const now = is.split(' ');
    const content = [size, written, inode].every((mark, i) => mark === now[i]);
    // The time of the last change of the inode alone: explained by another mode, owner or link.
    return content && (changed === now[3] || circumstances.some((mark, i) => mark !== now[4 + i]));
  });
}

/** The digest of one file, read unless its stamp is known; `known` is none for a file too young. */
export async function fileDigest(
  path: string | Buffer,
  before: Known | undefined,
  { onRead, signal }: Omit<ContentOptions, 'memory'> = {},
): Promise<{ readonly digest: string; readonly known: Known | undefined }> {
  const now = Date.now();
  const stats = statSync(path, { bigint: true });
  const stamp = stampOf(stats);
  if (before?.stamp === stamp) return { digest: before.digest, known: before };
  onRead?.(String(path), Number(stats.size));
  const digest = await hashFile(path, Number(stats.size), signal);
  const after = stampOf(statSync(path, { bigint: true }));
  return { digest, known: isYoung(stats, now) || after !== stamp ? undefined : { stamp, digest } };
}

/** What lies at a path; `lasts` where it is old enough for every later write to change the stamp. */
export function stampAt(
  path: string,
): { readonly stamp: Stamp; readonly lasts: boolean } | undefined {
  const now = Date.now();
  const stats = statsAt(path, { bigint: true });
  return stats && { stamp: stampOf(stats), lasts: !isYoung(stats, now) };
}

/** Could a write after this moment leave the same times? */
const isYoung = (s: BigIntStats, now: number): boolean =>
  Number(max(s.mtimeNs, s.ctimeNs) / 1_000_000n) > now - RACY;

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const stampOf = (s: BigIntStats): Stamp => `${s.size} ${s.mtimeNs} ${s.ino} ${s.ctimeNs}`;

const circumstancesOf = (s: BigIntStats): string => `${s.mode} ${s.nlink} ${s.uid} ${s.gid}`;

/** Files up to this size are read at once, which is quicker for many small ones. Bytes. */
const SMALL = 1 << 20;

/** SHA-256 of a file's bytes, hex. */
export async function hashFile(
  path: string | Buffer,
  size = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  if (size <= SMALL) return hash.update(readFileSync(path)).digest('hex');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted) throw interrupted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

function memoOf(text: string | undefined): ReadonlyMap<string, Known> {
  try {
    const memo: unknown = text === undefined ? {} : JSON.parse(text);
    return new Map(Object.entries((memo ?? {}) as Memo).filter(([, known]) => isKnown(known)));
  } catch {
    return new Map();
  }
}

const isKnown = (known: unknown): boolean =>
  typeof known === 'object' &&
  known !== null &&
  'stamp' in known &&
  'digest' in known &&
  /^[0-9a-f]{64}$/.test(String(known.digest));

/** Names the file in an error of the file system. */
async function named<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || error instanceof SspError) throw error;
    const of = error instanceof Error && 'path' in error ? String(error.path) : path;
    const isLink = isLinkAt(of);
    const isLost = code !== 'ELOOP' && saysAbsent(error);
    const dangling = isLink && 'is a link to what does not exist';
    const what = isLost ? dangling || 'does not exist' : `cannot be read (${code})`;
    throw new SspError(isLost ? 'file-not-found' : 'file-unreadable', `${of} ${what}`, {
      help: adviceFor(code, isLink, of === path),
      cause: error,
    });
  }
}

function isLinkAt(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function adviceFor(code: string, isLink: boolean, isNamed: boolean): string {
  if (code === 'ELOOP') return 'it is a link that leads to itself: remove it';
  if (isLink) return 'remove the link, or put back what it leads to';
  if (code === 'EACCES' || code === 'EPERM')
    return 'give yourself the right to read it, or move it';
  return isNamed
    ? 'the path is relative to the folder of the .ssp file that names it'
    : 'its folder changed meanwhile, or the disk is at fault: run again';
}
