import picocolors from 'picocolors';
import { differenceUnit } from '../execute/findings/unit-of.js';
import type {
  Comparison,
  DisplayNames,
  Expectation,
  Findings,
  StageOutcome,
  Table,
} from '../execute/record.js';
import { printable } from './escape.js';
import {
  expectationSummary,
  openText,
  pointsText,
  printSides,
  unclearText,
  verdictOf,
} from './expectation-text.js';
import { aboutText, type ResultFacts } from './facts.js';
import { cellText, numberText, printedText, printPublished } from './numbers/format-number.js';
import type { Remark } from './remark.js';
import { namedPoints } from './remarks.js';
import { shownTable } from './shown.js';
import { axesOf, bestCells } from './tables/best-cells.js';
import { differenceNotes, differenceTexts, silentText } from './tables/difference-text.js';
import { setColumns, setText } from './tables/set-columns.js';
import {
  bestNote,
  emptyText,
  publishedNote,
  readTable,
  type TableReading,
  tableNote,
} from './tables/table-reading.js';
import { type Colours, grid } from './terminal-grid.js';

/** How a terminal shows findings. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** What was run, by which the best of a table is bold where there is colour. */
  readonly outcomes?: readonly StageOutcome[];
}

const MARKS = { holds: '✓', fails: '✗', unknown: '?' } as const;
const MAX_SIDES = 12;

