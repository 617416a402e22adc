import { verbOf } from '../../../base/counted.js';
import { SspError } from '../../../base/errors.js';
import { oneLine } from '../../../base/plain-text.js';
import { splitNamed } from '../../../base/split-names.js';
import { noClass } from '../../artifact/no-class.js';
import type { DataFile } from '../files/data-file.js';
import { foldersOfEach } from './folders-of-each.js';
import type { Sample } from './sample.js';

/**
 * Splits and classes from folders, as in torchvision's ImageFolder: `CLASS/…/x.jpg`, or
 * `train/CLASS/…/x.jpg` where all folders at the top, or in the one that is there, are called as splits are. Images that all lie in
 * no folder of a class are `unlabelled`.
 * @throws SspError `data-layout` where some have a split or class and others have none.
 */
export function samplesOfFolders(files: readonly DataFile[]): readonly Sample[] {
  const parts = foldersOfEach(files);
  const hasSplits = areSplits(
    parts,
    'expected train/CLASS/x.jpg (and validation, test), or CLASS/x.jpg, or `list: file("images.csv")`',
  );
  const classes = parts.map((folders) => (hasSplits ? folders[1] : folders[0]));
  const flat = files.filter((_, index) => classes[index] === undefined);
  if (flat.length > 0 && flat.length < files.length) {
    throw layout(
      `${flat.length} of the ${files.length} images ${verbOf(flat.length, 'lies', 'lie')} in no folder of a class, such as ${oneLine(flat[0]?.name ?? '')}`,
      'a class is a folder: move them, or name splits and classes with `list: file("images.csv")`',
    );
  }
  return files.map((file, index) => {
    const split = hasSplits ? splitNamed(parts[index]?.[0] ?? '') : undefined;
    const attributes = { class: classes[index] ?? noClass };
    return split === undefined ? { file, attributes } : { file, split, attributes };
  });
}

/**
 * Are the outermost folders of images those of splits?
 * @throws SspError `data-layout` where that of training is one and another is not: then none can be drawn.
 */
export function areSplits(parts: readonly (readonly string[])[], help: string): boolean {
  const tops = new Set(parts.map(([top]) => top ?? ''));
  const bySplit = [...tops].filter((top) => splitNamed(top) !== undefined);
  const other = [...tops].find((top) => splitNamed(top) === undefined);
  if (other === undefined) return bySplit.length > 0;
  if (!bySplit.some((top) => splitNamed(top) === 'train')) return false;
  throw layout(
    `the folder ${bySplit[0]} is called as a split is, ${other === '' ? 'but there are images beside it' : `but ${other} beside it is not`}`,
    help,
  );
}

const layout = (found: string, help: string): SspError =>
  new SspError('data-layout', found, { help });
