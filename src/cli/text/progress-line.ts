import type { Progress } from '../../execute/task.js';
import { durationText } from '../../report/numbers/format-number.js';

/** What a line about a stage at work says. */
export interface ProgressLine {
  readonly id: string;
  readonly progress: Progress;
  /** Seconds until the stage ends, where that is known. */
  readonly left: number | undefined;
}

/** Of an id so many characters stay; where there is no room for them, the count goes too. */
const least = 12;

/**
 * `encoder[seed: 1]  epoch 7/20  loss 3.214  feature_std 0.4200  3,120 images/s  5 min 03 s left`, in so
 * many columns: first the speed is left out, then what else is watched, then the id is shortened in its middle; the loss and the time that
 * is left stay whole.
 */
export function progressLine(
  { id, progress, left }: ProgressLine,
  width = Number.POSITIVE_INFINITY,
): string {
  const { unit, done, total, loss, watched = {}, imagesPerSecond } = progress;
  const speed =
    imagesPerSecond === undefined
      ? []
      : [`${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`];
  const count = `${unit} ${done}/${total}`;
  const lossText = loss === undefined ? [] : [`loss ${loss.toPrecision(4)}`];
  const watchedText = Object.entries(watched).map(
    ([name, value]) => `${name} ${value.toPrecision(4)}`,
  );
  const leftText = left === undefined ? [] : [`${durationText(left)} left`];
  const forms = [
    [count, ...lossText, ...watchedText, ...speed, ...leftText],
    [count, ...lossText, ...watchedText, ...leftText],
    [count, ...lossText, ...leftText],
  ];
  for (const form of forms) {
    const line = [id, ...form].join(gap);
    if (line.length <= width) return line;
  }
  const rest = [count, ...lossText, ...leftText].join(gap);
  const room = width - rest.length - gap.length;
  if (room >= least) return [shortened(id, room), rest].join(gap);
  const needed = [...lossText, ...leftText].join(gap);
  return [shortened(id, Math.max(2, width - needed.length - gap.length)), needed].join(gap);
}

const gap = '  ';

/** A text of at most so many characters: the middle is left out. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  const tail = Math.max(0, length - 1 - head);
  return `${characters.slice(0, head).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`;
}
