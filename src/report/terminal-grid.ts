import TerminalTable from 'cli-table3';
import type picocolors from 'picocolors';
import { printable } from './escape.js';

export type Colours = ReturnType<typeof picocolors.createColors>;

const GAP = 2;
const BOLD = '\u001b[1m';

/** What a table of the terminal shows. */
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
  /** Whether a cell, by row and by column behind the labels, is bold. */
  readonly isStrong?: (row: number, column: number) => boolean;
}

/** Rules above, below and under the head, as in a paper; columns that do not fit continue in a second table. */
export function grid(of: Grid, colours: Colours, width: number): string {
  const { head, rows, fixed, together, isStrong = () => false } = of;
  const cells = [head, ...rows].map((row, r) =>
    row.map((text, c) => {
      const plain = printable(text).replaceAll('\t', ' ');
      return r > 0 && isStrong(r - 1, c - fixed) ? colours.bold(plain) : plain;
    }),
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
  // the library counts the marks of bold as letters where it breaks lines
  const cell = (text: string) =>
    text.startsWith(BOLD) ? { content: text, wordWrap: false } : text;
  for (const row of transpose(columns, columns[0]?.length ?? 0)) table.push(row.map(cell));
  return table;
}

function transpose(rows: readonly (readonly string[])[], length: number): string[][] {
  return Array.from({ length }, (_, c) => rows.map((row) => row[c] ?? ''));
}
