import { differenceUnit } from '../../execute/findings/unit-of.js';
import type { Table } from '../../execute/record.js';
import type { ReportTable } from '../content.js';
import { aboutText } from '../facts.js';
import { cellText, type Numbers, printCell, printedText } from '../numbers/format-number.js';
import { type UnitScale, unitScale } from '../numbers/unit-scale.js';
import {
  differenceTexts,
  fewPairsText,
  noImagesText,
  silentText,
} from '../tables/difference-text.js';
import { type BesideCell, publishedOf } from '../tables/set-columns.js';
import { sameTo, spansOf } from '../tables/spans.js';
import {
  bestNote,
  otherCount,
  publishedNote,
  sentence,
  tableNote,
} from '../tables/table-reading.js';
import { escapeLatex, latexCode, latexOfDoc } from './escape-latex.js';
import { type LatexNumber, latexNumber } from './latex-number.js';

/** What `siunitx` has to know in each table: bold where the best is, signs of gains. */
const SETUP = [
  'separate-uncertainty = true',
  'retain-explicit-plus = true',
  'text-series-to-math = true',
  'propagate-math-font = true',
  'reset-text-series = false',
  'reset-math-version = false',
].join(', ');

/** A column of the LaTeX table: one of ours, or what was published of it. */
interface Column {
  readonly labels: readonly string[];
  readonly head: string;
  readonly unit: string;
  /** By row; as LaTeX, without the `&`. */
  readonly cells: readonly string[];
  /** Of the column in the preamble. */
  readonly format: string;
}

/**
 * A table as a float of LaTeX, with the rules of `booktabs` and the columns of `siunitx`: caption,
 * label, units in the heads, the best in bold with all that cannot be told from it, what was published
 * beside ours, and beneath what the numbers are about.
 */
export function latexTable(item: ReportTable): string {
  const { shown: table, slug } = item;
  const columns = table.columns.flatMap((_, c) => columnsOf(item, c));
  const name = table.name === item.table.name ? latexCode(table.name) : escapeLatex(table.name);
  const doc = table.doc === undefined ? '' : ` ${latexOfDoc(table.doc)}`;
  const lines = [
    '% needs \\usepackage{booktabs, siunitx, graphicx}',
    ...[...differenceTexts(table), noImagesText(table)]
      .filter((text) => text !== '')
      .map((text) => `% ${comment(text)}`),
    '\\begin{table}[htbp]',
    '\\centering',
    `\\sisetup{${SETUP}}`,
    `\\caption{\\textbf{${name}.}${doc}}`,
    `\\label{tab:${slug}}`,
    ...(columns.length > 0 ? tabular(table, columns) : []),
    ...notes(item).map((note) => `\\par\\smallskip{\\footnotesize ${escapeLatex(note)}\\par}`),
    '\\end{table}',
  ];
  return `${lines.join('\n')}\n`;
}

function tabular(table: Table, columns: readonly Column[]): readonly string[] {
  const labels = 'l'.repeat(table.rowAxes.length);
  const formats = columns.map(({ format }) => `  ${format}`).join('\n');
  return [
    '\\smallskip',
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `\\begin{tabular}{@{}${labels}`,
    `${formats}@{}}`,
    '\\toprule',
    ...heads(table, columns),
    '\\midrule',
    ...table.rows.flatMap((row, r) => bodyRow(table, row, r, columns)),
    '\\bottomrule',
    '\\end{tabular}}',
  ];
}

/** A comment of LaTeX is one line. */
const comment = (text: string): string => text.replace(/\s+/g, ' ');

function notes(item: ReportTable): readonly string[] {
  const { shown: table, reading, emphasis } = item;
  const made = [tableNote(table, reading.usualCount), bestNote(emphasis)];
  return [
    made.filter((part) => part !== '').join('; '),
    aboutText(table.about),
    fewPairsText(table),
    silentText(table),
    publishedNote(table),
  ].flatMap((note) => (note === '' ? [] : [sentence(note)]));
}

/** A column of ours, what was published of its cells, if anything was, and how far ours are from it. */
function columnsOf(item: ReportTable, c: number): readonly Column[] {
  const { shown: table, reading, best } = item;
  const column = table.columns[c];
  if (!column) return [];
  const cells = table.cells.map((row) => row[c]);
  const unit = reading.units[c];
  const scale =
    unit &&
    unitScale(
      unit,
      cells.map((cell) => cell?.mean ?? 0),
    );
  const numbers = cells.map((cell) =>
    cell && scale ? latexNumber(cell, scale, reading.differences[c] ?? false) : undefined,
  );
  const tails = cells.map((cell) => (cell ? countTail(otherCount(cell, reading)) : ''));
  const tail = tails.find((text) => text !== '') ?? '';
  const ours: Column = {
    labels: column.labels,
    head: column.value,
    unit: scale?.name ?? '',
    format: formatOf(numbers, tail),
    cells: cells.map((cell, r) => {
      const number = numbers[r];
      const text = number?.text ?? `{${escapeLatex(wordsOf(cell, unit !== undefined))}}`;
      return `${best[r]?.[c] ? '\\bfseries ' : ''}${text}${tails[r] ?? ''}`;
    }),
  };
  const published = publishedOf(table, c);
  if (published === undefined) return [ours];
  return [ours, publishedColumn(ours, published, scale), differenceColumn(ours, published, scale)];
}

