import { SspError } from '../../base/errors.js';
import type { HistoryRow } from '../../tensor/train/checkpoint.js';
import type { Training } from '../../tensor/train/training.js';
import type {
  Augmentation,
  EncoderArtifact,
  Schedule,
  Signs,
  StageContext,
  Watched,
} from '../stage.js';
import { otherNormalisation } from './other-normalisation.js';
import { checkWatched, watchSigns } from './watch-signs.js';
import { wideStem } from './wide-stem.js';

/**
 * At or below this, features scaled to length 1 are the same but for rounding: their cosines are above
 * 0.9999, and bfloat16 alone rounds by a few thousandths.
 */
const collapsed = 0.01;

/** What every training watches. */
const everywhere: Signs = {
  loss: { what: 'mean loss of the epoch' },
  feature_std: {
    what: "spread of the encoder's features: 0 when all are the same, at most about 1",
    lines: { collapse: 0 },
    alarms: [
      {
        to: collapsed,
        means: 'the features collapsed',
        advice:
          'so all images look the same to the encoder (0 is total collapse, 1 the widest spread): lower the learning rate or warm up longer, and see that the views of a pair are of the same thing',
      },
    ],
  },
  lr: { what: 'learning rate of the last step of the epoch' },
};

/** What the numbers of a training mean: those of every training, and of one's own; the most telling first. */
const signsOf = (own: Signs = {}): Signs => ({ ...own, ...everywhere, ...own });

/** What the numbers of a training mean, without what is remarked of them. */
export const watchedOf = (own?: Signs): Watched => ({
  signs: Object.fromEntries(
    Object.entries(signsOf(own)).map(([name, { what, lines }]) => [
      name,
      { what, ...(lines && { lines }) },
    ]),
  ),
});

/**
 * The rows of a training's history, and those of the numbers that are kept beside its result: what is watched since then is in
 * no digest, so that a result stays what it is.
 */
export function apart(
  history: readonly HistoryRow[],
  signs: Signs,
): { readonly rows: readonly HistoryRow[]; readonly beside: Pick<Watched, 'rows'> } {
  const isBeside = (name: string): boolean => signs[name]?.beside === true;
  const among = (row: HistoryRow, wanted: (name: string) => boolean): HistoryRow =>
    Object.fromEntries(Object.entries(row).filter(([name]) => wanted(name)));
  const rows = history.map((row) => among(row, (name) => !isBeside(name)));
  if (!Object.keys(signs).some(isBeside)) return { rows, beside: {} };
  const own = history.map((row) => among(row, (name) => name === 'epoch' || isBeside(name)));
  return { rows, beside: { rows: own } };
}

/** What a training is given that may not go together. */
interface Given {
  readonly schedule: Schedule;
  readonly init: EncoderArtifact | null;
}

/**
 * Remarks what does not go together (the schedule and the length of the training, what it begins with
 * and the normalisation of the first view, the stem of the network and the view's size), and as its epochs come in, what shows a collapse: takes
 * the row of each epoch in turn. `own` are the signs of its method.
 */
export function watchTraining(
  { params: { schedule, init }, resolved, remark, collapsedEpochs }: StageContext<Given>,
  { epochs, perEpoch }: Pick<Training, 'epochs' | 'perEpoch'>,
  { normalise, size }: Augmentation,
  own?: Signs,
): (row: HistoryRow) => void {
  remarkSchedule({ params: { schedule }, remark }, { steps: epochs * perEpoch, perEpoch });
  const odd = [
    init ? otherNormalisation(init, normalise) : undefined,
    wideStem(resolved.backbone, size),
  ];
  for (const text of odd) if (text !== undefined) remark(text);
  const watch = watchSigns(signsOf(own), { remark, stopAfter: collapsedEpochs });
  const unknown = new Set<string>();
  return (row) => {
    checkWatched(own ?? {}, row);
    watch(row);
    for (const [name, value] of Object.entries(row)) {
      if (Number.isFinite(value) || unknown.has(name)) continue;
      unknown.add(name);
      remark(
        `\`${name}\` is ${value} in epoch ${row.epoch}: no figure shows it, and no collapse is seen by it`,
      );
    }
  };
}

/** Remarks what of a schedule does not go with the length of the training. */
export function remarkSchedule(
  {
    params: { schedule },
    remark,
  }: Pick<StageContext<Pick<Given, 'schedule'>>, 'params' | 'remark'>,
  { steps, perEpoch }: { readonly steps: number; readonly perEpoch: number },
): void {
  const odd: unknown = schedule.remark?.(steps, perEpoch);
  if (odd === undefined) return;
  if (typeof odd !== 'string') {
    throw new SspError('bad-schedule', '`remark` of the schedule gives no text', {
      help: 'It returns what is to be told before the first step, `undefined` for nothing.',
    });
  }
  remark(odd);
}
