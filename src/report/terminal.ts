import TerminalTable from 'cli-table3';
import picocolors from 'picocolors';
import { differenceUnit } from '../execute/findings/unit-of.js';
import type { Comparison, DisplayNames, Expectation, Findings, Table } from '../execute/record.js';
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
import { differenceNotes, differenceTexts } from './tables/difference-text.js';
import { setColumns, setText } from './tables/set-columns.js';
import { emptyText, publishedNote, readTable, tableNote } from './tables/table-reading.js';

/** How a terminal shows findings. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Colours = ReturnType<typeof picocolors.createColors>;

const MARKS = { holds: '✓', fails: '✗', unknown: '?' } as const;
const MAX_SIDES = 12;
const GAP = 2;

/** Tables, expectations and published values as text for a terminal. Wide tables continue below themselves. */
export function renderTables(findings: Findings, options: TerminalOptions): string {
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(20, options.width);
  const blocks = [
    ...findings.tables.map((table) => tableBlock(table, findings.names, colours, width)),
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

function tableBlock(
  found: Table,
  displayNames: DisplayNames,
  colours: Colours,
  width: number,
): string {
  const table = shownTable(found, displayNames);
  const name = colours.bold(printable(table.name));
  if (!table.cells.flat().some((cell) => cell !== undefined)) {
    return `${name}: ${table.silent ? openText({ silent: table.silent }) : emptyText(table)}`;
  }
  const reading = readTable(found);
  const names = axisNames(table);
  const columns = setColumns({ shown: table, reading });
  const head = [...names, ...columns.map((c) => [...c.labels, c.name].join('\n'))];
  const rows = table.rows.map((labels, r) => [
    ...names.map((_, axis) => labels[axis] ?? ''),
    ...columns.map(({ cells }) => (cells[r] ? setText(cells[r]) : '–')),
  ]);
  const of = (c: number): number => (columns[c]?.beside ? of(c - 1) : c);
  const together = columns.map((column, c) => [column.labels.join('\n'), String(of(c))]);
  const title = [name, ...wrap(table.doc ?? '', width)];
  const notes = [
    tableNote(table, reading.usualCount),
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
    grid({ head, rows, fixed: names.length, together }, colours, width),
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

interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The first columns are labels: left-aligned, repeated when the table continues. */
  readonly fixed: number;
  /**
   * For each column that is no label: neighbours whose first texts are equal stay together where they fit; where
   * not, those whose second texts are too.
   */
  readonly together: readonly (readonly string[])[];
}

/** Rules above, below and under the head, as in a paper; columns that do not fit continue in a second table. */
function grid({ head, rows, fixed, together }: Grid, colours: Colours, width: number): string {
  const cells = [head, ...rows].map((row) =>
    row.map((text) => printable(text).replaceAll('\t', ' ')),
  );
  // Labels take at most half of the screen, so that a number always finds room beside them.
  const labelRoom = Math.max(8, Math.floor(width / 2 / Math.max(1, fixed)));
  const room = head.map((_, c) => {
    const natural = newTable({}, [cells.map((row) => row[c] ?? '')]).width;
    return Math.min(natural, c < fixed ? labelRoom : width);
  });
  const labels = head.slice(0, fixed).map((_, c) => c);
  const labelWidth = labels.reduce((sum, c) => sum + (room[c] ?? 0), 0);
  const parts = split(room.slice(fixed), together, width - labelWidth).map((part) =>
    part.map((c) => c + fixed),
  );
  return (parts.length === 0 ? [[]] : parts)
    .map((part) => onePart([...labels, ...part], cells, room, fixed, colours))
    .join('\n\n');
}

/** Columns in parts that fit the width: groups whole where one fits, else the smaller groups in them, else one by one. */
function split(
  widths: readonly number[],
  together: readonly (readonly string[])[],
  width: number,
): readonly (readonly number[])[] {
  const widthOf = (group: readonly number[]) => group.reduce((sum, c) => sum + (widths[c] ?? 0), 0);
  const parts: number[][] = [];
  const place = (columns: readonly number[], level: number): void => {
    const depth = together[columns[0] ?? 0]?.length ?? 0;
    const groups =
      level < depth ? runs(columns, (c) => together[c]?.[level]) : columns.map((c) => [c]);
    for (const group of groups) {
      const part = parts.at(-1);
      if (part && widthOf([...part, ...group]) <= width) part.push(...group);
      else if (widthOf(group) <= width || group.length === 1) parts.push([...group]);
      else place(group, level + 1);
    }
  };
  place(
    widths.map((_, c) => c),
    0,
  );
  return parts;
}

/** Neighbours of one kind. */
function runs<T>(items: readonly T[], kind: (item: T) => unknown): readonly (readonly T[])[] {
  const found: T[][] = [];
  items.forEach((item, i) => {
    const before = items[i - 1];
    const last = found.at(-1);
    if (last && before !== undefined && kind(before) === kind(item)) last.push(item);
    else found.push([item]);
  });
  return found;
}

function onePart(
  columns: readonly number[],
  cells: readonly (readonly string[])[],
  room: readonly number[],
  fixed: number,
  colours: Colours,
): string {
  const [head = [], ...rows] = cells.map((row) => columns.map((c) => row[c] ?? ''));
  const table = newTable(
    {
      head: [...head],
      colWidths: columns.map((c) => room[c] ?? null),
      colAligns: columns.map((c) => (c < fixed ? 'left' : 'right')),
    },
    transpose(rows, columns.length),
  );
  let rules = 0;
  const lines = table
    .toString()
    .split('\n')
    .map((line) => {
      if (/^─+$/.test(line)) {
        rules++;
        return colours.dim(line);
      }
      return rules === 1 ? colours.bold(line.trimEnd()) : line.trimEnd();
    });
  return lines.join('\n');
}

/** A table of the given columns with horizontal rules only. */
function newTable(
  options: TerminalTable.TableConstructorOptions,
  columns: readonly (readonly string[])[],
): TerminalTable.Table {
  const corners = ['top', 'mid', 'bottom'].flatMap((rule) => [
    [rule, '─'],
    [`${rule}-mid`, ''],
  ]);
  const sides = ['left', 'right', 'middle', 'left-mid', 'right-mid', 'top-left', 'top-right'];
  const blank = [...sides, 'bottom-left', 'bottom-right'].map((name) => [name, '']);
  const table = new TerminalTable({
    chars: Object.fromEntries([...corners, ...blank]),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
    wordWrap: true,
    wrapOnWordBoundary: false,
    ...options,
  });
  for (const row of transpose(columns, columns[0]?.length ?? 0)) table.push([...row]);
  return table;
}

function transpose(rows: readonly (readonly string[])[], length: number): string[][] {
  return Array.from({ length }, (_, c) => rows.map((row) => row[c] ?? ''));
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
