import { followPage, SERIES } from '../charts/palette.js';
import { type Markup, markup, NOTHING, trusted } from '../page/markup.js';
import type { PageMap, PageMaps } from './draw-maps.js';

/** Labels that stand open beneath a map. */
const OPEN_LABELS = 16;

/** Maps of embeddings: pictures, which a script of the page makes answer the pointer. */
export function mapSection({ maps, sprites }: PageMaps): Markup {
  if (maps.length === 0) return NOTHING;
  const rules = [...sprites].map(
    ([name, { webp }]) =>
      `.${name}{background-image:url(data:image/webp;base64,${webp.toString('base64')})}`,
  );
  return markup`<section id="maps"><h2>Maps of embeddings</h2>
<p class="note screen">Point at a dot, tap it, or go with the arrow keys to see its image, which is marked in the maps beside too.</p>
<style>${trusted(rules.join('\n'))}</style>
${maps.map(figureOf)}</section>`;
}

function figureOf({ figure, sprite, columns }: PageMap): Markup {
  const names = figure.order.map((image) => figure.group.images.names[image] ?? '');
  const panels = figure.panels.map(({ svg, label, said }) => {
    const drawn = trusted(followPage(svg));
    return markup`<div><div class="panel">${drawn}</div><p class="note"><strong>${label}</strong>: ${said.join(', ')}</p></div>`;
  });
  const items = figure.legend.map(
    ({ label, series }) =>
      markup`<li><span class="s${series % SERIES.length}"></span>${label}</li>`,
  );
  const legend = markup`<ul class="legend">${items}</ul>`;
  const folded =
    items.length > OPEN_LABELS
      ? markup`<details><summary>${items.length} labels</summary>${legend}</details>`
      : legend;
  return markup`<h3>${figure.group.stage}</h3><figure class="map" data-sprite="${sprite}" data-columns="${columns}" data-names="${JSON.stringify(names)}">${folded}<div class="maps">${panels}</div><figcaption>${figure.caption}</figcaption><p class="seen" aria-live="polite"></p></figure>`;
}
