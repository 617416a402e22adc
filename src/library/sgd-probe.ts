import { SspError } from '../base/errors.js';
import { loadTensorFlow } from '../tensor/load.js';
import { holdOut } from '../tensor/probe/hold-out.js';
import { accuracy } from '../tensor/probe/linear-probe.js';
import type { Logistic } from '../tensor/probe/logistic.js';
import { type LastBatch, ordersOf, type Passes, passesOver } from '../tensor/probe/passes.js';
import type { SgdRecipe } from '../tensor/probe/sgd.js';
import { probeBySgd, type SgdTrial } from '../tensor/probe/sgd-probe.js';
import { createRng } from '../tensor/rng.js';
import { tooFew } from './artifact/too-few.js';
import { remarkSchedule } from './artifact/watch-training.js';
import { worseThanGuess } from './artifact/worse-than-guess.js';
import { checkMade } from './check-made.js';
import { factorAt } from './factor-at.js';
import { openSplits, type ProbeSplits, sizesOf } from './probe-splits.js';
import { endOf, remarkEnd, type Tried } from './remark-ends.js';
import type { Signatures } from './signatures.gen.js';
import type { StageContext, StageResult } from './stage.js';

type Params = Signatures['stages']['std.probe.linear_moco_v2'];
type RecipeParams = Pick<Params, 'batch' | 'epochs' | 'seed' | 'decay' | 'schedule' | 'batch_norm'>;
type Context = StageContext<Params>;

/** What the protocols of several codes differ in, beside their parameters' defaults. */
export interface SgdProtocol extends Pick<SgdRecipe, 'nesterov' | 'rateIn'> {
  /** Rates are for 256 images. */
  readonly scaled: boolean;
  readonly start: 'zeros' | 'N(0, 0.01)';
  readonly last: LastBatch;
}

/** What PyTorch's own SGD and loader do; the rate is what it is. */
export const asInTorch: SgdProtocol = {
  nesterov: false,
  rateIn: 'update',
  scaled: false,
  start: 'N(0, 0.01)',
  last: 'smaller',
};

/** The work of a stage that trains a linear layer on features. */
export function linearBySgd(context: Context, protocol: SgdProtocol): StageResult {
  const { rates, epochs, seed, held_out: share } = context.params;
  if (rates.length === 0) {
    throw new SspError('no-rates', 'the list `rates` is empty', {
      help: 'Give one number at least, such as `rates: [0.1]`.',
    });
  }
  checkMade(context);
  loadTensorFlow({ threads: context.threads });
  const splits = openSplits(context, rates.length > 1 ? 'rate' : undefined);
  const { classes, d, train, test } = splits;
  const held = splits.validation ?? (rates.length > 1 ? { share, seed } : undefined);
  checkBatch(context, protocol, splits, rates.length > 1);
  const tried: Tried[] = [];
  const result = probeBySgd(
    {
      ...{ train, validation: held, test, d, classes: classes.length, rates },
      recipe: (count) => recipeOf(context.params, protocol, { count, d, classes: classes.length }),
    },
    (trial) => {
      tried.push({ value: trial.rate, validation: trial.validation });
      tell(trial, context);
    },
    (done, losses) => {
      // The one step more than fits may begin another epoch.
      const shown = Math.min(done, epochs);
      context.progress({ unit: 'epoch', done: shown, total: epochs, loss: Math.min(...losses) });
    },
  );
  if (result === undefined) throw diverged(rates);
  const { chosen, predictions } = result;
  remarkChosen(chosen, tried, classes.length, context);
  context.log(sizesOf(splits));
  splits.keep(predictions);
  const top1 = accuracy(predictions, test.labels);
  return {
    metrics: { top1, validation: chosen.validation ?? null, rate: chosen.rate },
    facts: splits.facts,
  };
}

/** How a protocol trains on that many images. */
export function recipeOf(
  params: RecipeParams,
  { scaled, start, last, ...rule }: SgdProtocol,
  { count, d, classes }: { readonly count: number; readonly d: number; readonly classes: number },
): SgdRecipe {
  const { batch, seed, decay, schedule, batch_norm: batchNorm } = params;
  const passes = passesOf(params, last, count);
  const factor = scaled ? batch / 256 : 1;
  return {
    ...rule,
    passes,
    scale: (step) => factor * factorAt(schedule, step, passes),
    momentum: 0.9,
    decay,
    batchNorm,
    start: layer(start, d, classes, seed),
  };
}

/** How it passes over that many images; one image alone has no spread to normalise by. */
function passesOf(
  { batch, epochs, seed, batch_norm: batchNorm }: RecipeParams,
  last: LastBatch,
  count: number,
): Passes {
  const ending = batchNorm && last === 'smaller' ? 'left out' : last;
  return passesOver({ count, batch, epochs, last: ending }, ordersOf(seed, count));
}

function layer(start: SgdProtocol['start'], d: number, classes: number, seed: number): Logistic {
  const rng = createRng(seed, 'head');
  const value = start === 'zeros' ? () => 0 : () => 0.01 * rng.normal();
  return {
    weight: Float64Array.from({ length: d * classes }, value),
    bias: new Float64Array(classes),
  };
}

/** @throws SspError `batch-too-large` when the images to train on, or those that are not held out, fill no batch. */
function checkBatch(
  { params, remark }: Context,
  { last }: SgdProtocol,
  { train, validation }: ProbeSplits,
  choosing: boolean,
): void {
  const { batch, schedule, held_out: share, seed, train: split } = params;
  const holding = choosing && validation === undefined;
  const count = holding ? holdOut(train.labels, share, seed).kept.length : train.labels.length;
  const things = `images of split \`${split}\`${holding ? ' that are not held out' : ''}`;
  if (count < batch) throw tooFew(things, count, batch);
  remarkSchedule({ params: { schedule }, remark }, passesOf(params, last, count));
}

/** Says how a training went; one that diverged is remarked. */
function tell({ rate, validation, loss }: SgdTrial, { log, remark }: Context): void {
  if (!Number.isFinite(loss)) {
    remark(
      `the training with rate ${rate} diverged: its weights are not finite, and it is not chosen`,
    );
    return;
  }
  const where = validation === undefined ? '' : `, validation ${(100 * validation).toFixed(1)} %`;
  log(`rate ${rate}: loss ${loss.toFixed(4)} in the last epoch${where}`);
}

/** Remarks a rate that another would probably have beaten. */
function remarkChosen(
  { rate, loss }: SgdTrial,
  tried: readonly Tried[],
  classes: number,
  { params: { rates }, remark }: Context,
): void {
  const worse = worseThanGuess(loss, classes);
  if (worse !== undefined) remark(`with rate ${rate} ${worse}`);
  const end = endOf(rate, tried);
  if (end) remarkEnd(end, { what: 'rate', parameter: 'rates', values: rates }, { remark });
}

function diverged(rates: readonly number[]): SspError {
  const tried = rates.length === 1 ? `rate ${rates[0]}` : `each of the ${rates.length} rates`;
  return new SspError('diverged', `with ${tried} the weights are not finite at the end`, {
    help: `Give smaller \`rates\`, such as ${Math.min(...rates) / 10}, or less \`decay\`.`,
  });
}
