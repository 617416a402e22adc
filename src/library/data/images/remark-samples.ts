import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import type { DataFile } from '../files/data-file.js';

/**
 * Remarks samples of webdataset that have several images, `x.jpg` and `x.mask.png`: each is an image of the data set, and
 * a mask is none that an encoder is to learn from.
 */
export function remarkSamples(
  images: readonly DataFile[],
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const samples = new Map<string, readonly string[]>();
  for (const { name } of images) {
    const key = name.replace(/\.[^/]*$/, '');
    samples.set(key, [...(samples.get(key) ?? []), name]);
  }
  const several = [...samples.values()].filter(({ length }) => length > 1);
  if (several.length === 0) return;
  const have = several.length === 1 ? '1 sample has' : `${several.length} samples have`;
  remark(
    `${have} several images, of which each is one of the data set: ${listed(several[0] ?? [], 3)}${several.length > 1 ? ' and others' : ''}; a \`list\` says which are meant`,
  );
}
