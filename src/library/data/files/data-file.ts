import { statSync } from 'node:fs';
import { filesOfFolder } from '../../../base/files/folder-files.js';
import { isNoContent } from '../../../base/files/not-content.js';
import { filesOfArchive } from './tar-index.js';

/** A file of a data set, in a folder or in an archive. */
export interface DataFile {
  /** Unique among the files: relative to the root, or in its archive; of several archives the archive's name stands before it. */
  readonly name: string;
  /** The name in the folder or archive alone. */
  readonly inside: string;
  /** The archive that it lies in, without `.tar`. */
  readonly archive?: string;
  readonly source: FilePlace;
}

/** Where a file's bytes are; the path as `textOfName` writes names that are no text. */
export interface FilePlace {
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

/** The files of a folder, in the order of their names; what programs leave by themselves (`.DS_Store`) is none. */
export async function listFolder(root: string): Promise<readonly DataFile[]> {
  const files = await filesOfFolder(root);
  return sorted(
    files.map(({ name, path }) => {
      const source = { path: `${root}/${name}`, start: 0, length: statSync(path).size };
      return { name, inside: name, source };
    }),
  );
}

/**
 * The files of a folder, in the order of their names; or those of an archive, or of all archives of a
 * folder that has no images beside them.
 * @throws SspError `bad-archive`.
 */
export async function filesOf(
  root: string,
  isWanted: (name: string) => boolean,
): Promise<readonly DataFile[]> {
  if (statSync(root).isFile()) return sorted(filesInArchive(root));
  const files = await listFolder(root);
  const archives = files.filter(({ name }) => name.endsWith('.tar'));
  if (archives.length === 0 || files.some(({ name }) => isWanted(name))) return files;
  return sorted(
    archives.flatMap(({ name }) =>
      filesInArchive(
        `${root}/${name}`,
        archives.length > 1 ? name.slice(0, -'.tar'.length) : undefined,
      ),
    ),
  );
}

function filesInArchive(path: string, archive?: string): readonly DataFile[] {
  return filesOfArchive({ path })
    .filter(({ name }) => !name.split('/').some(isNoContent))
    .map(({ name: inside, start, length }) => ({
      name: archive === undefined ? inside : `${archive}/${inside}`,
      inside,
      ...(archive === undefined ? {} : { archive }),
      source: { path, start, length },
    }));
}

function sorted(files: readonly DataFile[]): readonly DataFile[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
