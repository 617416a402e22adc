import { counted } from '../../../base/counted.js';
import { listed } from '../../artifact/labels.js';
import type { StageContext } from '../../stage.js';
import { isImageName } from '../images/kind-of-name.js';

/** Remarks which of the files that a published data set does not use are images, as far as their names say. */
export function remarkStrangers(
  unused: readonly string[],
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const strange = unused.filter(isImageName);
  if (strange.length === 0) return;
  const are = strange.length === 1 ? 'is none' : 'are none';
  remark(
    `${counted(strange.length, 'image file')} ${are} of the data set's, by folder or name, and left out: ${listed(strange, 3)}`,
  );
}
