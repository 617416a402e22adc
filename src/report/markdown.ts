import { differenceUnit } from '../execute/findings/unit-of.js';
import type { Comparison } from '../execute/record.js';
import {
  type ReportContent,
  type ReportTable,
  shownEnvironment,
  unfinishedText,
} from './content.js';
import { detectorLabel, rowNote, rowTitle } from './detections/said-of-boxes.js';
import { escapeMarkdown } from './escape.js';
import {
  expectationSummary,
  mostPoints,
  openText,
  pointsText,
  printSides,
  unclearText,
  verdictOf,
} from './expectation-text.js';
import { aboutText } from './facts.js';
import {
  cellText,
  durationText,
  numberText,
  printedText,
  printPublished,
} from './numbers/format-number.js';
import { sheetLabel } from './pairs/contact-sheets.js';
import { byStage, onePerKey } from './points.js';
import { namedPoints } from './remarks.js';
import { shownPoint } from './shown.js';
import { differenceNotes, differenceTexts } from './tables/difference-text.js';
import { setColumns, setText } from './tables/set-columns.js';
import { bestNote, publishedNote, tableNote } from './tables/table-reading.js';

/** Where the files of a report lie, relative to it. */
export const FIGURES = 'figures';
export const TABLES = 'tables';

const VERDICTS = { holds: '✓ holds', fails: '✗ does not hold' };

/** The report as Markdown: for a repository, an issue, a mail. */
export function reportMarkdown(content: ReportContent): string {
  const { input } = content;
  const { expectations, comparisons, names } = input.findings;
  const blocks: string[] = [`# ${escapeMarkdown(content.headline)}`];
  if (content.lead !== '') blocks.push(content.lead);
  const unfinished = unfinishedText(content);
  if (unfinished !== '') blocks.push(`**${unfinished}**`);
  if (expectations.length > 0) {
    const lines = expectations.flatMap((expectation) => {
      const points = pointsText(expectation);
      const sides = printSides(expectation);
      const where = points === '' ? '' : ` ${points}`;
      const told = verdictOf(expectation);
      const verdict = told === 'unknown' ? `? ${openText(expectation)}` : VERDICTS[told];
      return [
        `- ${verdict}${where}: ${code(expectation.text)}`,
        ...[expectation.doc ?? '', unclearText(expectation)]
          .filter((text) => text !== '')
          .map((text) => `  ${escapeMarkdown(text.replaceAll(/\s+/g, ' '))}`),
        ...sides.slice(0, mostPoints).map(({ point, left, operator, right }) => {
          const at = point === '' ? '' : `${escapeMarkdown(point)}: `;
          return `  - ${at}${left} ${operator} ${right}`;
        }),
        ...(sides.length > mostPoints
          ? [`  - … and ${sides.length - mostPoints} more points`]
          : []),
        ...(sides.length === 0 ? expectation.failing : []).map(
          (point) => `  - fails at ${escapeMarkdown(point)}`,
        ),
      ];
    });
    blocks.push(`## Expectations\n\n${expectationSummary(expectations)}.\n\n${lines.join('\n')}`);
  }
  if (content.remarks.length > 0) {
    const lines = content.remarks.map(
      (remark) => `- ${escapeMarkdown(`${namedPoints(remark.ids)}: ${remark.text}`)}`,
    );
    blocks.push(`## Remarks\n\n${lines.join('\n')}`);
  }
  blocks.push(...content.tables.map(tableMarkdown));
  if (comparisons.length > 0) blocks.push(`## Published values\n\n${published(comparisons)}`);
  if (content.curves.length > 0) {
    const images = content.curves.map((figure) => image(figure.caption, `${figure.name}.svg`));
    blocks.push(`## Training\n\n${images.join('\n\n')}`);
  }
  blocks.push(...detectionsMarkdown(content));
  if (content.sheets.length > 0) {
    const images = content.sheets.map((sheet) => {
      const label = sheetLabel(sheet, names);
      return `${escapeMarkdown(label)}\n\n${image(label, `${sheet.slug}.png`)}`;
    });
    blocks.push(`## Pairs that were made\n\n${images.join('\n\n')}`);
  }
  if (content.grids.length > 0) {
    const images = content.grids.map((grid) => {
      const told = shownPoint(grid.point, names);
      const label = told === '' ? grid.stage : `${grid.stage}: ${told}`;
      return `${escapeMarkdown(label)}\n\n${image(label, `${grid.slug}.png`)}`;
    });
    blocks.push(`## Pairs as the encoder sees them\n\n${images.join('\n\n')}`);
  }
  if (content.maps.maps.length > 0) {
    const images = content.maps.maps.map(({ figure }) => {
      const said = figure.panels.map(
        ({ label, said }) => `- ${escapeMarkdown(`${label}: ${said.join(', ')}`)}`,
      );
      return `${image(figure.caption, `${figure.name}.svg`)}\n\n${said.join('\n')}`;
    });
    blocks.push(`## Maps of embeddings\n\n${images.join('\n\n')}`);
  }
  if (content.facts.length > 0) {
    const lines = content.facts.map(
      ({ ids, text }) => `- ${escapeMarkdown(`${namedPoints(ids)}: ${text}`)}`,
    );
    blocks.push(`## What is in the results\n\n${lines.join('\n')}`);
  }
  const stages = [...byStage(input.outcomes)].map(([name, outcomes]) => [
    name,
    [...new Set(outcomes.map(({ planned }) => planned.stage))].join(', '),
    String(outcomes.length),
    durationText(onePerKey(outcomes).reduce((sum, o) => sum + o.seconds, 0)),
  ]);
  const right = [false, false, true, true];
  if (stages.length > 0) {
    blocks.push(`## Stages\n\n${pipeTable(['name', 'stage', 'points', 'time'], stages, right)}`);
  }
  if (content.licences.length > 0) {
    blocks.push(`## Licences of the data\n\n${pipeTable(['data', 'licence'], content.licences)}`);
  }
  if (content.environment.length > 0) {
    blocks.push(`## Environment\n\n${pipeTable(['fact', 'value'], shownEnvironment(content))}`);
  }
  if (content.notes.length > 0) {
    blocks.push(`## Not shown\n\n${content.notes.map((n) => `- ${escapeMarkdown(n)}`).join('\n')}`);
  }
  for (const { path, text } of input.texts) {
    const ticks = '`'.repeat(Math.max(3, longestTicks(text) + 1));
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    blocks.push(`## ${escapeMarkdown(path)}\n\n${ticks}ssp\n${whole}${ticks}`);
  }
  return `${blocks.join('\n\n')}\n`;
}

