import { splitOfArchive } from '../../../base/files/archive-name.js';
import { splitNamed } from '../../../base/split-names.js';
import type { StageContext } from '../../stage.js';
import type { DataFile } from '../files/data-file.js';
import { foldersOfEach } from './folders-of-each.js';
import { remarkSamples } from './remark-samples.js';
import { saidBeside } from './said-beside.js';
import type { Sample } from './sample.js';
import { areSplits, samplesOfFolders } from './samples-of-folders.js';

/**
 * Splits and classes of images in archives: what stands beside them (`said-beside.ts`), and the split of their folder
 * where that says none; or folders as they stand in the archive where nothing is beside them.
 * @throws SspError `data-layout` where some images have a class and others have none.
 */
export function samplesOfArchives(
  images: readonly DataFile[],
  files: readonly DataFile[],
  context: Pick<StageContext<unknown>, 'remark'>,
): readonly Sample[] {
  const said = saidBeside(images, files);
  if (said === undefined) return samplesOfFolders(images);
  remarkSamples(images, context);
  return withSplitsOfFolders(
    images.map((file): Sample => {
      const { split, ...attributes } = said(file);
      return split === undefined ? { file, attributes } : { file, split, attributes };
    }),
  );
}

/**
 * Samples of which each that has no split has that of its folder, where all folders at the top are those of splits.
 * @throws SspError `data-layout`.
 */
function withSplitsOfFolders(samples: readonly Sample[]): readonly Sample[] {
  if (samples.every(({ split }) => split !== undefined)) return samples;
  const folders = foldersOfEach(samples.map(({ file }) => file));
  if (!areSplits(folders, '`split` in the .json beside each image says what folders do not')) {
    return samples;
  }
  return samples.map((sample, at) => {
    const split = sample.split ?? splitNamed(folders[at]?.[0] ?? '');
    return split === undefined ? sample : { ...sample, split };
  });
}

/**
 * Of an image that has no split the one that its archive is called after: `train-0001.tar`, or
 * `train/0001.tar`.
 */
export function withSplitOfArchive(sample: Sample): Sample {
  const { archive } = sample.file;
  if (sample.split !== undefined || archive === undefined) return sample;
  const folders = archive.split('/').slice(0, -1);
  const split = splitOfArchive(archive) ?? folders.map(splitNamed).find((of) => of !== undefined);
  return split === undefined ? sample : { ...sample, split };
}
