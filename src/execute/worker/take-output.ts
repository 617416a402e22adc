import { createHash } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { textOfName } from '../../base/files/file-name.js';
import type { Content } from '../output.js';
import type { Blob } from '../record.js';
import { hashFile } from '../store/content.js';
import type { Store } from '../store/store.js';

/** What was taken into the store, and what lay there without content that could be taken. */
export interface Taken extends Content {
  /** With the reason: `` `sock`, a socket ``. */
  readonly without: readonly string[];
}

/** A file that a stage has left. */
interface Left {
  /** Relative, with `/`. */
  readonly name: string;
  readonly path: Buffer;
  readonly size: number;
  /** No link leads to it and it has no second name: nobody else knows it by a path. */
  readonly only: boolean;
  /** By device and inode. */
  readonly identity: string;
}

interface Found {
  readonly files: Left[];
  readonly folders: string[];
  readonly executable: string[];
  readonly without: string[];
}

/** A folder that is looked through. */
interface Here {
  /** Relative, with `/`; empty for the folder itself. */
  readonly name: string;
  readonly path: Buffer;
  /** Was a link followed on the way? */
  readonly linked: boolean;
  /** The folders around it, by device and inode. */
  readonly around: readonly string[];
}

/** Files up to this size are read at once. */
const SMALL = 1 << 20;

/** Whose code left a result, and what may be taken without a copy. */
export interface Origin {
  /** Code of the user's own may leave a process that still writes, names that lead to the user's files, and programs. */
  readonly own: boolean;
  /** What the stage has read: content of the store, known by its name. */
  readonly inputs: readonly Blob[];
  /** The stage's folder for what it keeps between attempts. */
  readonly checkpoint: string;
}

/**
 * Takes what a stage has left in a folder into the store. What code of the user's own has left is
 * copied, links are followed, and what may be executed stays so. Files of ssp's stages are moved, also
 * those whose second name lies in `checkpoint`; a link of theirs to content of an input is that content,
 * which is not read again.
 * Throws an SspError when there is no folder or a file cannot be read; the folder is whole then.
 */
export async function takeOutput(store: Store, folder: string, origin: Origin): Promise<Taken> {
  const found: Found = { files: [], folders: [], executable: [], without: [] };
  lookThrough(rootOf(folder), folder, found);
  const { own } = origin;
  const known = own ? new Map<string, Blob>() : contentOf(store, origin.inputs);
  const kept = own ? new Set<string>() : filesIn(origin.checkpoint);
  const taken = new Map<string, Taking>();
  try {
    const files = new Map<string, Blob>();
    for (const file of found.files) {
      const blob = known.get(file.identity);
      const isMoved = !own && (file.only || kept.has(file.identity));
      files.set(file.name, blob ?? (await take(store, file, isMoved, taken)));
    }
    await publish(store, [...taken.values()]);
    const marked = own && found.executable.length > 0 && marksPrograms(store);
    const { folders, without } = found;
    const executable = marked ? found.executable : [];
    return { files: Object.fromEntries(files), folders, executable, without };
  } catch (error) {
    for (const { temporary, isCopy } of taken.values()) if (isCopy) store.discard(temporary);
    throw error;
  }
}

/** Content of the store by device and inode. */
function contentOf(store: Store, blobs: readonly Blob[]): ReadonlyMap<string, Blob> {
  const found = new Map<string, Blob>();
  for (const blob of blobs) {
    const stats = statSync(store.blobPath(blob.digest), { throwIfNoEntry: false });
    if (stats?.size === blob.size) found.set(identityOf(stats), blob);
  }
  return found;
}

/** The files of a folder by device and inode. */
function filesIn(folder: string): ReadonlySet<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Set(files.map(({ name }) => identityOf(lstatSync(join(folder, name)))));
}

/** Content on its way into the store. */
interface Taking {
  readonly blob: Blob;
  readonly temporary: string;
  /** Else it is the stage's file itself. */
  readonly isCopy: boolean;
}

/** Content of the store: all of it is on the platter before any of it has its name. */
async function publish(store: Store, taken: readonly Taking[]): Promise<void> {
  store.disk.syncMany(taken.map(({ temporary }) => temporary));
  const shards = new Set<string>();
  for (const { blob, temporary, isCopy } of taken) {
    const path = store.blobPath(blob.digest);
    try {
      store.publish(temporary, path);
    } catch (error) {
      const isAcross = error instanceof SspError && systemCode(error.cause) === 'EXDEV';
      if (isCopy || !isAcross) throw error;
      await publishAcross(store, temporary, path);
    }
    shards.add(dirname(path));
  }
  for (const shard of shards) store.disk.syncFolder(shard);
}

/** The store has its content on another disk than the folders of stages. */
async function publishAcross(store: Store, from: string, path: string): Promise<void> {
  const temporary = store.temporaryFor(path);
  store.makeFolder(dirname(temporary));
  try {
    await store.disk.copy(from, temporary);
    store.disk.sync(temporary);
    store.publish(temporary, path);
  } catch (error) {
    store.discard(temporary);
    throw error;
  }
}

