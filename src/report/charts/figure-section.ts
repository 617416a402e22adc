import type { DisplayNames } from '../../execute/record.js';
import type { ReportContent } from '../content.js';
import { type Markup, markup, NOTHING, trusted } from '../page/markup.js';
import { sheetLabel } from '../pairs/contact-sheets.js';
import type { Grid } from '../pairs/draw-grid.js';
import { shownPoint } from '../shown.js';
import type { Figure } from './charts.js';
import { followPage, SERIES } from './palette.js';

const MAX_OPEN_PANELS = 12;

/** A figure: legend, panels (those past the first dozen folded away), caption. */
export function figureMarkup(figure: Figure): Markup {
  const items = figure.legend.map(
    ({ label, series }) =>
      markup`<li><span class="s${series % SERIES.length}"></span>${label}</li>`,
  );
  const legend = items.length > 0 ? markup`<ul class="legend">${items}</ul>` : NOTHING;
  const open = panels(figure.panels.slice(0, MAX_OPEN_PANELS));
  const rest = figure.panels.slice(MAX_OPEN_PANELS);
  const folded =
    rest.length > 0
      ? markup`<details><summary>${rest.length} more panels</summary>${panels(rest)}</details>`
      : NOTHING;
  return markup`<figure>${legend}${open}${folded}<figcaption>${figure.caption}</figcaption></figure>`;
}

function panels(list: Figure['panels']): Markup {
  const drawn = list.map((panel) => trusted(followPage(panel.svg)));
  return markup`<div class="panels">${drawn}</div>`;
}

/** How the trainings went: losses in sight, other quantities folded. */
export function curveSection(curves: readonly Figure[]): Markup {
  if (curves.length === 0) return NOTHING;
  const isLoss = (figure: Figure) => /: loss$/.test(figure.title);
  const shown = curves.filter(isLoss);
  const others = curves.filter((figure) => !isLoss(figure));
  const drawn = shown.map((f) => markup`<h3>${f.title}</h3>${figureMarkup(f)}`);
  const folded = others.map(
    (f) => markup`<details><summary>${f.title}</summary>${figureMarkup(f)}</details>`,
  );
  return markup`<section id="training"><h2>Training</h2>${drawn}${folded}</section>`;
}

/** Some of the pairs that stages made. */
export function sheetSection(sheets: ReportContent['sheets'], names: DisplayNames): Markup {
  if (sheets.length === 0) return NOTHING;
  const drawn = sheets.map((sheet) => {
    const label = sheetLabel(sheet, names);
    return picture(sheet, label, `${sheet.pairs} pairs of ${label}; each column a pair`);
  });
  return markup`<section id="pairs"><h2>Pairs that were made</h2>
<p class="note">Each column is one pair, before any random change. One repetition of each kind.</p>
<div class="grids">${drawn}</div></section>`;
}

/** Pairs as the encoder sees them. */
export function sampleSection(grids: ReportContent['grids'], names: DisplayNames): Markup {
  if (grids.length === 0) return NOTHING;
  const stages = new Set(grids.map((grid) => grid.stage));
  const drawn = grids.map((grid) => {
    const told = shownPoint(grid.point, names);
    const point = told === '' ? grid.stage : told;
    const label = stages.size > 1 && told !== '' ? `${grid.stage}: ${point}` : point;
    const alternative = `${grid.pairs} pairs of ${label}; each column a pair, each row a view`;
    return picture(grid, label, alternative);
  });
  return markup`<section id="samples"><h2>Pairs as the encoder sees them</h2>
<p class="note">Each column is one pair, each row one of its views, after all random changes. One repetition of each kind.</p>
<div class="grids">${drawn}</div></section>`;
}

function picture({ png, width, height }: Grid, label: string, alternative: string): Markup {
  const source = `data:image/png;base64,${png.toString('base64')}`;
  return markup`<figure><img src="${source}" alt="${alternative}" width="${width}" height="${height}"><figcaption>${label}</figcaption></figure>`;
}
