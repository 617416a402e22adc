import { SspError } from '../../base/errors.js';
import { type NotFinite, type OpsWatch, watchOps } from '../compile/watch-ops.js';
import { prefixed } from '../named-tensors.js';
import { tf } from '../tf.js';
import { type Breakage, breakageIn, breakageOf, breakageText, brokenStep } from './breakage.js';
import { readCheckpoint } from './checkpoint.js';
import { advance, fedAt, observeAll } from './feed.js';
import type { Stepper } from './stepper.js';
import { stepperFor, type TrainOptions } from './train.js';
import {
  beginStep,
  disposeReplaced,
  type Fed,
  type StepRules,
  type TrainingState,
  tensorsByName,
  trainStep,
} from './train-step.js';
import type { Training } from './training.js';

/** How a training broke. */
export interface Replayed {
  /** `the loss is NaN at step 7 (epoch 2 of 4, learning rate 0.1)`. */
  readonly broken: string;
  /** Steps that the checkpoint had, or 0. */
  readonly from: number;
  /** The first op on the way to it whose result was not finite; undefined where op by op all was. */
  readonly origin: NotFinite | undefined;
}

/**
 * Repeats the step in which a training broke: goes there from its last checkpoint as the training did,
 * and then runs this step op by op, in float32. Nothing is written.
 * @throws SspError `nothing-to-replay`, `not-broken-again`.
 */
export async function replay(
  training: Training,
  options: Pick<TrainOptions, 'checkpoint' | 'precision' | 'log'>,
): Promise<Replayed> {
  const last = brokenStep(options.checkpoint);
  if (last === undefined) {
    throw new SspError('nothing-to-replay', 'no training of this key has broken in this store', {
      help: 'A training whose loss, gradient or weight is no number leaves what `ssp replay` needs.',
    });
  }
  const found = readCheckpoint(options.checkpoint, options.log);
  const from = found?.steps ?? 0;
  const stepper = stepperFor(training, found?.state, options);
  try {
    if (found === undefined) await observeAll(training, stepper);
    for (let step = from; step <= last; step++) {
      await training.fetch?.(step);
      const before = stepper.state();
      const stepped = advance(training, stepper, step);
      const broken = breakageOf(stepper, stepped) ?? stateBreakage(stepper);
      if (broken)
        return {
          broken: breakageText(broken, training, step),
          from,
          origin: opByOp(training, before, step),
        };
      disposeReplaced(before);
    }
  } finally {
    training.end?.();
    stepper.dispose();
  }
  throw new SspError(
    'not-broken-again',
    `the training broke at step ${last + 1}, and this time it did not`,
    { help: 'Another number of threads or another machine rounds otherwise: run it again.' },
  );
}

function stateBreakage(stepper: Stepper): Breakage | undefined {
  const now = stepper.state();
  const broken = breakageIn(now.state);
  disposeReplaced(now);
  return broken;
}

/** Where the first value that is not finite comes from in a step after that state, which is freed. */
function opByOp(training: Training, before: TrainingState, step: number): NotFinite | undefined {
  const fed = fedAt(training, step);
  const begins = step % training.perEpoch === 0;
  let origin: NotFinite | undefined;
  tf.tidy(() => {
    origin = watchOps((watch) => originIn(training.rules(), before, fed, begins, watch));
  });
  tf.dispose([fed.inputs, fed.at]);
  disposeReplaced(before);
  return origin;
}

function originIn(
  rules: StepRules,
  before: TrainingState,
  fed: Fed,
  begins: boolean,
  watch: OpsWatch,
): NotFinite | undefined {
  watch.phase('what the step is given');
  watch.name({
    ...tensorsByName(before),
    ...prefixed(fed.inputs, 'inputs'),
    ...prefixed(fed.at, 'at'),
  });
  const phased = inPhases(rules, watch);
  const now = begins ? beginStep(phased, before, fed.at) : before;
  const { next, loss, norms } = trainStep(phased, now, fed);
  const origins = [loss, norms, ...Object.values(tensorsByName(next))].map(watch.originOf);
  return origins.find((origin) => origin !== undefined);
}

/** The same rules, which say what they are at. */
function inPhases(rules: StepRules, { phase }: OpsWatch): StepRules {
  const { prepare, after, begin } = rules;
  /** Says what comes, does it, and says what comes behind it. */
  const named =
    <Args extends unknown[], Result>(name: string, then: string, work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      phase(name);
      const result = work(...args);
      phase(then);
      return result;
    };
  const norms = 'the norms of gradients and weights';
  return {
    ...rules,
    loss: named('the loss', 'the gradient', rules.loss.bind(rules)),
    update: named('the update', norms, rules.update.bind(rules)),
    ...(prepare && { prepare: named('the views', 'the loss', prepare.bind(rules)) }),
    ...(after && { after: named('what follows the update', norms, after.bind(rules)) }),
    ...(begin && { begin: named('what begins an epoch', 'the loss', begin.bind(rules)) }),
  };
}
