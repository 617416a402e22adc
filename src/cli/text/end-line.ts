import { durationText } from '../../report/numbers/format-number.js';

/** How a run ended. */
export interface Ended {
  readonly file: string;
  /** `12 ran, 3 hit`. */
  readonly counts: string;
  /** Why nothing ran, or nothing. */
  readonly why: string;
}

/** `study.ssp: 12 ran, 3 hit in 2 min 04 s`. */
export const endLine = ({ file, counts, why }: Ended, seconds: number): string =>
  `${file}: ${counts} in ${durationText(seconds)}${why}`;
