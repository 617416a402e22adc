import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { breather } from '../breather.js';
import { SspError } from '../errors.js';
import { textOfName } from './file-name.js';
import { isLockBeside, isNoContent } from './not-content.js';

/** A file of a folder. */
export interface FolderFile {
  /** Relative, with `/`; as `file-name.ts` writes names. */
  readonly name: string;
  /** Where it lies; bytes where the name is no text. */
  readonly path: string | Buffer;
}

/**
 * All files of a folder that are content (`not-content.ts`); links are followed. Throws an SspError
 * at what is neither file nor folder, and at a link to a folder that contains it.
 */
export async function filesOfFolder(
  root: string,
  signal?: AbortSignal,
): Promise<readonly FolderFile[]> {
  const files: FolderFile[] = [];
  const left: Open[] = [{ name: '', path: root, above: [] }];
  const breathe = breather(signal);
  for (let folder = left.pop(); folder; folder = left.pop()) {
    const { dev, ino } = statSync(folder.path);
    const identity = `${dev}:${ino}`;
    if (folder.above.includes(identity)) {
      throw new SspError('link-cycle', `${folder.path} is a link to a folder that contains it`, {
        help: 'remove the link',
      });
    }
    const above = [...folder.above, identity];
    const entries = entriesOf(folder.path);
    const there = new Set(entries.map(({ name }) => name));
    for (const { entry, name: written, path } of entries) {
      await breathe();
      if (isNoContent(written) || isLockBeside(written, there)) continue;
      const name = folder.name === '' ? written : `${folder.name}/${written}`;
      const is = entry.isFile() || entry.isDirectory() ? entry : statSync(path);
      if (is.isDirectory()) left.push({ name, path, above });
      else if (is.isFile()) files.push({ name, path });
      else throw noFile(String(path), is);
    }
  }
  return files;
}

interface Open extends FolderFile {
  /** The folders around it. */
  readonly above: readonly string[];
}

interface Entry extends FolderFile {
  readonly entry: Dirent<string> | Dirent<Buffer>;
}

/** What stands in a folder; names that are no UTF-8 are read as bytes. */
function entriesOf(folder: string | Buffer): readonly Entry[] {
  const plain = typeof folder === 'string' ? readdirSync(folder, { withFileTypes: true }) : [];
  if (typeof folder === 'string' && !plain.some(({ name }) => name.includes('\ufffd'))) {
    return plain.map((entry) => ({ entry, name: entry.name, path: `${folder}/${entry.name}` }));
  }
  const bytes = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  return bytes.map((entry) => ({
    entry,
    name: textOfName(entry.name),
    path: Buffer.concat([Buffer.from(folder), Buffer.from('/'), entry.name]),
  }));
}

type Kind = Pick<Stats, 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice'>;

/** Says what lies at a path instead of a file or folder. */
export function noFile(path: string, stats: Kind): SspError {
  const what = stats.isFIFO()
    ? 'a named pipe (FIFO)'
    : stats.isSocket()
      ? 'a socket'
      : stats.isCharacterDevice() || stats.isBlockDevice()
        ? 'a device'
        : 'neither file nor folder';
  return new SspError('not-a-file', `${path} is ${what}; expected a file with content`, {
    help: 'remove it, or move the data that is meant into a folder of its own',
  });
}
