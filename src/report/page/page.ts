import type { Expectation } from '../../execute/record.js';
import { curveSection, sampleSection, sheetSection } from '../charts/figure-section.js';
import { type ReportContent, unfinishedText } from '../content.js';
import { detectionSection } from '../detections/detection-section.js';
import {
  expectationSummary,
  mostPoints,
  openText,
  pointsText,
  printSides,
  unclearText,
  verdictOf,
  verdictText,
} from '../expectation-text.js';
import type { ResultFacts } from '../facts.js';
import { MAP_SCRIPT, MAP_SCRIPT_SOURCE } from '../maps/map-script.js';
import { mapSection } from '../maps/map-section.js';
import { durationText } from '../numbers/format-number.js';
import type { Remark } from '../remark.js';
import { namedPoints } from '../remarks.js';
import { comparisonSection, minus, scroll, tableSection } from '../tables/table-section.js';
import { type Markup, markup, NOTHING, renderDoc, trusted } from './markup.js';
import { environmentSection, sourceSection, stageSection } from './record-section.js';
import { styleSheet } from './style.js';

const MARKS = { holds: '✓', fails: '✗', unknown: '?' } as const;
const OPEN_SIDES = 6;

/** Nothing but this file's own styles and pictures, no network; and no script but that of maps, where there are some. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const BESIDE = markup`The same results as <code>report.md</code>, <code>report.json</code>, <code>tables/</code> and <code>figures/</code> lie beside this page.`;

/** The report as one HTML document that needs nothing else. `beside`: what else there is of it. */
export function reportPage(content: ReportContent, beside: Markup = BESIDE): string {
  const { input } = content;
  const { expectations, comparisons, names } = input.findings;
  const unfinished = unfinishedText(content);
  const mapped = content.maps.maps.length > 0;
  const script = mapped ? markup`<script>${trusted(MAP_SCRIPT)}</script>` : NOTHING;
  const policy = mapped ? `${POLICY}; script-src ${MAP_SCRIPT_SOURCE}` : POLICY;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="color-scheme" content="light dark">
<title>${content.headline}</title>
<style>${trusted(styleSheet())}</style>
</head>
<body>
<header class="top">
<p class="over">${input.file}</p>
<h1>${content.headline}</h1>
${content.lead === '' ? NOTHING : markup`<div class="lead">${renderDoc(content.lead)}</div>`}
${facts(content)}
${contents(content)}
</header>
<main>
${unfinished === '' ? NOTHING : markup`<div class="box alarm" role="note"><p><strong>${unfinished}</strong></p></div>`}
${expectations.length === 0 ? NOTHING : claims(expectations)}
${remarkSection(content.remarks)}
${content.tables.map(tableSection)}
${comparisonSection(comparisons)}
${curveSection(content.curves)}
${detectionSection(content.precisionRecall, content.boxed, names)}
${sheetSection(content.sheets, names)}
${sampleSection(content.grids, names)}
${mapSection(content.maps)}
${factSection(content.facts)}
${environmentSection(content)}
${stageSection(input.outcomes)}
${notShown(content.notes)}
${sourceSection(input.texts)}
</main>
<footer>Written by <code>ssp</code>. ${beside}</footer>
${script}
</body>
</html>
`;
  return page.html;
}

function facts(content: ReportContent): Markup {
  const { counts, computeSeconds, finishedAt } = content;
  const total =
    counts.hit + counts.ran + counts.locked + counts.failed + counts.skipped + counts.dropped;
  const parts = [
    [`${counts.ran} computed`, counts.ran],
    [`${counts.hit} reused`, counts.hit],
    [`${counts.locked} from the lock`, counts.locked],
    [`${counts.failed} failed`, counts.failed],
    [`${counts.skipped} skipped`, counts.skipped],
    [`${counts.dropped} that halving did not go on with`, counts.dropped],
  ] as const;
  const shown = parts.filter(([, count]) => count > 0).map(([text]) => text);
  const rows: readonly (readonly [string, string])[] = [
    ...(total > 0 ? [['Stages', `${total}: ${shown.join(', ')}`] as const] : []),
    ...(computeSeconds > 0 ? [['Compute', durationText(computeSeconds)] as const] : []),
    ...(finishedAt ? [['Results of', finishedAt.slice(0, 10)] as const] : []),
  ];
  const items = rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return items.length === 0 ? NOTHING : markup`<dl class="meta">${items}</dl>`;
}

function contents(content: ReportContent): Markup {
  const { findings, outcomes } = content.input;
  const has: readonly (readonly [string, string, boolean])[] = [
    ['expectations', 'Expectations', findings.expectations.length > 0],
    ['remarks', 'Remarks', content.remarks.length > 0],
    ...content.tables.map(({ slug, shown }) => [`table-${slug}`, shown.name, true] as const),
    ['published', 'Published values', findings.comparisons.length > 0],
    ['training', 'Training', content.curves.length > 0],
    ['detections', 'Detections', content.precisionRecall.length + content.boxed.length > 0],
    ['pairs', 'Pairs', content.sheets.length > 0],
    ['samples', 'Views', content.grids.length > 0],
    ['maps', 'Maps', content.maps.maps.length > 0],
    ['facts', 'Facts', content.facts.length > 0],
    ['licences', 'Licences', content.licences.length > 0],
    ['environment', 'Environment', content.environment.length > 0],
    ['stages', 'Stages', outcomes.length > 0],
    ['source', 'Source', true],
  ];
  const items = has
    .filter(([, , present]) => present)
    .map(([id, name]) => markup`<li><a href="#${id}">${name}</a></li>`);
  return markup`<nav aria-label="Contents"><ul>${items}</ul></nav>`;
}

function claims(expectations: readonly Expectation[]): Markup {
  const items = expectations.map((expectation) => {
    const verdict = verdictOf(expectation);
    const word = verdictText(expectation);
    const points = pointsText(expectation);
    const why = expectation.silent || word === 'is open' ? `: ${openText(expectation)}` : '';
    const doc = expectation.doc ? renderDoc(expectation.doc) : NOTHING;
    const open = unclearText(expectation);
    const unclear = open === '' ? NOTHING : markup`<p class="note">${open}.</p>`;
    return markup`<li><span class="verdict ${verdict}" role="img" aria-label="${word}">${MARKS[verdict]}</span><div><code>${expectation.text}</code> <span class="told ${verdict}">${word}${points === '' ? '' : ` ${points}`}${why}</span><div class="prose">${doc}</div>${unclear}${sides(expectation)}</div></li>`;
  });
  return markup`<section class="box" id="expectations"><h2>${expectationSummary(expectations)}</h2><ul class="claims">${items}</ul></section>`;
}

function sides(expectation: Expectation): Markup {
  const printed = printSides(expectation);
  if (printed.length === 0) {
    const failing = expectation.failing.map((point) => markup`<li>${point}</li>`);
    return failing.length === 0 ? NOTHING : markup`<ul class="sides fails">${failing}</ul>`;
  }
  const rows = printed.slice(0, mostPoints).map(({ point, left, operator, right, fails }) => {
    const head = point === '' ? NOTHING : markup`<th scope="row">${point}</th>`;
    const mark = fails ? markup`<td class="fails">✗</td>` : markup`<td></td>`;
    return markup`<tr>${head}<td class="num">${minus(left)}</td><td>${operator}</td><td class="num">${minus(right)}</td>${mark}</tr>`;
  });
  const label = `Both sides of ${expectation.text}`;
  const left = printed.length - rows.length;
  const more = left > 0 ? markup`<p class="note">… and ${left} more points</p>` : NOTHING;
  const book = markup`<table class="sides"><tbody>${rows}</tbody></table>`;
  const table = markup`${scroll(label, book)}${more}`;
  if (rows.length <= OPEN_SIDES) return table;
  return markup`<details><summary>Both sides at ${printed.length} points</summary>${table}</details>`;
}

function remarkSection(remarks: readonly Remark[]): Markup {
  if (remarks.length === 0) return NOTHING;
  const items = remarks.map(
    (remark) => markup`<li><code>${namedPoints(remark.ids)}</code>: ${remark.text}</li>`,
  );
  return markup`<section class="box alarm" id="remarks"><h2>Remarks</h2><ul>${items}</ul></section>`;
}

function factSection(facts: readonly ResultFacts[]): Markup {
  if (facts.length === 0) return NOTHING;
  const items = facts.map(
    ({ ids, text }) => markup`<li><code>${namedPoints(ids)}</code>: ${text}</li>`,
  );
  return markup`<section id="facts"><h2>What is in the results</h2><ul>${items}</ul></section>`;
}

function notShown(notes: readonly string[]): Markup {
  if (notes.length === 0) return NOTHING;
  const items = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<section id="notes"><h2>Not shown</h2><ul>${items}</ul></section>`;
}
