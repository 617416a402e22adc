import { counted } from '../../../base/counted.js';
import { splitNamed } from '../../../base/split-names.js';
import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import type { DataContents, DataFile } from '../files/data-file.js';
import type { DataFolder } from '../files/data-folders.js';
import { folderAround } from './folders-of-each.js';
import { type FileKind, kindOfName } from './kind-of-name.js';

/** What was found, and what of it is used. */
export interface Found extends DataContents {
  /** Names of the images that are in the data set. */
  readonly used: ReadonlySet<string>;
  /** Names of the classes. */
  readonly known: ReadonlySet<string>;
}

/** What is said of files that are not in the data set, of one and of many. */
const said: Readonly<Record<Exclude<FileKind, 'other'>, readonly [one: string, many: string]>> = {
  image: ['image file is not in `list`', 'image files are not in `list`'],
  unread: [
    'file is an image of a format that is not read',
    'files are images of a format that is not read',
  ],
  tar: [
    'archive is not read, as there are images beside it',
    'archives are not read, as there are images beside them',
  ],
  archive: [
    'file is an archive that is packed, and not read',
    'files are archives that are packed, and not read',
  ],
  video: ['file is a video, and not read', 'files are videos, and not read'],
  array: ['file of arrays or records is not read', 'files of arrays or records are not read'],
};

/** Remarks what of a folder or archive is not in the data set, and classes that look like a slip. */
export function remarkFolders(
  { files, folders, used, known }: Found,
  { remark, log }: Pick<StageContext<unknown>, 'remark' | 'log'>,
): void {
  const rest = files.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  const of = (kind: string) => rest.filter((name) => kindOfName(name) === kind);
  for (const [kind, [one, many]] of Object.entries(said)) {
    const names = of(kind);
    if (names.length > 0) {
      remark(`${names.length} ${names.length === 1 ? one : many}: ${listed(names)}`);
    }
  }
  const other = of('other');
  if (other.length > 0) log(`files that are no images, ${other.length}: ${listed(other)}`);
  const empty = emptyFolders(folders, files);
  if (empty.length > 0) {
    const have = empty.length === 1 ? 'has' : 'have';
    remark(`${counted(empty.length, 'folder')} ${have} no image: ${listed(empty)}`);
  }
  const spellings = new Map<string, string>();
  for (const name of known) {
    const spelling = name.normalize('NFC').toLowerCase();
    const twin = spellings.get(spelling);
    if (twin === undefined) spellings.set(spelling, name);
    else {
      const alone =
        twin.normalize('NFC') === name.normalize('NFC') ? 'how Unicode writes accents' : 'case';
      remark(`the classes ${twin} and ${name} differ in ${alone} alone`);
    }
  }
}

/** Folders of classes without an image: those at the top, or in folders of splits. */
function emptyFolders(
  folders: readonly DataFolder[],
  files: readonly DataFile[],
): readonly string[] {
  // Of several archives each has folders of its own, told apart by what stands before their names.
  const filled = new Set<string>();
  const images = files.filter(({ name }) => kindOfName(name) === 'image');
  const around = folderAround(images.map(({ inside }) => inside.split('/').slice(0, -1)));
  const partsOf = ({ inside }: DataFolder): readonly string[] => {
    const parts = inside.split('/');
    return around !== undefined && parts[0] === around ? parts.slice(1) : parts;
  };
  for (const { name } of images) {
    for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
      filled.add(name.slice(0, at));
    }
  }
  const isSplit = (folder: DataFolder) => splitNamed(partsOf(folder)[0] ?? '') !== undefined;
  const withFolders = new Set(
    folders
      .filter((folder) => isSplit(folder) && partsOf(folder).length === 2)
      .map(({ name }) => name.slice(0, name.lastIndexOf('/'))),
  );
  return folders
    .filter((folder) =>
      partsOf(folder).length === 1
        ? !withFolders.has(folder.name)
        : partsOf(folder).length === 2 && isSplit(folder),
    )
    .map(({ name }) => name)
    .filter((name) => !filled.has(name));
}
