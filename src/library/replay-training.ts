import { loadTensorFlow } from '../tensor/load.js';
import { type Replayed, replay } from '../tensor/train/replay.js';
import type { StageContext } from './stage.js';
import type { EncoderTraining, TrainingParams } from './train-encoder.js';

export type { NotFinite } from '../tensor/compile/watch-ops.js';
export type { Replayed } from '../tensor/train/replay.js';
export type TrainingContext = StageContext<Pick<TrainingParams, 'precision'>>;

/** Repeats the step in which a training broke, op by op. */
export async function replayTraining<Of extends TrainingContext>(
  context: Of,
  make: (context: Of) => Pick<EncoderTraining, 'training'>,
): Promise<Replayed> {
  loadTensorFlow({ threads: context.threads });
  const { checkpoint, log, params } = context;
  return await replay(make(context).training, { checkpoint, log, precision: params.precision });
}
