import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isNoContent } from '../../../base/files/not-content.js';
import { splitNamed } from '../../../base/split-names.js';

/** A folder of a data set, in a folder or in an archive; its names are those of `DataFile`. */
export interface DataFolder {
  readonly name: string;
  readonly inside: string;
}

/**
 * The folders in a folder, and those in folders of splits, in the order of their names; where there is one alone
 * also what is in that. What programs keep there (`.git`) is none; a name that is no text is left out.
 */
export function foldersAt(root: string): readonly DataFolder[] {
  const within = (above: string): readonly string[] =>
    readdirSync(join(root, above), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && !name.includes('\ufffd') && !isNoContent(name))
      .filter((entry) => entry.isDirectory() || isFolder(join(root, above, entry.name)))
      .map(({ name }) => (above === '' ? name : `${above}/${name}`))
      .sort();
  const outermost = within('');
  const [only, ...others] = outermost;
  const around = only !== undefined && others.length === 0 && splitNamed(only) === undefined;
  const tops = around ? within(only) : outermost;
  const isSplit = (name: string): boolean => splitNamed(name.split('/').at(-1) ?? '') !== undefined;
  return [
    ...(around ? [only] : []),
    ...tops.flatMap((top) => [top, ...(isSplit(top) ? within(top) : [])]),
  ].map((name) => ({ name, inside: name }));
}

/** Also through a link. */
const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
