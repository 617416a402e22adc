import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { homeFolder } from '../../base/account.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';

const NAME = '.ssp';

/**
 * The store's folder: `--store`, else `$SSP_STORE`, else that of a file (`storeOf`); without a file
 * that of the working folder.
 */
export function storeFolder(io: Io, options: Options, file?: string): string {
  const given = givenStore(io, options);
  if (given !== undefined) return resolve(io.cwd, given);
  return storeOf(file === undefined ? io.cwd : dirname(resolve(io.cwd, file)), io.cwd);
}

/**
 * The store of a file in a folder, wherever a command is started: the nearest `.ssp` in that folder
 * or one around it, else that of the working folder; where none is yet, the one to be made in the
 * folder of the project, or the working folder if the file is below it, or beside the file.
 */
export function storeOf(folder: string, cwd: string): string {
  const around = foldersAround(folder);
  const found = [...around, cwd].find((at) => isThere(join(at, NAME)));
  const isBelow = folder === cwd || folder.startsWith(cwd.endsWith(sep) ? cwd : `${cwd}${sep}`);
  // A package that was installed is no project of the user's.
  const project = folder.split(sep).includes('node_modules') ? undefined : around.find(isProject);
  return join(found ?? project ?? (isBelow ? cwd : folder), NAME);
}

/** One line about a store that is not where the command was started, or undefined. */
export function storeRemark(io: Io, options: Options, root: string): string | undefined {
  const here = join(io.cwd, NAME);
  if (givenStore(io, options) !== undefined || root === here) return undefined;
  const other = isThere(here) ? `; the \`${NAME}\` of this folder is another, see --store` : '';
  return `store: ${relative(io.cwd, root)}${other}`;
}

/** The store that `--store` or `$SSP_STORE` names. */
export function givenStore({ env }: Io, options: Options): string | undefined {
  return (options.store ?? env.SSP_STORE) || undefined;
}

/**
 * A folder and those around it that can be of one project: up to the repository of git, and not the
 * home folder, nor one where everybody may put a `.ssp`.
 */
export function foldersAround(folder: string): readonly string[] {
  const found = [folder];
  for (let at = folder; !existsSync(join(at, '.git')); ) {
    at = dirname(at);
    if (at === dirname(at) || at === homeFolder() || isOpenToAll(at)) break;
    found.push(at);
  }
  return found;
}

const isProject = (folder: string): boolean =>
  ['.git', 'package.json'].some((name) => existsSync(join(folder, name)));

function isOpenToAll(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined || (found.mode & 0o002) !== 0;
}

/** Is there a folder, or a link, of which the store says where it leads? */
function isThere(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.isDirectory() || found.isSymbolicLink());
}
