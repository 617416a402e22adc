import { splitOfArchive } from '../../../base/files/archive-name.js';
import { splitNamed } from '../../../base/split-names.js';
import type { StageContext } from '../../stage.js';
import type { DataFile } from '../files/data-file.js';
import { remarkSamples } from './remark-samples.js';
import { saidBeside } from './said-beside.js';
import type { Sample } from './sample.js';
import { samplesOfFolders } from './samples-of-folders.js';

/**
 * Splits and classes of images in archives: what stands beside them (`said-beside.ts`), or folders as they stand in
 * the archive where nothing does.
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
  return images.map((file): Sample => {
    const { split, ...attributes } = said(file);
    return split === undefined ? { file, attributes } : { file, split, attributes };
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
