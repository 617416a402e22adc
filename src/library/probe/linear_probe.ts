import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { probeLinearly, type Trial } from '../../tensor/probe/linear-probe.js';
import { implement } from '../implement.js';
import { openSplits, sizesOf } from '../probe-splits.js';
import { endOf, remarkEnd, type Tried } from '../remark-ends.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext } from '../stage.js';

type Context = StageContext<Signatures['stages']['std.probe.linear_probe']>;

/** Logistic regression on frozen features: see `std.probe.linear_probe`. */
export const run = implement('std.probe.linear_probe', async (context) => {
  const { penalties, held_out: share, seed } = context.params;
  if (penalties.length === 0) {
    throw new SspError('no-penalties', 'the list `penalties` is empty', {
      help: 'Give one number at least, such as `penalties: [0.001]`.',
    });
  }
  loadTensorFlow({ threads: context.threads });
  const splits = openSplits(context, 'penalty');
  const { classes, d, train, validation: held, test } = splits;
  const tried: Tried[] = [];
  let fits = 0;
  const { accuracy, validation, penalty, calibration, predictions } = probeLinearly(
    {
      train,
      validation: held ?? { share, seed },
      test,
      d,
      classes: classes.length,
      penalties,
    },
    (trial) => {
      tell(trial, context);
      const { penalty: value, validation } = trial;
      if (validation !== undefined) tried.push({ value, validation });
      fits += 1;
      const total = penalties.length + (held ? 0 : 1);
      context.progress({ unit: 'fit', done: fits, total });
    },
  );
  const end = endOf(penalty, tried);
  if (end) remarkEnd(end, { what: 'penalty', parameter: 'penalties', values: penalties }, context);
  context.log(sizesOf(splits));
  splits.keep(predictions);
  return {
    metrics: { top1: accuracy, validation, penalty, ece: calibration },
    facts: splits.facts,
  };
});

/** Says how a fit went; one that stopped short of the minimum is remarked. */
function tell({ penalty, validation, iterations, end }: Trial, { log, remark }: Context): void {
  const where =
    validation === undefined ? 'all of the split' : `validation ${(100 * validation).toFixed(1)} %`;
  log(`penalty ${penalty}: ${where} (${end} after ${iterations} iterations)`);
  if (end !== 'converged') {
    remark(
      `the fit with penalty ${penalty} is not at its minimum: it ended after ${iterations} iterations`,
    );
  }
}
