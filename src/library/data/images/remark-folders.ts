import { readdirSync, statSync } from 'node:fs';
import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import type { DataFile } from '../files/data-file.js';
import { kindOfName } from './kind-of-name.js';
import { splitNamed } from './samples-of-folders.js';

/** What was found, and what of it is used. */
export interface Found {
  readonly root: string;
  readonly files: readonly DataFile[];
  /** Names of the images that are in the data set. */
  readonly used: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

/** Remarks what of a folder is not in the data set, and classes that look like a slip. */
export function remarkFolders(
  { root, files, used, known }: Found,
  { remark, log }: Pick<StageContext<unknown>, 'remark' | 'log'>,
): void {
  const rest = files.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  const of = (kind: ReturnType<typeof kindOfName>) =>
    rest.filter((name) => kindOfName(name) === kind);
  const [images, unread, other] = [of('image'), of('unread'), of('other')];
  if (images.length > 0) {
    const are = images.length === 1 ? '1 image file is' : `${images.length} image files are`;
    remark(`${are} not in \`list\`: ${listed(images)}`);
  }
  if (unread.length > 0) {
    const are = unread.length === 1 ? '1 file is an image' : `${unread.length} files are images`;
    remark(`${are} of a format that is not read: ${listed(unread)}`);
  }
  if (other.length > 0) log(`files that are no images, ${other.length}: ${listed(other)}`);
  const filled = new Set(
    [...used].flatMap((name) => {
      const [top = '', inside = ''] = name.split('/', 2);
      return [top, `${top}/${inside}`];
    }),
  );
  const empty = foldersAt(root).filter((folder) => !filled.has(folder));
  if (empty.length > 0) {
    const have = empty.length === 1 ? '1 folder has' : `${empty.length} folders have`;
    remark(`${have} no image: ${listed(empty)}`);
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

/** The folders of classes: those at the top, and those in folders of splits. */
function foldersAt(root: string): readonly string[] {
  if (!statSync(root).isDirectory()) return [];
  const inside = (folder: string): readonly string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  return inside(root).flatMap((top) => {
    const classes = splitNamed(top) === undefined ? [] : inside(`${root}/${top}`);
    return classes.length === 0 ? [top] : classes.map((name) => `${top}/${name}`);
  });
}
