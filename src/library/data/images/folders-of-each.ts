import { splitNamed } from '../../../base/split-names.js';
import type { DataFile } from '../files/data-file.js';

/**
 * The folders that each file is in, the outermost first. One folder around all of them counts for nothing where the
 * folders in it are all called as splits are, one of them for training: archives are often written with such a one.
 */
export function foldersOfEach(files: readonly DataFile[]): readonly (readonly string[])[] {
  const folders = files.map(({ inside }) => inside.split('/').slice(0, -1));
  return folderAround(folders) === undefined ? folders : folders.map(([, ...rest]) => rest);
}

/** The folder around all that counts for nothing, of the folders that files are in. */
export function folderAround(folders: readonly (readonly string[])[]): string | undefined {
  const outermost = folders[0]?.[0];
  if (outermost === undefined || splitNamed(outermost) !== undefined) return undefined;
  if (folders.some(([top]) => top !== outermost)) return undefined;
  const splits = new Set(folders.map(([, below]) => splitNamed(below ?? '')));
  return splits.has('train') && !splits.has(undefined) ? outermost : undefined;
}
