import { counted, verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { listed } from '../artifact/labels.js';
import { noClass } from '../artifact/no-class.js';

/** Classes that have less than is asked of each. */
interface Shortage {
  /** Those that have less, and how much they have. */
  readonly short: readonly { readonly name: string; readonly count: number }[];
  /** How many classes there are. */
  readonly of: number;
  /** What is asked of each. */
  readonly asked: number;
  /** Why some that have images have none that count. */
  readonly why?: string;
}

/** What is wrong where some classes have fewer `things` than `per_class` asks for. */
export function notEnough(
  things: 'images' | 'pairs',
  { short, of, asked, why }: Shortage,
  help?: string,
): SspError {
  const counts = listed(
    short.map(({ name, count }) => `${name} ${count}`),
    10,
  );
  const most = short.reduce((least, { count }) => Math.min(least, count), asked);
  const less =
    most > 0
      ? `Give \`per_class: ${most}\` or less, or leave these classes out of the source.`
      : 'Leave these classes out of the source.';
  return new SspError(
    `too-few-${things}`,
    `${short.length} of ${of} classes ${verbOf(short.length, 'has', 'have')} fewer than ${counted(asked, things.slice(0, -1))}: ${counts}`,
    { help: `${why === undefined ? '' : `${why} `}${help ?? less}` },
  );
}

/** What to say where `per_class` takes some of the things that have no class. */
export const takenOfNone = (things: 'images' | 'pairs', taken: number, of: number): string =>
  `${taken} of the ${of} ${things} without a class (\`${noClass}\`) ${verbOf(taken)} taken, as of one class`;
