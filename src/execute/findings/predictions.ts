import { digestOf, type Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import type { OverImages, StageOutcome } from '../record.js';
import { seal, unseal } from '../seal.js';
import type { Store } from '../store/store.js';
import { answersOf, keptPredictions, type ReadAnswers } from './answers.js';

/** Two numbers that a difference is of, and the results that each of them is made of. */
export interface ImagePair {
  /** Along the axes of the mean. */
  readonly point: string;
  readonly first: ImageSide;
  readonly second: ImageSide;
}

export interface ImageSide {
  readonly value: number;
  /** Ids of stages. */
  readonly reads: readonly string[];
}

/** What the predictions that results keep say, image by image. */
export interface Predictions {
  readonly answers: ReadAnswers;
  /**
   * What images say of pairs, asked once in a store: the ten thousand samples of an interval take up to
   * 20 ms, and a study has hundreds of them. The numbers and the files of their results decide it.
   */
  readonly once: (pairs: readonly ImagePair[], say: () => OverImages) => OverImages;
}

export function predictionsOf(
  outcomes: readonly StageOutcome[],
  store: Pick<Store, 'blobPath' | 'memory'>,
): Predictions {
  const kept = keptPredictions(outcomes);
  const filesOf = (id: string): readonly string[] => {
    const of = kept(id);
    return typeof of === 'string' ? [] : [of.rows.digest, of.question.digest];
  };
  const sideOf = ({ value, reads }: ImageSide) => ({ value, files: reads.map(filesOf) });
  const known = new Map<string, OverImages>();
  return {
    answers: answersOf(kept, store),
    once(pairs, say) {
      // The number changes with what is said of the same pairs.
      const name = digestOf(
        'ssp-over-images/1',
        pairs.map(({ point, first, second }) => [point, sideOf(first), sideOf(second)]),
      );
      const before = known.get(name) ?? saidIn(store.memory.read(name));
      const said = before ?? say();
      known.set(name, said);
      // Files that cannot be read now may be another time.
      if (!before && said.none === undefined) store.memory.write(name, seal(said));
      return said;
    },
  };
}

function saidIn(text: string | undefined): OverImages | undefined {
  const said = text === undefined ? undefined : unseal(text);
  if (!isRecord(said)) return undefined;
  const { images, interval, mcnemar } = said;
  const sound =
    isNumber(images) &&
    isRecord(interval) &&
    [interval.low, interval.high].every(isNumber) &&
    Array.isArray(mcnemar) &&
    mcnemar.every(isTest);
  return sound ? (said as unknown as OverImages) : undefined;
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

const isTest = (value: Json): boolean =>
  isRecord(value) &&
  typeof value.point === 'string' &&
  [value.first, value.second, value.exact, value.midP].every(isNumber);
