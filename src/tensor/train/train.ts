import { setImmediate } from 'node:timers/promises';
import { invariant, SspError } from '../../base/errors.js';
import type { Precision } from '../compile/mixed-precision.js';
import { askedToEnd } from './asked-to-end.js';
import { breakageIn, breakageOf, notFinite } from './breakage.js';
import {
  type Checkpoint,
  checkpointFile,
  type HistoryRow,
  readCheckpoint,
  readCheckpointFile,
  writeCheckpoint,
} from './checkpoint.js';
import { compiledStepper } from './compiled-stepper.js';
import { eagerStepper } from './eager-stepper.js';
import { advance, fetchAhead, observeAll } from './feed.js';
import type { KeptCheckpoints } from './kept-checkpoints.js';
import type { Stepped, Stepper } from './stepper.js';
import { disposeReplaced, inOrder, type TrainingState } from './train-step.js';
import type { Training } from './training.js';

/** Where a training stands, for people. */
export interface TrainingProgress {
  /** Epochs done, to a tenth. */
  readonly epochs: number;
  /** Steps done. */
  readonly step: number;
  /** Both unknown where a training goes on from a checkpoint, before its next step. */
  readonly loss?: number;
  /** The learning rate, and the numbers that {@link TrainOptions.telling} and {@link TrainOptions.measured} name. */
  readonly watched?: Readonly<Record<string, number>>;
  readonly imagesPerSecond?: number;
  /** The epochs that have ended since it was told last; at first those before the checkpoint. */
  readonly rows?: readonly HistoryRow[];
}

export interface TrainOptions {
  /** Folder for the checkpoint, which is written after each epoch, and within long ones, and found again. */
  readonly checkpoint: string;
  /** Seconds between checkpoints within an epoch; default: 300. */
  readonly checkpointSeconds?: number;
  readonly progress: (progress: TrainingProgress) => void;
  /** Which of the watched numbers is told with the loss. */
  readonly telling?: string;
  /** Which of those that `measure` gives, of the last epoch. */
  readonly measured?: string | undefined;
  readonly log: (message: string) => void;
  /** Told of a checkpoint that could not be used; default: the log. */
  readonly remark?: (text: string) => void;
  /** The epochs whose checkpoints are kept, and where to stop. */
  readonly kept?: KeptCheckpoints | undefined;
  /** Numbers of the state at the end of an epoch, for its row; disposes nothing that it is given. */
  readonly measure?: ((state: TrainingState) => HistoryRow) | undefined;
  /** Called with the row of each epoch in turn, those before the checkpoint included. */
  readonly epoch?: (row: HistoryRow) => void;
  /** Of the regions that the rules mark; a key says what `auto` meant. */
  readonly precision: Precision | 'auto';
  /** Run each op on its own instead of one graph a step, to find errors; default: whether SSP_EAGER is 1. */
  readonly eager?: boolean;
}

export interface Trained {
  readonly final: TrainingState;
  readonly history: readonly HistoryRow[];
  readonly steps: number;
  readonly images: number;
}

/**
 * Trains from the checkpoint if there is one, else from the start. Interrupted anywhere and
 * started again, it ends in the same bytes as without the interruption. Asked to end (SIGTERM) it saves
 * what it has after the step that it is at. The caller owns `final`.
 * @throws SspError `nan-loss` when the loss, a gradient or a weight is not finite, in the step where it happens; `stopped` when it was asked to end; `eager-bf16`.
 */
export async function train(training: Training, options: TrainOptions): Promise<Trained> {
  const { epochs, perEpoch } = training;
  const { kept } = options;
  const steps = (kept?.until ?? epochs) * perEpoch;
  const found = checkpointFor(options);
  const keepAfter = (step: number): void => {
    const epoch = step / perEpoch;
    if (epoch === epochs || !kept?.wanted.includes(epoch)) return;
    kept.keep(epoch, checkpointFile(options.checkpoint));
  };
  let images = found?.images ?? 0;
  const history: HistoryRow[] = [...(found?.history ?? [])];
  for (const row of history) options.epoch?.(row);
  const sums = new Map(Object.entries(found?.sums ?? {}));
  if (found) options.log(`going on after step ${found.steps} of ${steps}`);
  const begun = found?.steps ?? 0;
  options.progress({ epochs: toTenth(begun / perEpoch), step: begun, rows: [...history] });
  if (found?.steps === steps && kept?.until !== undefined) {
    return { final: found.state, history, steps, images };
  }
  const report = throttled(perEpoch, options.progress);
  const stepper = stepperFor(training, found?.state, options);
  const end = askedToEnd();
  try {
    if (found === undefined && !(await observeAll(training, stepper, end.isAsked))) {
      const error = stoppedAhead();
      options.log(error.message);
      throw error;
    }
    const isDue = everySeconds(options.checkpointSeconds ?? 300);
    let fetched = fetchAhead(training, begun, steps);
    for (let step = begun; step < steps; step++) {
      await fetched;
      fetched = fetchAhead(training, step + 1, steps);
      const stepped = advance(training, stepper, step);
      const { watched } = stepped;
      const seen = training.images(step);
      images += seen;
      for (const [name, value] of watched) sums.set(name, (sums.get(name) ?? 0) + value);
      const broken = breakageOf(stepper, stepped);
      if (broken) throw notFinite(options.checkpoint, broken, training, step);
      const lr = training.rate(step);
      report(step + 1, told({ watched, lr }, history.at(-1), options), seen);
      const isWhole = (step + 1) % perEpoch === 0;
      const isAsked = end.isAsked();
      if (isDue() || isWhole || isAsked) {
        const state = stepper.state();
        const wrong = breakageIn(state.state);
        if (wrong) throw notFinite(options.checkpoint, wrong, training, step);
        if (isWhole) {
          const means = [...sums].map(([name, sum]) => [name, sum / perEpoch] as const);
          const epoch = history.length + 1;
          const own = options.measure?.(state);
          const row = { epoch, ...Object.fromEntries(means), ...own, lr };
          history.push(row);
          options.epoch?.(row);
          options.progress({
            epochs: epoch,
            step: step + 1,
            ...told({ watched, lr }, row, options),
            rows: [row],
          });
          sums.clear();
        }
        const progress = { steps: step + 1, history, sums: Object.fromEntries(sums), images };
        writeCheckpoint(options.checkpoint, { state, ...progress });
        disposeReplaced(state);
        keepAfter(step + 1);
      }
      if (isAsked && step + 1 < steps) {
        const error = stopped(step + 1, steps);
        options.log(error.message);
        throw error;
      }
      // Lets messages in and out: the step itself never waits.
      await setImmediate();
    }
    return { final: stepper.state(), history, steps, images };
  } finally {
    training.end?.();
    end.dispose();
    stepper.dispose();
  }
}