/** What detectors found: curves, then pictures with boxes. */
function detectionsMarkdown({ precisionRecall, boxed, input }: ReportContent): readonly string[] {
  if (precisionRecall.length + boxed.length === 0) return [];
  const curves = precisionRecall.map(({ caption, name }) => image(caption, `${name}.svg`));
  const pictures = boxed.map((row) => {
    const label = `${detectorLabel(row, input.findings.names)}, ${rowTitle(row)}`;
    if (row.pictures.length === 0) return `${escapeMarkdown(label)}: there are none.`;
    return `${escapeMarkdown(label)}\n\n${image(label, `${row.slug}.svg`)}`;
  });
  const note = boxed.length > 0 ? [`*${escapeMarkdown(rowNote)}*`] : [];
  return ['## What was found', ...curves, ...note, ...pictures];
}

function tableMarkdown(item: ReportTable): string {
  const { shown: table, reading, slug, figure } = item;
  const columns = setColumns(item);
  const head = [
    ...table.rowAxes,
    ...columns.map((column) => [...column.labels, column.name].join(' · ')),
  ];
  const rows = table.rows.map((labels, r) => [
    ...labels.map(escapeMarkdown),
    ...columns.map(({ cells }) => {
      const cell = cells[r];
      if (!cell) return '–';
      if (cell.isText) return escapeMarkdown(setText(cell));
      return cell.best ? `**${printedText(cell.printed)}**${cell.count}` : setText(cell);
    }),
  ]);
  const right = head.map((_, c) => c >= table.rowAxes.length);
  const notes = [
    tableNote(table, reading.usualCount),
    bestNote(item.emphasis),
    aboutText(table.about),
    ...differenceNotes(table),
    publishedNote(table),
  ];
  const said = differenceTexts(table).map((text) => `- ${escapeMarkdown(text)}`);
  return [
    `## ${escapeMarkdown(table.name)}`,
    ...(table.doc ? [table.doc.trim()] : []),
    ...(columns.length > 0 ? [rawPipeTable(head.map(escapeMarkdown), rows, right)] : []),
    ...(said.length > 0 ? [said.join('\n')] : []),
    ...notes.flatMap((note) => (note === '' ? [] : [`*${escapeMarkdown(note)}*`])),
    ...(figure ? [image(figure.caption, `${slug}.svg`)] : []),
  ].join('\n\n');
}

function published(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ source, text, published: value, unit, ours }) => {
    const kind = ours?.unit ?? unit ?? 'Float';
    const difference = ours ? numberText(ours.mean - value, differenceUnit(kind), true) : '–';
    const mine = ours ? cellText(ours) : '–';
    const told = printedText(printPublished(value, kind));
    return [escapeMarkdown(source), code(text), told, mine, difference];
  });
  const head = ['source', 'value', 'published', 'ours', 'difference'];
  return rawPipeTable(head, rows, [false, false, true, true, true]);
}

function pipeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
): string {
  return rawPipeTable(
    head,
    rows.map((row) => row.map(escapeMarkdown)),
    right,
  );
}

function rawPipeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, c) => (right[c] ? '---:' : '---'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** Inline code that no text can end; a pipe would end the table cell. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const ticks = '`'.repeat(longestTicks(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
}

function image(alternative: string, file: string): string {
  return `![${escapeMarkdown(alternative)}](${FIGURES}/${file})`;
}
