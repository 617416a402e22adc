import { counted } from '../../../base/counted.js';
import { nearest } from '../../../base/nearest.js';
import { usualSplits } from '../../../base/split-names.js';
import type { StageContext } from '../../stage.js';
import type { Sample } from './sample.js';

/** Remarks splits that a list or archive may have meant to be one of the usual: no stage asks for `trian` by itself. */
export function remarkSplits(
  samples: readonly Sample[],
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const counts = new Map<string, number>();
  for (const { split } of samples) {
    if (split !== undefined) counts.set(split, (counts.get(split) ?? 0) + 1);
  }
  for (const [split, count] of counts) {
    const near = usualSplits.includes(split) ? undefined : nearest(split, usualSplits);
    if (near === undefined) continue;
    remark(`${counted(count, 'image')} of split ${JSON.stringify(split)}: was \`${near}\` meant?`);
  }
}
