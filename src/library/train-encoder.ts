import type { NpyArray } from '../base/files/npy.js';
import { loadTensorFlow } from '../tensor/load.js';
import { batchesOf } from '../tensor/train/batches.js';
import { type Training, train } from '../tensor/train/train.js';
import { disposeReplaced, type TrainingState } from '../tensor/train/train-step.js';
import { checkNetwork } from './artifact/check-network.js';
import { writeEncoder } from './artifact/encoder.js';
import { baseRate } from './artifact/learning-rate.js';
import { checkSameNetwork } from './artifact/same-network.js';
import { tooFew } from './artifact/too-few.js';
import { watchTraining } from './artifact/watch-training.js';
import { networkGiven } from './network-given.js';
import type { Signatures } from './signatures.gen.js';
import type { Augmentation, StageContext, StageResult, Weights } from './stage.js';

/** What the parameters of all trainers have in common. */
type Common = Pick<
  Signatures['stages']['std.train.pretrain'],
  'backbone' | 'init' | 'optimizer' | 'schedule' | 'epochs' | 'batch' | 'precision' | 'seed'
>;
type Context = StageContext<Common>;

/** A training, and what of it is the stage's result. */
export interface EncoderTraining {
  readonly training: Training;
  /** What the encoder sees, and how it is normalised. */
  readonly view: Augmentation;
  /** Views as the first step sees them, for people. */
  readonly samples?: NpyArray;
  encoder(final: TrainingState): Weights;
}

/** The work of a stage that trains an encoder: `make` is called when TensorFlow is there. */
export async function trainEncoder(
  context: Context,
  make: () => EncoderTraining,
): Promise<StageResult> {
  const { backbone, init, epochs, precision } = context.params;
  const network = await networkGiven(context);
  if (init) checkSameNetwork(init, network, context);
  loadTensorFlow({ threads: context.threads });
  const { training, view, samples, encoder } = make();
  if (network.module !== undefined) checkNetwork(backbone, network, view.size);
  const { final, history, steps, images } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: (message) => context.log(message),
    remark: context.remark,
    epoch: watchTraining(context, training, view),
    precision,
  });
  writeEncoder(context.out, {
    weights: encoder(final),
    network,
    features: backbone.features,
    input: { size: view.size, normalise: view.normalise },
    images,
    steps,
    history,
    ...(samples && { samples }),
  });
  disposeReplaced(final);
  return {};
}

/**
 * The steps of a training over `count` things: `of` says which a step sees, and `pace` belongs to the
 * training. @throws SspError `batch-too-large`, which calls them `things`.
 */
export function stepsOver(
  { params, resolved }: Context,
  { count, things }: { readonly count: number; readonly things: string },
): {
  readonly of: (step: number) => Int32Array;
  readonly pace: Pick<Training, 'seed' | 'epochs' | 'perEpoch' | 'rate'> &
    Required<Pick<Training, 'scale'>>;
} {
  const { schedule, epochs, batch, seed } = params;
  const { perEpoch, of } = batchesOf(seed, count, batch);
  if (perEpoch === 0) throw tooFew(things, count, batch);
  const scale = (step: number): number => schedule.scale(step, epochs * perEpoch, perEpoch);
  const base = baseRate(resolved.optimizer);
  return { of, pace: { seed, epochs, perEpoch, scale, rate: (step) => base * scale(step) } };
}
