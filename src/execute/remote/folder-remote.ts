import { closeSync, constants, createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { shellWord } from '../../base/shell-word.js';
import { type Disk, nodeDisk, worldError } from '../store/disk.js';
import { listed, lstatAt, statAt } from '../store/entry.js';
import { isDigest } from '../store/stored-form.js';
import { temporaryName } from '../store/temporary-name.js';
import type { Content, Part, Remote } from './remote.js';

/**
 * A folder that several machines see, such as one of NFS: `cas/ab/DIGEST` and `ac/ab/KEY`. A file is
 * written under a temporary name, synced, and gets its name by a link, which is there whole or not at
 * all and replaces nothing. What is made has the mode of the folder, so a group may share it.
 */
export function folderRemote(name: string, root: string, disk: Disk = nodeDisk): Remote {
  const found = statAt(root);
  if (!found?.isDirectory()) {
    const what = found ? 'is a file, not a folder' : 'is not there';
    throw new SspError('no-remote', `the remote ${name} ${what}`, {
      help: `make it with \`mkdir -p ${shellWord(root)}\`, or mount it`,
    });
  }
  const mode = found.mode & 0o7777;
  const pathOf = (part: Part, digest: string): string =>
    join(root, part, digest.slice(0, 2), digest);

  const makeFolder = async (path: string): Promise<void> => {
    if (statAt(path)) return;
    const around = dirname(path);
    if (around.length > root.length) await makeFolder(around);
    disk.mkdir(path);
    await chmod(path, mode).catch(() => {}); // somebody else has made it just now
  };

  /** A file under a temporary name, its content on the platter. */
  const written = async (content: Content): Promise<string> => {
    const temporary = join(root, 'tmp', temporaryName('put'));
    await makeFolder(dirname(temporary));
    try {
      if ('path' in content) await disk.copy(content.path, temporary);
      else disk.write(temporary, content.bytes, false);
      await chmod(temporary, (mode & 0o444) | 0o400);
      disk.sync(temporary);
      return temporary;
    } catch (error) {
      disk.remove(temporary);
      throw error;
    }
  };

  /** Gives a file of some content its name; was that done? */
  const put = async (
    path: string,
    content: Content,
    named: (temporary: string) => boolean,
  ): Promise<boolean> => {
    const temporary = await written(content);
    try {
      await makeFolder(dirname(path));
      if (!named(temporary)) return false;
      disk.syncFolder(dirname(path));
      return true;
    } finally {
      disk.remove(temporary);
    }
  };

  /** What fails is this place, and no store. */
  const here = async <T>(act: () => T | Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw ofRemote(name, error);
    }
  };

  return {
    name,
    id: `folder ${root}`,
    at: pathOf,
    has: (part, digest) => here(() => statAt(pathOf(part, digest))?.isFile() === true),
    get: (part, digest) => here(() => opened(pathOf(part, digest))),
    putIfAbsent: (part, digest, content) =>
      here(() => {
        const path = pathOf(part, digest);
        if (isFileAt(name, path)) return false;
        return put(path, content, (temporary) => linked(disk, temporary, path));
      }),
    replace: (part, digest, content) =>
      here(async () => {
        const path = pathOf(part, digest);
        isFileAt(name, path);
        await put(path, content, (temporary) => {
          disk.rename(temporary, path);
          return true;
        });
      }),
    list: (part) =>
      here(() =>
        listed(join(root, part)).flatMap((shard) =>
          listed(join(root, part, shard)).filter((one) => isDigest(one) && one.startsWith(shard)),
        ),
      ),
  };
}

/** What to do about a place where results are shared, by what is wrong with its disk. */
const helps: Readonly<Record<string, string>> = {
  'disk-full': 'free some space there, or choose another remote, and try again; nothing is lost',
  'no-permission': 'change the owner or mode of what lies there, or choose another remote',
};

/** An error of the disk as one of a remote; any other unchanged. */
function ofRemote(name: string, error: unknown): unknown {
  const help = error instanceof SspError ? helps[error.code] : undefined;
  if (!(error instanceof SspError) || help === undefined) return error;
  return new SspError(error.code, `the remote ${name}: ${error.message}`, { help, cause: error });
}

/** Is there a file? @throws SspError where something else stands in its way. */
function isFileAt(name: string, path: string): boolean {
  const found = statAt(path) ?? lstatAt(path);
  if (found === undefined || found.isFile()) return found !== undefined;
  throw new SspError('remote-failed', `the remote ${name}: ${path} is no file`, {
    help: 'remove it there, and try again',
  });
}

function linked(disk: Disk, from: string, to: string): boolean {
  try {
    disk.link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    // A file system without links says so in several ways; there a rename is as whole, and what it
    // might replace has the same name, so the same content.
    if (!['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(causeOf(error))) throw error;
    if (statSync(to, { throwIfNoEntry: false })) return false;
    disk.rename(from, to);
    return true;
  }
}

const causeOf = (error: unknown): string =>
  systemCode(error) ?? systemCode(error instanceof Error ? error.cause : undefined) ?? '';

/** A file; a FIFO or a device in its place is none. */
function opened(path: string): ReturnType<Remote['get']> extends Promise<infer R> ? R : never {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(file).isFile()) return createReadStream(path, { fd: file });
    closeSync(file);
    return undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error) ?? '')) return undefined;
    throw worldError(path, error);
  }
}
