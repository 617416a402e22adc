import { isSeeds } from '../../base/statistics/by-seed.js';
import type { Difference, ImagesSay, SinglePair, Table } from '../../execute/record.js';
import { cellText, decimalsOfEnds } from '../numbers/format-number.js';
import { roundP } from '../numbers/round-p.js';

/** What a table says of its differences: a sentence for each, in the order of its rows. */
export function differenceTexts(table: Table): readonly string[] {
  const { differences, singlePairs } = table;
  return [
    ...differences.map((difference) => differenceText(difference, table)),
    ...singlePairs.map((single) => singleText(single, table)),
  ];
}

/**
 * A difference as a sentence: `sp beats ap by 3.8 points (95 % interval 2.9 to 4.7, 6 paired
 * seeds, p = 0.031) at on: stl10`. Where the interval holds 0 it says that nothing is told apart, and where p,
 * adjusted for the table, is not below 0.05, that the interval alone tells it. What the images say stands
 * behind it, apart from what the seeds say.
 */
export function differenceText(difference: Difference, table: Table): string {
  const { count, images, interval, holm } = difference;
  const tests = [pText(difference), ...holmText(difference, table)];
  const pairs = `${count} paired ${pairsOf(table)}${withinText(difference)}`;
  const isSame = interval.low === interval.high;
  const facts = isSame
    ? ` at each of ${pairs}, so without a spread to make an interval of (${tests.join(', ')})`
    : ` (${[intervalText(difference), pairs, ...tests].join(', ')})`;
  const verb = table.columns[difference.column]?.errors ? plainVerb : verbOf;
  const told = isSame ? sameVerdict(difference, verb) : verdict(difference, verb, holm < 0.05);
  const said = `${told}${facts}${placeOf(difference, table)}`;
  if (images === undefined || images.none !== undefined) return said;
  const other = [intervalText({ ...difference, ...images }), imagesText(images)];
  return `${said}; over test images, these ${pairsOf(table)} given: ${other.join(', ')}${testsText(images)}`;
}

/** A difference of one pair, by the images that were asked. */
function singleText(single: SinglePair, table: Table): string {
  const { images } = single;
  const { singlePairs } = table;
  const inside = [intervalText({ ...single, ...images }), imagesText(images)];
  const verb = table.columns[single.column]?.errors ? plainVerb : verbOf;
  const { holm = 1 } = single;
  const said = verdict({ ...single, ...images }, verb, holm < 0.05);
  const tested = singlePairs.filter((pair) => pair.holm !== undefined).length;
  const among =
    tested > 1 && single.holm !== undefined ? `, ${roundP(holm)} among all ${tested} by Holm` : '';
  const place = placeOf(single, table);
  return `by the test images alone, ${said} (${inside.join(', ')}${testsText(images)}${among})${place}; of other seeds one pair says nothing`;
}

type Sides = Pick<Difference, 'first' | 'second' | 'mean' | 'unit'>;
type Verb = typeof verbOf;

/** `isTold`: p tells it too. */
function verdict(sides: Sides & Pick<Difference, 'interval'>, verb: Verb, isTold: boolean): string {
  const { first, second, mean, interval, unit } = sides;
  if (interval.low <= 0 && interval.high >= 0) {
    const apart = cellText({ mean, unit, decimals: decimalsIn(sides) }, true);
    return `${first} and ${second} are not told apart: ${apart}`;
  }
  const said = aheadText(sides, verb(unit, mean > 0, isTold));
  return isTold ? said : `${said}, by the interval alone`;
}

/** Of differences that are all the same number. */
const sameVerdict = (sides: Sides, verb: Verb): string =>
  sides.mean === 0
    ? `${sides.first} and ${sides.second} are the same`
    : aheadText(sides, verb(sides.unit, sides.mean > 0, false));

function aheadText(sides: Sides & Partial<Pick<Difference, 'interval'>>, verb: string): string {
  const { first, second, mean, unit } = sides;
  const by = cellText({ mean: Math.abs(mean), unit, decimals: decimalsIn(sides) });
  return `${first} ${verb} ${second} by ${by.replace(/^\+/, '')}`;
}

/** A share is told with the decimals of its interval. */
const decimalsIn = ({ unit, interval }: Partial<Difference> & Pick<Sides, 'unit'>) =>
  interval && unit === 'FractionDifference' ? decimalsOfEnds(interval, unit) : undefined;

