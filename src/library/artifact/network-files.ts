import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { makeFolder } from '../../base/files/make-folder.js';
import { copyFileWhole } from '../../base/write-file.js';

/** The folder of an encoder in which the module of its network lies, with what that imports. */
const folderName = 'network';

/** The name that a file of a network has in an encoder; `path` is relative, with `/`. */
export const networkFile = (path: string): string => `${folderName}/${path}`;

/** Is it a file of an encoder's network? */
export function isNetworkFile(name: string): boolean {
  const [first, ...rest] = name.split('/');
  return first === folderName && rest.length > 0 && rest.every((part) => !/^\.{0,2}$/.test(part));
}

/** Copies the network among the files of an encoder (paths by name) into a folder, which is made. */
export function layOutNetwork(files: Readonly<Record<string, string>>, folder: string): void {
  for (const [name, path] of Object.entries(files)) {
    if (!isNetworkFile(name)) continue;
    const to = join(folder, name);
    makeFolder(dirname(to));
    copyFileWhole(path, to);
  }
}

/** The names of the files of the network in the folder of an encoder, sorted. */
export function networkFilesIn(folder: string): readonly string[] {
  if (!existsSync(join(folder, folderName))) return [];
  return readdirSync(join(folder, folderName), { recursive: true, encoding: 'utf8' })
    .map((path) => networkFile(path.split(sep).join('/')))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/**
 * Does something with a network that lies alone, as it does on another machine: no package is installed beside it.
 * The folder that `use` gets is removed afterwards.
 */
export async function withNetworkAlone<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ssp-network-'));
  try {
    layOutNetwork(files, folder);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
