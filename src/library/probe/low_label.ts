import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { meanOverDraws } from '../../tensor/probe/few-shot.js';
import { type HeldOut, holdOut } from '../../tensor/probe/hold-out.js';
import { drawLabelShare } from '../../tensor/probe/label-share.js';
import { probeLinearly, selected } from '../../tensor/probe/linear-probe.js';
import { requireShare } from '../artifact/require-share.js';
import { implement } from '../implement.js';
import { openSplits } from '../probe-splits.js';
import { endOf, remarkEnd, type Tried } from '../remark-ends.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext } from '../stage.js';

type Context = StageContext<Signatures['stages']['std.probe.low_label']>;

/** Logistic regression on a share of the labels, over several draws: see `std.probe.low_label`. */
export const run = implement('std.probe.low_label', async (context) => {
  const { penalties, share, draws, seed, held_out: heldShare } = context.params;
  if (penalties.length === 0) {
    throw new SspError('no-penalties', 'the list `penalties` is empty', {
      help: 'Give one number at least, such as `penalties: [0.001]`.',
    });
  }
  loadTensorFlow({ threads: context.threads });
  const choosing = penalties.length > 1 ? 'penalty' : undefined;
  const splits = openSplits(context, choosing, { holdsOut: false });
  const { classes, d, train, test } = splits;
  requireShare(train.labels, classes, context.params);
  const scores: number[] = [];
  const found: Int32Array[] = [];
  let fitted = 0;
  let held: HeldOut | undefined;
  let short = 0;
  const ends: ('smallest' | 'largest')[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const places = drawLabelShare(train.labels, classes.length, { share, seed, draw });
    const drawn = selected(train, d, places);
    fitted = places.length;
    const isHeldOut = choosing !== undefined && splits.validation === undefined;
    if (isHeldOut) held = heldOut(drawn.labels, context);
    const tried: Tried[] = [];
    const { accuracy, predictions, penalty } = probeLinearly(
      {
        train: drawn,
        // With one penalty nothing is chosen, whatever it is scored on.
        validation: splits.validation ?? (isHeldOut ? { share: heldShare, seed } : drawn),
        test,
        d,
        classes: classes.length,
        penalties,
      },
      ({ end, penalty: value, validation }) => {
        if (end !== 'converged') short += 1;
        if (validation !== undefined) tried.push({ value, validation });
      },
    );
    const end = endOf(penalty, tried);
    if (end) ends.push(end);
    scores.push(accuracy);
    found.push(predictions);
    context.progress({ unit: 'draw', done: draw + 1, total: draws });
  }
  if (short > 0) {
    context.remark(
      `${short} of the fits of ${draws} draws ${verbOf(short, 'is not at its', 'are not at their')} minimum`,
    );
  }
  for (const end of ['smallest', 'largest'] as const) {
    const often = ends.filter((one) => one === end).length;
    if (often === 0) continue;
    const list = { what: 'penalty', parameter: 'penalties', values: penalties };
    remarkEnd(end, list, context, ` in ${often} of ${draws} draws`);
  }
  const single = held?.single.length ?? 0;
  if (single > 0) {
    context.remark(
      `each draw has one image of ${single} of the ${classes.length} classes, of which none is held out to choose the penalty: a larger \`share\` has more`,
    );
  }
  const { mean, halfWidth } = meanOverDraws(scores);
  context.log(
    `${draws} draws of ${fitted} of the ${train.labels.length} images: top1 ${scores.map((score) => score.toFixed(4)).join(', ')}`,
  );
  splits.keep(...found);
  return {
    metrics: { top1: mean, half_width: halfWidth },
    facts: {
      ...splits.facts,
      ...(held && { 'images to choose the penalty': held.held.length }),
      'images fitted to': fitted,
      'drawn from': train.labels.length,
      draws,
    },
  };
});

/** What is held out of the drawn images to choose the penalty. @throws SspError `too-few-images`. */
function heldOut(labels: Int32Array, { params }: Context): HeldOut {
  const { held_out: share, seed, train } = params;
  const found = holdOut(labels, share, seed);
  if (found.held.length > 0) return found;
  throw new SspError(
    'too-few-images',
    `of the ${labels.length} images that are drawn of split \`${train}\` there is one of each class, so none can be held out to choose the penalty`,
    {
      help: 'Give a larger `share`, one penalty, or a `validation` split, whose labels are then used too.',
    },
  );
}