function publishedColumn(
  { labels, unit }: Column,
  published: readonly (BesideCell | undefined)[],
  scale: UnitScale | undefined,
): Column {
  const present = published.flatMap((found) => found ?? []);
  // without results of ours the published values say the unit
  const used =
    scale ??
    unitScale(
      present[0]?.unit ?? 'Float',
      present.map(({ value }) => value),
    );
  const numbers = published.map((found) => {
    if (!found) return undefined;
    // all digits that were published, and no noise of the division by 100
    return asWritten(Number((found.value / used.divisor).toPrecision(12)));
  });
  return { labels, head: 'published', unit: scale ? unit : used.name, ...numbersColumn(numbers) };
}

function differenceColumn(
  { labels }: Column,
  published: readonly (BesideCell | undefined)[],
  scale: UnitScale | undefined,
): Column {
  const present = published.flatMap((found) => found ?? []);
  const unit = differenceUnit(present[0]?.unit ?? 'Float');
  const own = unitScale(unit, []);
  // durations are told in the unit of the column beside
  const used = unit === 'Duration' || unit === 'Bytes' ? (scale ?? own) : own;
  const cells = published.map((found) =>
    found?.difference === undefined ? undefined : { mean: found.difference, unit },
  );
  const numbers = cells.map((cell) => cell && latexNumber(cell, used, true));
  const words = cells.map((cell) => cell && printedText({ ...printCell(cell, true), unit: '' }));
  return { labels, head: 'difference', unit: used.name, ...numbersColumn(numbers, words) };
}

/** `words` stand where a number is none of `siunitx`. */
const numbersColumn = (
  numbers: readonly (LatexNumber | undefined)[],
  words: readonly (string | undefined)[] = [],
): Pick<Column, 'format' | 'cells'> => ({
  format: formatOf(numbers, ''),
  cells: numbers.map((number, r) => number?.text ?? `{${escapeLatex(words[r] ?? '–')}}`),
});

function asWritten(value: number): LatexNumber {
  // without powers of ten, as the numbers beside it
  const text = /e/.test(String(value)) ? withoutPower(value) : String(value);
  const [whole = '', decimals = ''] = text.replace(/^-/, '').split('.');
  const signed = text.startsWith('-');
  return { text, whole: whole.length, decimals: decimals.length, uncertainty: 0, signed };
}

const withoutPower = (value: number): string =>
  value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 12 });

/** The `S` column that has room for all of its numbers, or a plain one where there are none. */
function formatOf(numbers: readonly (LatexNumber | undefined)[], tail: string): string {
  const present = numbers.flatMap((number) => number ?? []);
  if (present.length === 0) return 'r';
  const widest = (of: (number: LatexNumber) => number) => Math.max(...present.map(of));
  const [whole, decimals] = [widest((n) => n.whole), widest((n) => n.decimals)];
  const digits = widest((n) => n.uncertainty);
  const sign = present.some(({ signed }) => signed) ? '+' : '';
  const point = decimals > 0 ? `.${decimals}` : '.0';
  const spread = digits > 0 ? `(${Math.max(digits, decimals + 1)})` : '';
  return `S[table-format = ${sign}${whole}${point}${spread}${tail}]`;
}

/** ` (n=2)` behind a number, where `siunitx` keeps room for it. */
const countTail = (text: string): string =>
  text === '' ? '' : `{\\,\\footnotesize${escapeLatex(text)}}`;

/** What is no number of `siunitx`: an interval, a text, a number in words; its unit where the head has none. */
function wordsOf(cell: Numbers | undefined, unitInHead: boolean): string {
  if (!cell) return '–';
  return unitInHead && cell.unit !== 'Duration' && cell.unit !== 'Bytes'
    ? printedText({ ...printCell(cell), unit: '' })
    : cellText(cell);
}

/** A line for each axis of the columns, then the names of the values with their units. */
function heads(table: Table, columns: readonly Column[]): readonly string[] {
  const stub = table.rowAxes.length;
  const levels = table.columnAxes.flatMap((axis, level) => {
    const spans = spansOf(columns, level);
    const cells = spans.map(
      ({ label, span }) => `\\multicolumn{${span}}{c}{${escapeLatex(label)}}`,
    );
    let at = stub + 1;
    const rules = spans.map(({ span }) => {
      const rule = `\\cmidrule(lr){${at}-${at + span - 1}}`;
      at += span;
      return rule;
    });
    const corner =
      stub === 0 ? [] : [`\\multicolumn{${stub}}{@{}l}{\\itshape ${escapeLatex(axis)}}`];
    return [`${[...corner, ...cells].join(' & ')} \\\\`, rules.join(' ')];
  });
  const axes = table.rowAxes.map((axis) => `\\itshape ${escapeLatex(axis)}`);
  const names = columns.map(({ head, unit }) => {
    return `{${escapeLatex(head)}${unit === '' ? '' : ` (${escapeLatex(unit)})`}}`;
  });
  return [...levels, `${[...axes, ...names].join(' & ')} \\\\`];
}

/**
 * A label that repeats the row above is left out, and a new one of the first axis stands apart. A bracket or a star that
 * a row begins with would be taken for an argument of the line before.
 */
function bodyRow(
  table: Table,
  labels: readonly string[],
  r: number,
  columns: readonly Column[],
): readonly string[] {
  const before = table.rows[r - 1];
  const heads = labels.map((label, level) =>
    level < labels.length - 1 && sameTo(before, labels, level) ? '' : escapeLatex(label),
  );
  const apart =
    labels.length > 1 && before !== undefined && !sameTo(before, labels, 0)
      ? ['\\addlinespace']
      : [];
  const cells = columns.map((column) => column.cells[r] ?? '{--}');
  const row = `${[...heads, ...cells].join(' & ')} \\\\`;
  return [...apart, /^[[*]/.test(row) ? `{}${row}` : row];
}
