import { holm } from '../../base/statistics/holm.js';
import { leastSignFlip, signFlip } from '../../base/statistics/sign-flip.js';
import { ci95 } from '../../base/statistics/student.js';
import { foldedText } from '../../language/lex/source-text.js';
import type { Term } from '../../language/program.js';
import { type TermKeys, termKeys } from '../../language/terms/term-key.js';
import type { Difference, Table } from '../record.js';

/** A column with the term that its cells are of. */
interface Column {
  readonly name: string;
  readonly value: Term;
}

/**
 * What the cells of columns `a - b` say, each paired over the points that it is the mean of, and
 * their p adjusted for all of them. Columns of the table that are `a` or `b` give the names.
 */
export function differencesIn(
  columns: readonly Column[],
  cells: Table['cells'],
): readonly Difference[] {
  const keys = termKeys();
  const found = columns.flatMap(({ value }, column) => {
    if (value.kind !== 'binary' || value.operator !== '-') return [];
    const sides = [value.left, value.right].map((side) => nameOf(side, columns, keys));
    return cells.flatMap((line, row) => {
      const cell = line[column];
      const interval = cell && ci95(cell.values);
      if (!cell?.points || !interval) return [];
      const { values, mean, count, unit } = cell;
      const p = signFlip(values) ?? 1;
      const least = leastSignFlip(count) ?? 1;
      const [first = '', second = ''] = sides;
      return [{ row, column, first, second, mean, interval, count, unit, p, least }];
    });
  });
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((difference, i) => ({ ...difference, holm: adjusted[i] ?? 1 }));
}

/** The name of the column that a side of a difference is; else how it is written. */
function nameOf(side: Term, columns: readonly Column[], keys: TermKeys): string {
  const key = keys.ofMeaning(side);
  const column = columns.find(({ value }) => keys.ofMeaning(value) === key);
  return column?.name ?? foldedText(side.span);
}
