import type { DisplayNames } from '../../execute/record.js';
import type { Figure } from '../charts/charts.js';
import { figureMarkup } from '../charts/figure-section.js';
import { followPage } from '../charts/palette.js';
import { type Markup, markup, NOTHING, trusted } from '../page/markup.js';
import type { BoxedRow } from './boxed-pictures.js';
import { drawBoxes, KINDS } from './draw-boxes.js';
import { boxTexts, detectorLabel, moreText, rowNote, rowTitle } from './said-of-boxes.js';

/** What detectors found: curves, then pictures with boxes. */
export function detectionSection(
  curves: readonly Figure[],
  rows: readonly BoxedRow[],
  names: DisplayNames,
): Markup {
  if (curves.length === 0 && rows.length === 0) return NOTHING;
  const figures = curves.map((figure) => markup`<h3>${figure.title}</h3>${figureMarkup(figure)}`);
  const drawn = rows.map((row, at) => {
    const label = detectorLabel(row, names);
    const before = rows[at - 1];
    const isNew = before === undefined || detectorLabel(before, names) !== label;
    const head = isNew ? markup`<h3>${label}</h3>${legend()}` : NOTHING;
    return markup`${head}${rowMarkup(row)}`;
  });
  const note = rows.length === 0 ? NOTHING : markup`<p class="note">${rowNote}</p>`;
  return markup`<section id="detections"><h2>What was found</h2>${figures}${note}${drawn}</section>`;
}

function legend(): Markup {
  const items = Object.values(KINDS).map(({ dashes, tone, what }) => {
    const line = dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
    const sample = `<svg width="24" height="13" aria-hidden="true"><rect x="1" y="1" width="22" height="11" fill="none" stroke="${tone.light}" stroke-width="1.5"${line}/></svg>`;
    return markup`<li>${trusted(followPage(sample))} ${what}</li>`;
  });
  return markup`<ul class="legend">${items}</ul>`;
}

function rowMarkup(row: BoxedRow): Markup {
  if (row.pictures.length === 0) {
    return markup`<h4>${rowTitle(row)}</h4><p class="note">There are none.</p>`;
  }
  const pictures = row.pictures.map((picture) => {
    const { svg } = drawBoxes(picture, row.of);
    const said = boxTexts(picture, row.of).map(({ mark, text, isTold }) =>
      isTold
        ? markup`<li><b>${mark}</b> <strong>${text}</strong></li>`
        : markup`<li><b>${mark}</b> ${text}</li>`,
    );
    const more = moreText(picture, row.least);
    const rest = more === '' ? NOTHING : markup`<li>${more}</li>`;
    return markup`<figure>${trusted(followPage(svg))}<figcaption>${picture.image}<ul>${said}${rest}</ul></figcaption></figure>`;
  });
  return markup`<h4>${rowTitle(row)}</h4><div class="boxed">${pictures}</div>`;
}