const stoppedAhead = (): SspError =>
  new SspError(
    'stopped',
    'it was asked to end in the pass over all pairs that comes before its first step',
    { help: 'run again: it begins anew' },
  );

const stopped = (step: number, steps: number): SspError =>
  new SspError(
    'stopped',
    `it was asked to end, and saved what it had after step ${step} of ${steps}`,
    {
      help: 'run again: it goes on from there',
    },
  );

/** Where a training goes on: its own last checkpoint, or one that was kept on the way to where it stops. */
function checkpointFor({ checkpoint, kept, ...options }: TrainOptions): Checkpoint | undefined {
  const remark = options.remark ?? options.log;
  const own = readCheckpoint(checkpoint, remark);
  if (own || !kept) return own;
  // One that is damaged is removed, so that the next is an earlier one.
  for (let path = kept.nearest(); path !== undefined; path = kept.nearest()) {
    const found = readCheckpointFile(path, remark);
    if (found) return found;
  }
  return undefined;
}

/** What does the steps of a training, from its start or from a state, which it owns. @throws SspError `eager-bf16`. */
export function stepperFor(
  training: Training,
  state: TrainingState | undefined,
  { precision, ...options }: Pick<TrainOptions, 'eager' | 'precision'>,
): Stepper {
  const eager = options.eager ?? process.env.SSP_EAGER === '1';
  invariant(precision !== 'auto', 'a key names the precision');
  if (eager && precision === 'bf16') throw eagerBf16();
  const start = state ?? inOrder(training.init());
  const rules = training.rules();
  return eager ? eagerStepper(rules, start) : compiledStepper(rules, start, { precision });
}

/** Op by op there is no graph to rewrite, and float32 under a key that says bf16 would be wrong. */
function eagerBf16(): SspError {
  return new SspError('eager-bf16', 'op by op (`--eager`), training is in fp32 alone', {
    help: 'Say `precision: "fp32"` while you look for the error, or run without `--eager`.',
  });
}

/** Says at most so often that it is time; not at first. */
function everySeconds(seconds: number): () => boolean {
  let last = performance.now();
  return () => {
    if (performance.now() - last < seconds * 1000) return false;
    last = performance.now();
    return true;
  };
}

/** What a step tells of how the training goes. */
type Told = Pick<TrainingProgress, 'loss' | 'watched'>;

/** The learning rate, the number that is told with the loss, and of the last epoch what the state was measured by. */
function told(
  { watched, lr }: Pick<Stepped, 'watched'> & { readonly lr: number },
  last: HistoryRow = {},
  { telling = '', measured = '' }: Pick<TrainOptions, 'telling' | 'measured'>,
): Told {
  const loss = watched.get('loss') ?? Number.NaN;
  const named = { lr, [telling]: watched.get(telling), [measured]: last[measured] };
  const known = Object.entries(named).filter(
    (one): one is [string, number] => one[1] !== undefined,
  );
  return { loss, watched: Object.fromEntries(known) };
}

/** Passes progress on at most twice a second, with the speed since the last time. */
function throttled(
  perEpoch: number,
  progress: (progress: TrainingProgress) => void,
): (step: number, told: Told, images: number) => void {
  let since = performance.now();
  let count = 0;
  return (step, told, images) => {
    count += images;
    const seconds = (performance.now() - since) / 1000;
    if (seconds < 0.5) return;
    progress({ epochs: toTenth(step / perEpoch), step, ...told, imagesPerSecond: count / seconds });
    since = performance.now();
    count = 0;
  };
}

const toTenth = (epochs: number): number => Math.round(epochs * 10) / 10;
