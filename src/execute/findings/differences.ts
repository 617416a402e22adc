import { bySeed } from '../../base/statistics/by-seed.js';
import { holm } from '../../base/statistics/holm.js';
import { mean } from '../../base/statistics/moments.js';
import { leastSignFlip, signFlip } from '../../base/statistics/sign-flip.js';
import { ci95 } from '../../base/statistics/student.js';
import { foldedText } from '../../language/lex/source-text.js';
import type { Term } from '../../language/program.js';
import { type TermKeys, termKeys } from '../../language/terms/term-key.js';
import type { OverImages, SinglePair, Table } from '../record.js';
import { isDifference } from './is-difference.js';

/** A column with the term that its cells are of. */
interface Column {
  readonly name: string;
  readonly value: Term;
}

/** What images say of a difference, by its row and column; undefined where nobody knows their answers. */
export type ImagesOf = (row: number, column: number) => OverImages | undefined;

/** What is asked of a cell of a difference beside its numbers. */
export interface Asked {
  readonly imagesOf: ImagesOf;
  /** Is it one of a thing with itself? */
  readonly isNone: (row: number, column: number) => boolean;
  /** Axes of rows and columns along which it is the same. */
  readonly sameAlong: (column: number) => readonly string[];
  /** What tells a cell from others of the table that are the same number. */
  readonly placeOf: (row: number, column: number) => string;
}

const nothing: Asked = {
  imagesOf: () => undefined,
  isNone: () => false,
  sameAlong: () => [],
  placeOf: (row, column) => JSON.stringify([row, column]),
};

/**
 * What the cells of columns `a - b` say (not `1 - a`, what is left of a whole), each paired over the points that it is
 * the mean of, and their p adjusted for all of them; of shares also what the images say that were asked. Columns of
 * the table that are `a` or `b` give the names. A difference of a thing with itself says nothing, and is not counted;
 * one that is the same in several rows or columns is said and counted once.
 */
export function differencesIn(
  columns: readonly Column[],
  cells: Table['cells'],
  { imagesOf, isNone, sameAlong, placeOf }: Asked = nothing,
): Pick<Table, 'differences' | 'singlePairs'> {
  const keys = termKeys();
  const met = new Set<string>();
  const found = columns.flatMap(({ value }, column) => {
    if (value.kind !== 'binary' || value.operator !== '-' || !isDifference(value)) return [];
    const sides = [value.left, value.right].map((side) => nameOf(side, columns, keys));
    const [first = '', second = ''] = sides;
    return cells.flatMap((line, row) => {
      const cell = line[column];
      if (!cell || cell.count === 0 || isNone(row, column)) return [];
      const place = `${keys.ofMeaning(value)} ${placeOf(row, column)}`;
      if (met.has(place)) return [];
      met.add(place);
      const { mean, unit } = cell;
      const same = sameAlong(column);
      const images = unit === 'FractionDifference' ? imagesOf(row, column) : undefined;
      return [
        {
          cell,
          said: {
            ...{ row, column, first, second, mean, unit },
            ...(same.length > 0 && { same }),
            ...(images && { images }),
          },
        },
      ];
    });
  });
  const paired = found.flatMap(({ cell, said }) => {
    const { values, within } = bySeed(cell);
    const interval = cell.points && ci95(values);
    if (!interval) return [];
    const [count, p] = [values.length, signFlip(values) ?? 1];
    const least = leastSignFlip(count) ?? 1;
    const over = within.length > 0 ? { mean: mean(values), within } : {};
    return [{ ...said, ...over, interval, count, p, least }];
  });
  const adjusted = holm(paired.map(({ p }) => p));
  const single = found.flatMap(({ cell, said }): readonly SinglePair[] => {
    const { images } = said;
    return cell.count === 1 && images?.none === undefined && images ? [{ ...said, images }] : [];
  });
  return {
    differences: paired.map((difference, i) => ({ ...difference, holm: adjusted[i] ?? 1 })),
    singlePairs: adjustedByImages(single),
  };
}

/** With McNemar's mid-p of each, where it is tested, adjusted for all of them. */
function adjustedByImages(pairs: readonly SinglePair[]): readonly SinglePair[] {
  const tested = pairs.flatMap((pair) =>
    pair.images.mcnemar.slice(0, 1).map((test) => ({ pair, test })),
  );
  const adjusted = holm(tested.map(({ test }) => test.midP));
  const byPair = new Map(tested.map(({ pair }, i) => [pair, adjusted[i]]));
  return pairs.map((pair) => {
    const p = byPair.get(pair);
    return p === undefined ? pair : { ...pair, holm: p };
  });
}

/** The name of the column that a side of a difference is; else how it is written. */
function nameOf(side: Term, columns: readonly Column[], keys: TermKeys): string {
  const key = keys.ofMeaning(side);
  const column = columns.find(({ value }) => keys.ofMeaning(value) === key);
  return column?.name ?? foldedText(side.span);
}
