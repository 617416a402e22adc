import type { Difference, Table } from '../execute/record.js';
import { cellText, numberText } from './format-number.js';

/**
 * A difference as a sentence: `sp beats ap by 3.8 points (95 % interval 2.9 to 4.7, 6 paired
 * seeds, p = 0.031) at on: stl10`. Where the interval holds 0 it says that nothing is told apart.
 */
export function differenceText(difference: Difference, table: Table): string {
  const { first, second, mean, interval, count, unit } = difference;
  const { low, high } = interval;
  const ends = cellText({ mean, interval, unit }).replace(/^\[(.*), (.*)\]/, '$1 to $2');
  const inside = [`95 % interval ${ends}`, `${count} paired ${pairsOf(table)}`, pText(difference)];
  const facts = `(${[...inside, ...holmText(difference, table)].join(', ')})`;
  const at = placeOf(difference, table);
  if (low <= 0 && high >= 0) {
    const seen = numberText(mean, unit, true);
    return `${first} and ${second} are not told apart: ${seen} ${facts}${at}`;
  }
  const by = numberText(Math.abs(mean), unit).replace(/^\+/, '');
  return `${first} ${verb(unit, mean > 0)} ${second} by ${by} ${facts}${at}`;
}

/** More of a share is better; of other numbers nothing says which way is. */
function verb(unit: Difference['unit'], more: boolean): string {
  if (unit === 'FractionDifference') return more ? 'beats' : 'is behind';
  return more ? 'is above' : 'is below';
}

/** What so few pairs cannot show, said once for a table; nothing where they can. */
export function fewPairsText({ differences, over }: Table): string {
  const fewest = differences.reduce((least, { count }) => Math.min(least, count), Infinity);
  const least = differences.find(({ count }) => count === fewest)?.least ?? 0;
  if (least < 0.05) return '';
  return `with ${fewest} paired ${pairsOf({ over })} no p can be below ${roundP(least)}: 0.05 needs 6 of them; the intervals take differences as normal`;
}

const pairsOf = ({ over }: Pick<Table, 'over'>): string =>
  over.length === 1 && /^seeds?$/i.test(over[0] ?? '') ? 'seeds' : `points of ${over.join(', ')}`;

const pText = ({ p }: Difference): string => (p < 0.001 ? 'p < 0.001' : `p = ${roundP(p)}`);

function holmText({ holm }: Difference, { differences }: Table): readonly string[] {
  return differences.length > 1 ? [`${roundP(holm)} among all ${differences.length} by Holm`] : [];
}

const roundP = (p: number): string => String(Number(p.toPrecision(2)));

function placeOf({ row, column }: Difference, table: Table): string {
  const labels = [
    ...table.rowAxes.map((axis, i) => `${axis}: ${table.rows[row]?.[i] ?? ''}`),
    ...table.columnAxes.map((axis, i) => `${axis}: ${table.columns[column]?.labels[i] ?? ''}`),
  ];
  return labels.length === 0 ? '' : ` at ${labels.join(', ')}`;
}
