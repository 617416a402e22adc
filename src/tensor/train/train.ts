import { setImmediate } from 'node:timers/promises';
import { SspError } from '../../base/errors.js';
import type { NamedTensors } from '../named-tensors.js';
import type { tf } from '../tf.js';
import { type HistoryRow, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import {
  disposeReplaced,
  inOrder,
  type StepRules,
  type TrainingState,
  trainStep,
} from './train-step.js';

/** A training, as what its steps need. Everything follows from the step's number, so it can go on anywhere. */
export interface Training {
  readonly epochs: number;
  /** Steps in an epoch. */
  readonly perEpoch: number;
  /** The state at the start; the trainer owns the tensors. */
  init(): TrainingState;
  /** The views of a step (from 0); the trainer frees them. */
  views(step: number): readonly tf.Tensor4D[];
  /** Data-set images that a step sees. */
  images(step: number): number;
  rules(step: number): StepRules;
  /** Learning rate of a step, for people. */
  rate(step: number): number;
}

/** Where a training stands, for people. */
export interface TrainingProgress {
  /** Epochs done, to a tenth. */
  readonly epochs: number;
  readonly loss: number;
  readonly imagesPerSecond: number;
}

export interface TrainOptions {
  /** Folder for the checkpoint, which is written after each epoch and found again. */
  readonly checkpoint: string;
  readonly progress: (progress: TrainingProgress) => void;
  readonly log: (message: string) => void;
}

export interface Trained {
  readonly final: TrainingState;
  readonly history: readonly HistoryRow[];
  readonly steps: number;
  readonly images: number;
}

/**
 * Trains from the checkpoint if there is one, else from the start. Interrupted anywhere and
 * started again, it ends in the same bytes as without the interruption. The caller owns `final`.
 * @throws SspError `nan-loss` when the loss or a weight is no finite number.
 */
export async function train(training: Training, options: TrainOptions): Promise<Trained> {
  const { epochs, perEpoch } = training;
  const found = readCheckpoint(options.checkpoint, options.log);
  let now = found?.state ?? inOrder(training.init());
  let images = found?.images ?? 0;
  const history: HistoryRow[] = [...(found?.history ?? [])];
  if (found) options.log(`going on after epoch ${history.length} of ${epochs}`);
  const report = throttled(options.progress);
  for (let epoch = history.length; epoch < epochs; epoch++) {
    const sums = new Map<string, number>();
    for (let step = epoch * perEpoch; step < (epoch + 1) * perEpoch; step++) {
      const { next, watched } = advance(training, now, step);
      disposeReplaced(now, next);
      now = next;
      const seen = training.images(step);
      images += seen;
      for (const [name, value] of watched) sums.set(name, (sums.get(name) ?? 0) + value);
      const loss = watched.get('loss') ?? Number.NaN;
      if (!Number.isFinite(loss)) throw notFinite('the loss', loss, training, step);
      report((step + 1) / perEpoch, loss, seen);
      // Lets messages in and out: the step itself never waits.
      await setImmediate();
    }
    checkWeights(training, now.trained, (epoch + 1) * perEpoch - 1);
    const means = [...sums].map(([name, sum]) => [name, sum / perEpoch] as const);
    const lr = training.rate((epoch + 1) * perEpoch - 1);
    history.push({ epoch: epoch + 1, ...Object.fromEntries(means), lr });
    writeCheckpoint(options.checkpoint, { state: now, history, images });
  }
  return { final: now, history, steps: epochs * perEpoch, images };
}

/** One step from host to host: the new state, and the loss and watched values as numbers. */
function advance(
  training: Training,
  now: TrainingState,
  step: number,
): { next: TrainingState; watched: Map<string, number> } {
  const views = training.views(step);
  const { next, loss, watch } = trainStep(training.rules(step), now, views);
  const watched = new Map<string, number>();
  for (const [name, tensor] of [['loss', loss] as const, ...Object.entries(watch)]) {
    watched.set(name, tensor.dataSync()[0] ?? Number.NaN);
    tensor.dispose();
  }
  for (const view of views) view.dispose();
  return { next, watched };
}

function checkWeights(training: Training, trained: NamedTensors, step: number): void {
  for (const [name, tensor] of Object.entries(trained)) {
    const wrong = tensor.dataSync<'float32'>().find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw notFinite(`weight ${name}`, wrong, training, step);
  }
}

function notFinite(what: string, value: number, training: Training, step: number): SspError {
  const epoch = Math.floor(step / training.perEpoch) + 1;
  const rate = Number(training.rate(step).toPrecision(3));
  return new SspError(
    'nan-loss',
    `${what} is ${value} at step ${step + 1} (epoch ${epoch} of ${training.epochs}, learning rate ${rate})`,
    { help: 'Lower the learning rate (`lr`) or warm up longer (`cosine(warmup: 10)`).' },
  );
}

/** Passes progress on at most twice a second, with the speed since the last time. */
function throttled(
  progress: (progress: TrainingProgress) => void,
): (epochs: number, loss: number, images: number) => void {
  let since = performance.now();
  let count = 0;
  return (epochs, loss, images) => {
    count += images;
    const seconds = (performance.now() - since) / 1000;
    if (seconds < 0.5) return;
    progress({ epochs: Math.round(epochs * 10) / 10, loss, imagesPerSecond: count / seconds });
    since = performance.now();
    count = 0;
  };
}
