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
    remark(`${images.length} image files are not in \`list\`: ${listed(images)}`);
  }
  if (unread.length > 0) {
    remark(`${unread.length} files are images of a format that is not read: ${listed(unread)}`);
  }
  if (other.length > 0) log(`${other.length} files that are no images: ${listed(other)}`);
  const filled = new Set(
    [...used].flatMap((name) => {
      const [top = '', inside = ''] = name.split('/', 2);
      return [top, `${top}/${inside}`];
    }),
  );
  const empty = foldersAt(root).filter((folder) => !filled.has(folder));
  if (empty.length > 0) remark(`${empty.length} folders have no image: ${listed(empty)}`);
  const spellings = new Map<string, string>();
  for (const name of known) {
    const twin = spellings.get(name.toLowerCase());
    if (twin !== undefined) remark(`the classes ${twin} and ${name} differ in case alone`);
    else spellings.set(name.toLowerCase(), name);
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
