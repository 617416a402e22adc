import { SspError } from '../../base/errors.js';
import type { HistoryRow } from '../../tensor/train/checkpoint.js';
import type { Alarm, Signs } from '../stage.js';

/** What the watch says of the rows of a training, as its epochs come in. */
export interface SignsWatch {
  /** What there is to say of an epoch: each thing once. */
  readonly remark: (text: string) => void;
  /** Stops where a collapse has shown in so many epochs in a row. */
  readonly stopAfter?: number | undefined;
}

/**
 * Takes the row of each epoch in turn, and remarks where a number begins to show a collapse, and where it
 * does not any more; of one that comes and goes no more than the first few times.
 * @throws SspError `collapsed` where it is to stop.
 */
export function watchSigns(
  signs: Signs,
  { remark, stopAfter = Number.POSITIVE_INFINITY }: SignsWatch,
): (row: HistoryRow) => void {
  const watches = Object.entries(signs).flatMap(([name, { alarms = [] }]) =>
    alarms.map((alarm) => alarmWatch(name, alarm)),
  );
  return (row) => {
    for (const watch of watches) {
      const { said, rows, seen } = watch(row);
      if (said !== undefined) remark(said);
      if (rows >= stopAfter && seen !== undefined) throw collapsed(seen, rows);
    }
  };
}

/** What an alarm says of a row. */
interface Seen {
  /** To be remarked. */
  readonly said?: string;
  /** In how many epochs in a row it has rung. */
  readonly rows: number;
  /** What it shows in this epoch. */
  readonly seen?: string;
}

function alarmWatch(name: string, alarm: Alarm): (row: HistoryRow) => Seen {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, epochs = 1 } = alarm;
  let inside = 0;
  /** How often it has begun to ring, and whether it has not ended since. */
  let times = 0;
  let rings = false;
  return (row) => {
    const { epoch = 0, [name]: value = Number.NaN } = row;
    const shown = Number(value.toPrecision(2));
    inside = value >= from && value <= to ? inside + 1 : 0;
    if (inside >= epochs) {
      const seen = `${alarm.means} in ${during(epoch, epochs)}: ${name} is ${shown}, ${alarm.advice}`;
      if (!rings) times += 1;
      const said =
        rings || times > mostTimes ? {} : { said: times === 1 ? seen : again(seen, times) };
      rings = true;
      return { ...said, rows: inside - epochs + 1, seen };
    }
    // A value that is not finite shows nothing.
    if (inside > 0 || !rings || !Number.isFinite(value)) return { rows: 0 };
    rings = false;
    if (times >= mostTimes) return { rows: 0 };
    return {
      // With digits enough to tell it from what was an alarm.
      said: `from epoch ${epoch} on ${name} shows no collapse any more: it is ${Number(value.toPrecision(4))}`,
      rows: 0,
    };
  };
}

/** How often it is told that a number shows a collapse. */
const mostTimes = 3;

const again = (seen: string, times: number): string =>
  `again, ${seen}${times < mostTimes ? '' : '; it comes and goes, and no more is told of it'}`;

const during = (epoch: number, epochs: number): string =>
  epochs === 1 ? `epoch ${epoch}` : `epochs ${epoch - epochs + 1} to ${epoch}`;

function collapsed(seen: string, rows: number): SspError {
  const since = rows === 1 ? '' : `, for ${rows} epochs`;
  return new SspError('collapsed', `the training collapsed${since}: ${seen}`, {
    help: 'without `@stop_on_collapse` it goes on from its last checkpoint',
  });
}

/**
 * @throws SspError `method-signs` of a number that is not watched. Of what is kept beside a result, rows of an older version
 * may know nothing.
 */
export function checkWatched(signs: Signs, row: HistoryRow): void {
  const missing = Object.keys(signs).find(
    (name) => !signs[name]?.beside && !Object.hasOwn(row, name),
  );
  if (missing === undefined) return;
  const watched = Object.keys(row).filter((name) => name !== 'epoch');
  throw new SspError(
    'method-signs',
    `\`signs\` of the method tells of \`${missing}\`, which is not watched`,
    { help: `Give it in \`watch\` of the loss; what is watched: ${watched.join(', ')}.` },
  );
}
