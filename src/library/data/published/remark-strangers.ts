import { counted } from '../../../base/counted.js';
import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import { isImageName } from '../images/kind-of-name.js';

/** Remarks image files in the folders of a published data set that are none of its images, and so are left out. */
export function remarkStrangers(
  names: Iterable<string>,
  isUsed: (name: string) => boolean,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const strange = [...names].filter((name) => isImageName(name) && !isUsed(name));
  if (strange.length === 0) return;
  const are = strange.length === 1 ? 'is none' : 'are none';
  remark(
    `${counted(strange.length, 'image file')} ${are} of the data set's, by folder or name, and left out: ${listed(strange, 3)}`,
  );
}
