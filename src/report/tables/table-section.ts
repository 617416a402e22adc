import { differenceUnit } from '../../execute/findings/unit-of.js';
import type { Comparison, Table } from '../../execute/record.js';
import { figureMarkup } from '../charts/figure-section.js';
import type { ReportTable } from '../content.js';
import { aboutText } from '../facts.js';
import { cellText, numberText, printedText, printPublished } from '../numbers/format-number.js';
import { type Markup, markup, NOTHING, renderDoc } from '../page/markup.js';
import { differenceNotes, differenceTexts } from './difference-text.js';
import { type SetColumn, setColumns, valuesText } from './set-columns.js';
import { sameTo, spansOf } from './spans.js';
import { bestNote, publishedNote, sentence, tableNote } from './table-reading.js';

const MAX_VALUE_COLUMNS = 12;
const DENSE_COLUMNS = 6;

/** A table of the report with its note, its figure and the values behind it. */
export function tableSection(item: ReportTable): Markup {
  const { shown: table, reading, figure } = item;
  const notes = [noteOf(item), sentence(aboutText(table.about)), sentence(publishedNote(table))];
  return markup`<section id="table-${item.slug}">
<h2>${table.name}</h2>
${table.doc ? renderDoc(table.doc) : NOTHING}
${table.columns.length > 0 ? scroll(`Table ${table.name}`, bookTable(item)) : NOTHING}
${differencesOf(table)}
${notes.map((note) => (note === '' ? NOTHING : markup`<p class="note">${note}</p>`))}
${reading.usualCount > 1 ? valueListing(item) : NOTHING}
${figure ? figureMarkup(figure) : NOTHING}
</section>`;
}

/** What the differences of a table say, and what they cannot. */
function differencesOf(table: Table): Markup {
  const items = differenceTexts(table).map((text) => markup`<li>${minus(text)}</li>`);
  const list = items.length === 0 ? NOTHING : markup`<ul class="differences">${items}</ul>`;
  const notes = differenceNotes(table).map(
    (note) => markup`<p class="note warning">${sentence(note)}</p>`,
  );
  return markup`${list}
${notes}`;
}