function intervalText({
  mean,
  interval,
  unit,
}: Pick<Difference, 'mean' | 'interval' | 'unit'>): string {
  const ends = cellText({ mean, interval, unit }).replace(/^\[(.*), (.*)\]/, '$1 to $2');
  return `95 % interval ${ends}`;
}

const imagesText = ({ images }: ImagesSay): string => `${images.toLocaleString('en-US')} images`;

/** McNemar's test of a pair, or of how many it tells apart. */
function testsText({ mcnemar }: ImagesSay): string {
  const [only, ...more] = mcnemar;
  if (only === undefined) return '';
  if (more.length === 0) {
    const { first, second, exact, midP } = only;
    return `, McNemar's exact p = ${roundP(exact)}, mid-p = ${roundP(midP)}: ${first} and ${second} images that one alone has right`;
  }
  const told = mcnemar.filter(({ midP }) => midP < 0.05).length;
  return `, McNemar's mid-p below 0.05 in ${told} of ${mcnemar.length} pairs`;
}

/** More of a share is better; of other numbers nothing says which way is. */
function verbOf(unit: Difference['unit'], more: boolean, isTold: boolean): string {
  if (unit !== 'FractionDifference') return plainVerb(unit, more);
  if (isTold && more) return 'beats';
  return more ? 'is ahead of' : 'is behind';
}

/** Also of shares of errors. */
const plainVerb = (_unit: Difference['unit'], more: boolean): string =>
  more ? 'is above' : 'is below';

/** What the differences of a table cannot show, said once: too few pairs, answers that are not known. */
export const differenceNotes = (table: Table): readonly string[] =>
  [fewPairsText(table), noImagesText(table), silentText(table)].filter((text) => text !== '');

/** What so few pairs cannot show; nothing where they can. */
export function fewPairsText({ differences, over }: Table): string {
  const fewest = differences.reduce((least, { count }) => Math.min(least, count), Infinity);
  const least = differences.find(({ count }) => count === fewest)?.least ?? 0;
  if (least < 0.05) return '';
  return `with ${fewest} paired ${pairsOf({ over })} no p can be below ${roundP(least)}: 0.05 needs 6 of them; the intervals take differences as normal`;
}

/** Why nothing is said of the images, where that is so. */
export function noImagesText({ differences }: Table): string {
  const why = new Set(differences.flatMap(({ images }) => images?.none ?? []));
  if (why.size === 0) return '';
  return `intervals and p are over the pairs alone, not over test images: ${[...why].join('; ')}`;
}

/** Why images tell nothing where a column asks them. */
export function silentText({ silent = [], cells, untold = 0 }: Table): string {
  if (silent.length === 0) return '';
  const isAll = untold === 0 && cells.flat().every((cell) => cell === undefined);
  return `images tell nothing${isAll ? '' : ' of some cells'}: ${silent.join('; ')}`;
}

/** With seeds among several axes the pairs are seeds too. */
const pairsOf = ({ over }: Pick<Table, 'over'>): string =>
  over.some(isSeeds) ? 'seeds' : `points of ${over.join(', ')}`;

const withinText = ({ within = [] }: Difference): string =>
  within.length === 0 ? '' : `, each the mean over ${within.join(' and ')}`;

const pText = ({ p }: Difference): string => (p < 0.001 ? 'p < 0.001' : `p = ${roundP(p)}`);

function holmText({ holm }: Difference, { differences }: Table): readonly string[] {
  return differences.length > 1 ? [`${roundP(holm)} among all ${differences.length} by Holm`] : [];
}

function placeOf(
  { row, column, same = [] }: Pick<Difference, 'row' | 'column' | 'same'>,
  table: Table,
): string {
  const places = [
    ...table.rowAxes.map((axis, i) => ({ axis, label: table.rows[row]?.[i] })),
    ...table.columnAxes.map((axis, i) => ({ axis, label: table.columns[column]?.labels[i] })),
  ];
  const labels = places
    .filter(({ axis }) => !same.includes(axis))
    .map(({ axis, label = '' }) => `${axis}: ${label}`);
  return labels.length === 0 ? '' : ` at ${labels.join(', ')}`;
}
