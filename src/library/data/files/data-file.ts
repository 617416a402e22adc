import { statSync } from 'node:fs';
import { SspError } from '../../../base/errors.js';
import { isArchive } from '../../../base/files/archive-name.js';
import { filesOfFolder } from '../../../base/files/folder-files.js';
import { isNoContent } from '../../../base/files/not-content.js';
import { oneLine } from '../../../base/plain-text.js';
import { type DataFolder, foldersAt } from './data-folders.js';
import { contentsOfArchive } from './tar-index.js';

/** A file of a data set, in a folder or in an archive. */
export interface DataFile {
  /** Relative to the root, or in its archive; of several archives the archive's name stands before it. */
  readonly name: string;
  /** The name in the folder or archive alone. */
  readonly inside: string;
  /** The archive that it lies in: relative to the root, or the root's own name. */
  readonly archive?: string;
  readonly source: FilePlace;
}

/** What a folder or archive has. */
export interface DataContents {
  /** In the order of their names. */
  readonly files: readonly DataFile[];
  readonly folders: readonly DataFolder[];
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
 * What is in a folder; or in an archive, or in all archives of a folder that has no images beside them
 * (`isImage`), with the files beside them.
 * @throws SspError `bad-archive`, `same-name`.
 */
export async function contentsOf(
  root: string,
  isImage: (name: string) => boolean,
): Promise<DataContents> {
  if (statSync(root).isFile()) return together([contentsIn(root, root.split('/').at(-1) ?? '')]);
  const files = await listFolder(root);
  const archives = files.filter(({ name }) => isArchive(name));
  if (archives.length === 0 || files.some(({ name }) => isImage(name))) {
    return { files, folders: foldersAt(root) };
  }
  const beside = files.filter(({ name }) => !isArchive(name));
  const isOne = archives.length === 1;
  return together([
    { files: beside, folders: [] },
    ...archives.map(({ name, source }) => contentsIn(source.path, name, isOne ? undefined : name)),
  ]);
}

/** What is in an archive; where it is one of several, the `prefix` tells names in it from those in others. */
function contentsIn(path: string, archive: string, prefix?: string): DataContents {
  const { files, folders } = contentsOfArchive({ path });
  const isContent = (name: string): boolean => !name.split('/').some(isNoContent);
  const nameOf = (inside: string): string =>
    prefix === undefined ? inside : `${prefix.slice(0, -'.tar'.length)}/${inside}`;
  return {
    files: files
      .filter(({ name }) => isContent(name))
      .map(({ name: inside, start, length }) => ({
        name: nameOf(inside),
        inside,
        archive,
        source: { path, start, length },
      })),
    folders: folders.filter(isContent).map((inside) => ({ name: nameOf(inside), inside })),
  };
}

/** @throws SspError `same-name` where what stands before names in one archive is a folder in another. */
function together(all: readonly DataContents[]): DataContents {
  const files = sorted(all.flatMap(({ files }) => files));
  for (const [at, { name, archive }] of files.entries()) {
    const before = files[at - 1];
    if (before?.name !== name) continue;
    const [one, other] = [before.archive ?? 'the folder', archive ?? 'the folder'].map(oneLine);
    throw new SspError(
      'same-name',
      `two files are called ${JSON.stringify(name)}: one in ${one}, one in ${other}`,
      { help: 'names of an archive begin with what it is called: call one of the two otherwise' },
    );
  }
  return { files, folders: all.flatMap(({ folders }) => folders) };
}

function sorted(files: readonly DataFile[]): readonly DataFile[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
