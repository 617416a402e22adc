import type { Figure } from './charts.js';
import type { ReportContent } from './content.js';
import { type Markup, markup, NOTHING, trusted } from './markup.js';
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

/** Pairs as the encoder sees them. */
export function sampleSection(grids: ReportContent['grids']): Markup {
  if (grids.length === 0) return NOTHING;
  const stages = new Set(grids.map((grid) => grid.stage));
  const drawn = grids.map((grid) => {
    const point = grid.point === '' ? grid.stage : grid.point;
    const label = stages.size > 1 && grid.point !== '' ? `${grid.stage}: ${point}` : point;
    const source = `data:image/png;base64,${grid.png.toString('base64')}`;
    const alternative = `${grid.pairs} pairs of ${label}; each column a pair, each row a view`;
    return markup`<figure><img src="${source}" alt="${alternative}" width="${grid.width}" height="${grid.height}"><figcaption>${label}</figcaption></figure>`;
  });
  return markup`<section id="samples"><h2>Pairs as the encoder sees them</h2>
<p class="note">Each column is one pair, each row one of its views, after all random changes. One repetition of each kind.</p>
<div class="grids">${drawn}</div></section>`;
}
