import type { HistoryRow } from '../../tensor/train/checkpoint.js';
import type { Training } from '../../tensor/train/train.js';
import type { Augmentation, EncoderArtifact, Schedule, StageContext } from '../stage.js';
import { otherNormalisation } from './other-normalisation.js';

/**
 * Below this, features scaled to length 1 are the same but for rounding: their cosines are above
 * 0.9999, and bfloat16 alone rounds by a few thousandths.
 */
const collapsed = 0.01;

/** What a training is given that may not go together. */
interface Given {
  readonly schedule: Schedule;
  readonly init: EncoderArtifact | null;
}

/**
 * Remarks what does not go together (the schedule and the length of the training, what it begins with
 * and the normalisation of the first view), and as its epochs come in, that the features collapsed:
 * takes the row of each epoch in turn.
 */
export function watchTraining(
  { params: { schedule, init }, remark }: StageContext<Given>,
  { epochs, perEpoch }: Pick<Training, 'epochs' | 'perEpoch'>,
  { normalise }: Augmentation,
): (row: HistoryRow) => void {
  const odd = [
    schedule.remark?.(epochs * perEpoch, perEpoch),
    init ? otherNormalisation(init, normalise) : undefined,
  ];
  for (const text of odd) if (text !== undefined) remark(text);
  return collapseWatch(remark);
}

/**
 * Remarks the first epoch in which the features are all the same (`feature_std` near 0), and the first
 * after it in which they are not any more.
 */
function collapseWatch(remark: (text: string) => void): (row: HistoryRow) => void {
  let since: number | undefined;
  let over = false;
  return ({ epoch, feature_std: spread = Number.NaN }) => {
    const value = Number(spread.toPrecision(2));
    if (since === undefined && spread < collapsed) {
      since = epoch;
      remark(
        `the features collapsed in epoch ${epoch}: feature_std is ${value}, so all images look the same to the encoder (0 is total collapse, 1 the widest spread)`,
      );
    } else if (since !== undefined && !over && spread >= collapsed) {
      over = true;
      remark(`the features spread again in epoch ${epoch}: feature_std is ${value}`);
    }
  };
}