/** The folder itself, which a program may have replaced. */
function rootOf(folder: string): Here {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!found || !stats?.isDirectory()) {
    const what = found ? 'something else in the place of' : 'nothing, not even';
    throw new SspError('bad-output', `the stage left ${what} the folder for its result`, {
      help: 'what it makes is to lie in the folder that `{out}` names',
    });
  }
  const linked = found.isSymbolicLink();
  return { name: '', path: Buffer.from(folder), linked, around: [] };
}

function lookThrough(here: Here, root: string, found: Found): void {
  const around = [...here.around, identityOf(statSync(here.path))];
  const names = readdirSync(here.path, { encoding: 'buffer' });
  if (names.length === 0 && here.name !== '') found.folders.push(here.name);
  for (const bytes of names) {
    const text = textOfName(bytes);
    const name = here.name === '' ? text : `${here.name}/${text}`;
    const path = Buffer.concat([here.path, Buffer.from(sep), bytes]);
    try {
      look({ name, path, linked: here.linked, around }, root, found);
    } catch (error) {
      if (error instanceof SspError || systemCode(error) === undefined) throw error;
      throw unreadable(name, error);
    }
  }
}

function look(at: Here, root: string, found: Found): void {
  const itself = lstatSync(at.path);
  const isLink = itself.isSymbolicLink();
  const stats = isLink ? targetOf(at.path) : itself;
  const linked = at.linked || isLink;
  if (stats?.isDirectory()) {
    if (at.around.includes(identityOf(stats)) || (isLink && isAround(at.path, root))) {
      found.without.push(`\`${at.name}\`, a link to a folder that contains it`);
    } else lookThrough({ ...at, linked }, root, found);
  } else if (stats?.isFile()) {
    const only = !linked && stats.nlink === 1;
    const identity = identityOf(stats);
    found.files.push({ name: at.name, path: at.path, size: stats.size, only, identity });
    if ((stats.mode & 0o111) !== 0) found.executable.push(at.name);
  } else found.without.push(`\`${at.name}\`, ${kindOf(stats, at.path)}`);
}

/** What a link leads to; undefined when that is nothing. */
function targetOf(path: Buffer): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** Does a link lead to a folder around the result, and so to the store? */
function isAround(link: Buffer, root: string): boolean {
  const target = realpathSync(link);
  return `${realpathSync(root)}${sep}`.startsWith(target === sep ? sep : `${target}${sep}`);
}

function kindOf(stats: Stats | undefined, path: Buffer): string {
  if (stats === undefined) return `a link to \`${readlinkSync(path)}\`, which is not there`;
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

const identityOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

function unreadable(name: string, cause: unknown): SspError {
  return new SspError(
    'bad-output',
    `\`${name}\` of what the stage left cannot be read (${systemCode(cause)})`,
    { help: 'a result is made of files that may be read', cause },
  );
}

/** Gets one file ready for the store, unless its content is `taken`. */
async function take(
  store: Store,
  file: Left,
  isMoved: boolean,
  taken: Map<string, Taking>,
): Promise<Blob> {
  const taking = await takingOf(store, file, isMoved);
  const { blob, temporary, isCopy } = taking;
  if (!taken.has(blob.digest)) taken.set(blob.digest, taking);
  else if (isCopy) store.discard(temporary);
  return blob;
}

async function takingOf(store: Store, file: Left, isMoved: boolean): Promise<Taking> {
  if (isMoved) return itself(store, file);
  try {
    return await copyOf(store, file);
  } catch (error) {
    const full = error instanceof SspError && error.code === 'disk-full';
    if (!full || !file.only) throw error;
    // No room for a second one. Should somebody still write to it, that is noticed when it is read.
    return itself(store, file);
  }
}

async function copyOf(store: Store, { name, path, size }: Left): Promise<Taking> {
  const temporary = store.temporaryFor(join(store.root, 'blobs', 'new'));
  try {
    let blob: Blob;
    if (size <= SMALL) {
      const content = readLeft(name, path);
      store.write(temporary, content, false);
      const digest = createHash('sha256').update(content).digest('hex');
      blob = { digest, size: content.length };
    } else {
      store.makeFolder(dirname(temporary));
      await store.disk.copy(path, temporary);
      blob = { digest: await hashFile(temporary), size: statSync(temporary).size };
    }
    store.disk.chmod(temporary, 0o444);
    return { blob, temporary, isCopy: true };
  } catch (error) {
    store.discard(temporary);
    throw error;
  }
}

function readLeft(name: string, path: Buffer): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function itself(store: Store, { path, size }: Left): Promise<Taking> {
  const temporary = path.toString();
  const digest = await hashFile(temporary);
  store.disk.chmod(temporary, 0o444);
  return { blob: { digest, size }, temporary, isCopy: false };
}

/** Does this file system say which files are programs, or does it say so of all? */
function marksPrograms(store: Store): boolean {
  const probe = store.temporary('probe');
  store.write(probe, '', false);
  const marked = (statSync(probe).mode & 0o111) === 0;
  store.discard(probe);
  return marked;
}