/** A region that scrolls sideways on narrow screens, reachable by keyboard. */
export function scroll(label: string, inner: Markup): Markup {
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${inner}</div>`;
}

/** Published values beside ours. */
export function comparisonSection(comparisons: readonly Comparison[]): Markup {
  if (comparisons.length === 0) return NOTHING;
  const sources = [...new Set(comparisons.map((c) => c.source))];
  const tables = sources.map((source) => {
    const rows = comparisons.filter((c) => c.source === source).map(comparisonRow);
    const head = markup`<tr><th scope="col">Value</th><th scope="col" class="num">Published</th><th scope="col" class="num">Ours</th><th scope="col" class="num">Difference</th></tr>`;
    const book = markup`<table class="book"><thead>${head}</thead><tbody>${rows}</tbody></table>`;
    return markup`<h3>${source}</h3>${scroll(`Values published in ${source}`, book)}`;
  });
  return markup`<section id="published"><h2>Published values</h2>${tables}</section>`;
}

function comparisonRow({ text, published, unit, ours }: Comparison): Markup {
  const kind = ours?.unit ?? unit ?? 'Float';
  const mine = ours
    ? markup`<td class="num" title="${valuesText(ours)}">${minus(cellText(ours))}</td><td class="num">${minus(numberText(ours.mean - published, differenceUnit(kind), true))}</td>`
    : markup`<td class="num none">not computed</td><td class="num none">–</td>`;
  return markup`<tr><th scope="row"><code>${text}</code></th><td class="num">${minus(printedText(printPublished(published, kind)))}</td>${mine}</tr>`;
}

function bookTable(item: ReportTable): Markup {
  const { shown: table } = item;
  const columns = setColumns(item);
  const levels = table.columnAxes.map((axis, level) => {
    const corner =
      table.rowAxes.length > 0
        ? markup`<th scope="row" class="axis" colspan="${table.rowAxes.length}">${axis}</th>`
        : NOTHING;
    return markup`<tr>${corner}${spansOf(columns, level).map(({ label, span }) => {
      const scope = span > 1 ? 'colgroup' : 'col';
      return markup`<th class="span" scope="${scope}" colspan="${span}"><span>${label}</span></th>`;
    })}</tr>`;
  });
  const names = columns.map(({ name, unit, beside }) => {
    return markup`<th scope="col" class="${beside ? 'num beside' : 'num'}">${name}${unit === '' ? NOTHING : markup` <small>${unit}</small>`}</th>`;
  });
  const axes = table.rowAxes.map((axis) => markup`<th scope="col" class="axis">${axis}</th>`);
  const body = table.rows.map((_, r) => bodyRow(table, columns, r));
  const look = columns.length > DENSE_COLUMNS ? 'book dense' : 'book';
  return markup`<table class="${look}"><thead>${levels}<tr>${axes}${names}</tr></thead><tbody>${body}</tbody></table>`;
}

function bodyRow(table: Table, columns: readonly SetColumn[], r: number): Markup {
  const labels = table.rows[r] ?? [];
  const before = table.rows[r - 1];
  const heads = labels.map((label, level) => {
    // A label that repeats the row above spans it, as in print.
    if (before && sameTo(before, labels, level) && level < labels.length - 1) return NOTHING;
    const inner = level > 0 ? 'inner' : 'outer';
    let span = 1;
    while (level < labels.length - 1 && sameTo(table.rows[r + span], labels, level)) span++;
    return span > 1
      ? markup`<th class="${inner}" scope="rowgroup" rowspan="${span}">${label}</th>`
      : markup`<th class="${inner}" scope="row">${label}</th>`;
  });
  const first = labels.length > 1 && before && !sameTo(before, labels, 0) ? 'first' : 'next';
  const cells = columns.map((column) => bodyCell(column, r));
  return markup`<tr class="${first}">${heads}${cells}</tr>`;
}

function bodyCell({ cells, unit, beside }: SetColumn, r: number): Markup {
  const cell = cells[r];
  if (!cell) return markup`<td class="num none" title="${beside ? 'nothing' : 'no points'}">–</td>`;
  const { printed, best, count, behind } = cell;
  const mean = minus(printed.mean);
  const number = best ? markup`<strong>${mean}</strong>` : markup`${mean}`;
  // A column of one unit says it in its head.
  const own = printed.unit !== '' && unit === '' ? ` ${printed.unit}` : '';
  const spread = printed.spread === undefined ? '' : ` ± ${printed.spread}`;
  const tail = `${spread}${own}${count}`;
  return markup`<td class="${beside ? 'num beside' : 'num'}" title="${behind}">${number}${tail === '' ? NOTHING : markup`<small>${tail}</small>`}</td>`;
}

type PresentCell = NonNullable<Table['cells'][number][number]>;

/** Every value behind the cells, for those who neither hover nor trust means. */
function valueListing({ shown: table, reading }: ReportTable): Markup {
  const present = table.rows.flatMap((row, r) =>
    table.columns.flatMap((column, c) => {
      const cell = table.cells[r]?.[c];
      const labels = [...row, ...column.labels, column.value];
      return cell ? [{ labels, cell, difference: reading.differences[c] ?? false }] : [];
    }),
  );
  const points = [...new Set(present.flatMap(({ cell }) => pointsOf(cell)))];
  const wide = points.length <= MAX_VALUE_COLUMNS;
  const heads = [...table.rowAxes, ...table.columnAxes, 'value'].map(
    (name) => markup`<th scope="col" class="axis">${name}</th>`,
  );
  const columns = (wide ? points : ['values']).map(
    (name) => markup`<th scope="col" class="num">${name}</th>`,
  );
  const rows = present.map(({ labels, cell, difference }) => {
    const names = labels.map((label) => markup`<th scope="row">${label}</th>`);
    if (!wide) return markup`<tr>${names}<td class="wrap">${valuesText(cell)}</td></tr>`;
    const own = pointsOf(cell);
    const numbers = points.map((point) => {
      const value = cell.values[own.indexOf(point)];
      if (value === undefined) return markup`<td class="num none">–</td>`;
      return markup`<td class="num">${minus(numberText(value, cell.unit, difference))}</td>`;
    });
    return markup`<tr>${names}${numbers}</tr>`;
  });
  const book = markup`<table class="book"><thead><tr>${heads}${columns}</tr></thead><tbody>${rows}</tbody></table>`;
  return markup`<details><summary>Every value behind this table</summary>${scroll(`Values behind ${table.name}`, book)}</details>`;
}

function pointsOf(cell: PresentCell): readonly string[] {
  return cell.values.map((_, i) => cell.points?.[i] ?? `#${i + 1}`);
}

function noteOf({ shown: table, reading, emphasis }: ReportTable): string {
  const parts = [tableNote(table, reading.usualCount), bestNote(emphasis)];
  return sentence(parts.filter((part) => part !== '').join('; '));
}

/** A true minus sign, as wide as a plus. */
export function minus(text: string): string {
  return text.replace(/(^|[\s([])-(?=[\d∞])/g, '$1−');
}