/** Tables, expectations and published values as text for a terminal. Wide tables continue below themselves. */
export function renderTables(findings: Findings, options: TerminalOptions): string {
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(20, options.width);
  const axes = options.colour && options.outcomes && axesOf(options.outcomes);
  const blocks = [
    ...findings.tables.map((table) => {
      const reading = readTable(table);
      const strong = axes ? bestCells(table, reading, axes) : undefined;
      return tableBlock({ found: table, names: findings.names, reading, strong }, colours, width);
    }),
    ...(findings.expectations.length > 0
      ? [expectationsBlock(findings.expectations, colours, width)]
      : []),
    ...comparisonBlocks(findings.comparisons, colours, width),
  ];
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

/** What the stages remarked, as text for a terminal; empty without remarks. */
export function renderRemarks(remarks: readonly Remark[], options: TerminalOptions): string {
  if (remarks.length === 0) return '';
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(20, options.width);
  const lines = remarks.flatMap((remark) => {
    const [first = '', ...rest] = wrap(`${namedPoints(remark.ids)}: ${remark.text}`, width - 2);
    return [`${colours.yellow('!')} ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  return `${[colours.bold('Remarks'), ...lines].join('\n')}\n`;
}

/** What is in the results, as text for a terminal; empty without facts. */
export function renderFacts(facts: readonly ResultFacts[], options: TerminalOptions): string {
  if (facts.length === 0) return '';
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(20, options.width);
  const lines = facts.flatMap(({ ids, text }) => {
    const [first = '', ...rest] = wrap(printable(`${namedPoints(ids)}: ${text}`), width - 2);
    return [first, ...rest.map((line) => `  ${line}`)];
  });
  return `${[colours.bold('Facts'), ...lines].join('\n')}\n`;
}

/** Of a table so many differences are said in the terminal. */
const mostSaid = 12;

/** A table, and what of it is bold, if anything. */
interface TableToSet {
  readonly found: Table;
  readonly names: DisplayNames;
  readonly reading: TableReading;
  readonly strong: ReturnType<typeof bestCells> | undefined;
}

function tableBlock(set: TableToSet, colours: Colours, width: number): string {
  const { found, reading, strong } = set;
  const table = shownTable(found, set.names);
  const name = colours.bold(printable(table.name));
  if (!table.cells.flat().some((cell) => cell !== undefined)) {
    const why = [emptyText(table), silentText(table)].filter((text) => text !== '');
    return `${name}: ${printable(why.join('; '))}`;
  }
  const names = axisNames(table);
  const columns = setColumns({ shown: table, reading, ...(strong && { best: strong.best }) });
  const head = [...names, ...columns.map((c) => [...c.labels, c.name].join('\n'))];
  const rows = table.rows.map((labels, r) => [
    ...names.map((_, axis) => labels[axis] ?? ''),
    ...columns.map(({ cells }) => (cells[r] ? setText(cells[r]) : '–')),
  ]);
  const of = (c: number): number => (columns[c]?.beside ? of(c - 1) : c);
  const together = columns.map((column, c) => [column.labels.join('\n'), String(of(c))]);
  const isStrong = (r: number, c: number) => columns[c]?.cells[r]?.best ?? false;
  const title = [name, ...wrap(table.doc ?? '', width)];
  const notes = [
    tableNote(table, reading.usualCount),
    strong ? bestNote(strong.emphasis) : '',
    aboutText(table.about),
    ...differenceNotes(table),
    publishedNote(table),
  ];
  const below = notes.flatMap((note) => wrap(note, width));
  const sentences = differenceTexts(table);
  const said = sentences.slice(0, mostSaid);
  const left = sentences.length - said.length;
  const more = left > 0 ? [`${left} more are in the report`] : [];
  return [
    title.join('\n'),
    grid({ head, rows, fixed: names.length, together, isStrong }, colours, width),
    ...[...said, ...more].flatMap((text) => wrap(printable(text), width)),
    ...(below.length === 0 ? [] : [colours.dim(below.join('\n'))]),
  ].join('\n');
}

/** The heads of the rows' labels; above the last the names of the columns' axes, each beside its labels. */
function axisNames({ rowAxes, columnAxes }: Table): readonly string[] {
  const of = rowAxes.length === 0 && columnAxes.length > 0 ? [''] : rowAxes;
  return of.map((axis, i) => {
    const above = i === of.length - 1 ? columnAxes : columnAxes.map(() => '');
    return [...above, axis].join('\n');
  });
}

function expectationsBlock(
  expectations: readonly Expectation[],
  colours: Colours,
  width: number,
): string {
  const paint = { holds: colours.green, fails: colours.red, unknown: colours.yellow };
  const lines = expectations.flatMap((expectation) => {
    const verdict = verdictOf(expectation);
    const points = pointsText(expectation);
    const verb = verdict === 'fails' ? 'fails' : 'holds';
    const text = points === '' ? expectation.text : `${expectation.text} (${verb} ${points})`;
    const [first = '', ...rest] = wrap(text, width - 2);
    const sides = printSides(expectation);
    const detail =
      sides.length > 0
        ? sides.map((s) => {
            const point = s.point === '' ? '' : `${s.point}: `;
            const line = `${point}${s.left} ${s.operator} ${s.right}`;
            return s.fails && sides.length > 1 ? `${MARKS.fails} ${line}` : line;
          })
        : expectation.failing.map((point) => `${MARKS.fails} ${point}`);
    const shown = detail.slice(0, MAX_SIDES);
    const more = detail.length - shown.length;
    return [
      `${paint[verdict](MARKS[verdict])} ${first}`,
      ...rest.map((line) => `  ${line}`),
      ...wrap(expectation.doc ?? '', width - 4).map((line) => `    ${colours.dim(line)}`),
      ...wrap(unclearText(expectation), width - 4).map((line) => `    ${line}`),
      ...(verdict === 'unknown' ? [`    ${openText(expectation)}`] : []),
      ...shown.flatMap((line) => wrap(line, width - 4).map((part) => `    ${part}`)),
      ...(more > 0 ? [`    … and ${more} more points`] : []),
    ];
  });
  return [colours.bold(expectationSummary(expectations)), ...lines].join('\n');
}

function comparisonBlocks(
  comparisons: readonly Comparison[],
  colours: Colours,
  width: number,
): readonly string[] {
  const sources = [...new Set(comparisons.map((c) => c.source))];
  return sources.map((source) => {
    const rows = comparisons
      .filter((c) => c.source === source)
      .map((c) => {
        const unit = c.ours?.unit ?? c.unit ?? 'Float';
        const published = printedText(printPublished(c.published, unit));
        if (!c.ours) return [c.text, published, '–', '–'];
        const difference = numberText(c.ours.mean - c.published, differenceUnit(unit), true);
        return [c.text, published, cellText(c.ours), difference];
      });
    const head = ['published value', 'published', 'ours', 'difference'];
    const title = wrap(`Published in ${source}`, width).map((line) => colours.bold(line));
    return [...title, grid({ head, rows, fixed: 1, together: [] }, colours, width)].join('\n');
  });
}

/** Breaks text at spaces; a word longer than a line is cut. Empty text is no line. */
function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  for (const paragraph of printable(text).split('\n')) {
    let line = '';
    for (const word of paragraph.split(/\s+/).filter((w) => w !== '')) {
      let rest = word;
      if (line !== '' && line.length + 1 + rest.length > room) {
        lines.push(line);
        line = '';
      }
      while (rest.length > room) {
        lines.push(rest.slice(0, room));
        rest = rest.slice(room);
      }
      line = line === '' ? rest : `${line} ${rest}`;
    }
    if (line !== '') lines.push(line);
  }
  return lines;
}
