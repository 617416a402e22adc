import type { NpyArray } from '../base/files/npy.js';
import { loadTensorFlow } from '../tensor/load.js';
import { batchesOf } from '../tensor/train/batches.js';
import { train } from '../tensor/train/train.js';
import { disposeReplaced, type TrainingState } from '../tensor/train/train-step.js';
import type { Training } from '../tensor/train/training.js';
import { checkNetwork } from './artifact/check-network.js';
import { writeEncoder } from './artifact/encoder.js';
import { baseRate } from './artifact/learning-rate.js';
import { checkSameNetwork } from './artifact/same-network.js';
import { tooFew } from './artifact/too-few.js';
import { apart, watchedOf, watchTraining } from './artifact/watch-training.js';
import { checkMade } from './check-made.js';
import { factorAt } from './factor-at.js';
import { networkGiven } from './network-given.js';
import type { Signatures } from './signatures.gen.js';
import type { Augmentation, Facts, Signs, StageContext, StageResult, Weights } from './stage.js';

/** What the parameters of all trainers have in common. */
export type TrainingParams = Pick<
  Signatures['stages']['std.train.pretrain'],
  'backbone' | 'init' | 'optimizer' | 'schedule' | 'epochs' | 'batch' | 'precision' | 'seed'
>;
type Context = StageContext<TrainingParams>;

/** Measures an encoder; it holds what it measures on. */
export interface Measured {
  readonly signs: Signs;
  measure(weights: Weights): Readonly<Record<string, number>>;
  dispose(): void;
}

/** A training, and what of it is the stage's result. */
export interface EncoderTraining {
  readonly training: Training;
  /** What the encoder sees, and how it is normalised. */
  readonly view: Augmentation;
  /** Views as the first step sees them, for people. */
  readonly samples?: NpyArray;
  /** What it learns from. */
  readonly facts: Facts;
  /** What the numbers that it watches mean. */
  readonly signs?: Signs | undefined;
  /** What is measured of its encoder when an epoch ends. */
  readonly measured?: Measured | undefined;
  encoder(final: TrainingState): Weights;
}

/**
 * The work of a stage that trains an encoder, or takes the one that its training had after an epoch:
 * `make` is called when TensorFlow is there.
 */
export async function trainEncoder<Of extends Context>(
  given: Of,
  make: (context: Of) => EncoderTraining,
): Promise<StageResult> {
  const { kept } = given;
  // What there is to remark of a training stands beside its own result.
  const context = kept?.until === undefined ? given : { ...given, remark: given.log };
  const { backbone, init, precision } = context.params;
  checkMade(context);
  const epochs = kept?.until ?? context.params.epochs;
  const network = await networkGiven(context);
  if (init) checkSameNetwork(init, network, context);
  loadTensorFlow({ threads: context.threads });
  const { training, view, samples, facts, measured, encoder, ...made } = make(context);
  const signs: Signs = { ...made.signs, ...measured?.signs };
  if (network.module !== undefined) checkNetwork(backbone, network, view.size);
  const { final, history, steps, images } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: (message) => context.log(message),
    remark: context.remark,
    telling: Object.keys(made.signs ?? {}).find((name) => name !== 'loss') ?? 'feature_std',
    measured: Object.keys(measured?.signs ?? {})[0],
    measure: measured && ((state) => measured.measure(encoder(state))),
    epoch: watchTraining(context, training, view, signs),
    precision,
    kept,
  });
  measured?.dispose();
  const { rows, beside } = apart(history, signs);
  writeEncoder(context.out, {
    weights: encoder(final),
    network,
    features: backbone.features,
    input: { size: view.size, normalise: view.normalise },
    images,
    steps,
    history: rows,
    ...(samples && { samples }),
  });
  disposeReplaced(final);
  return { facts: { ...facts, epochs, steps }, watched: { ...watchedOf(signs), ...beside } };
}

/** The steps of a training. */
export interface StepsOver {
  /** What a step sees. */
  readonly of: (step: number) => Int32Array;
  readonly pace: Pick<Training, 'seed' | 'epochs' | 'perEpoch' | 'rate'> &
    Required<Pick<Training, 'scale'>>;
  readonly facts: Facts;
}

/** The share of what there is to learn from that an epoch may leave out and nobody is told. */
const leftUnsaid = 0.1;

/**
 * The steps of a training over `count` things: `of` says which a step sees, and `pace` belongs to the
 * training. Remarks that an epoch leaves many out. @throws SspError `batch-too-large`, which calls them `things`.
 */
export function stepsOver(
  {
    params,
    resolved,
    remark,
  }: StageContext<Pick<TrainingParams, 'schedule' | 'epochs' | 'batch' | 'seed'>>,
  { count, things }: { readonly count: number; readonly things: string },
): StepsOver {
  const { schedule, epochs, batch, seed } = params;
  const { perEpoch, of } = batchesOf(seed, count, batch);
  if (perEpoch === 0) throw tooFew(things, count, batch);
  const left = count % batch;
  if (left > leftUnsaid * count) remark(leavesOut(count, things, batch));
  const facts = { [things]: count, 'steps an epoch': perEpoch, 'left out in an epoch': left };
  const scale = (step: number): number =>
    factorAt(schedule, step, { steps: epochs * perEpoch, perEpoch });
  const base = baseRate(resolved.optimizer);
  return { of, facts, pace: { seed, epochs, perEpoch, scale, rate: (step) => base * scale(step) } };
}

/** Says how many things an epoch leaves out, and which batch would leave out fewer. */
function leavesOut(count: number, things: string, batch: number): string {
  const left = count % batch;
  const said = `an epoch leaves out ${left} of the ${count} ${things}, others each time: they do not fill a batch of ${batch}`;
  // One step more.
  const smaller = Math.floor(count / (Math.floor(count / batch) + 1));
  if (smaller < 2 || count % smaller >= left) return said;
  return `${said}; \`batch: ${smaller}\` leaves out ${count % smaller || 'none'}`;
}
