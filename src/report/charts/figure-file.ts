import { escapeHtml } from '../escape.js';
import { type Drawing, type Figure, FONT, textWidth } from './charts.js';
import { seriesTone, TONES } from './palette.js';

const MARGIN = 16;
const GAP = 20;

/** What is set in a file of its own. */
type Drawn = Pick<Figure, 'title' | 'caption' | 'legend'> & { readonly panels: readonly Drawing[] };

/** A figure as one SVG file on white, for papers and slides: title, legend and panels, at most three in a row. */
export function figureFile(figure: Drawn): string {
  const columns = Math.min(3, Math.max(1, figure.panels.length));
  const cellWidth = Math.max(0, ...figure.panels.map((p) => p.width));
  const width = Math.max(
    2 * MARGIN + columns * cellWidth + (columns - 1) * GAP,
    2 * MARGIN + textWidth(figure.title, 14),
  );
  const parts: string[] = [text(figure.title, MARGIN, MARGIN + 14, 14, TONES.ink.light, true)];
  let y = MARGIN + 28;
  let x = MARGIN;
  for (const { label, series } of figure.legend) {
    const need = 20 + textWidth(label) + 14;
    if (x > MARGIN && x + need > width - MARGIN) {
      x = MARGIN;
      y += 18;
    }
    parts.push(
      `<rect x="${x}" y="${y + 1}" width="12" height="12" rx="2" fill="${seriesTone(series).light}"/>`,
      text(label, x + 18, y + 11, 12, TONES.ink.light),
    );
    x += Math.round(need);
  }
  if (figure.legend.length > 0) y += 26;
  for (let start = 0; start < figure.panels.length; start += columns) {
    const row = figure.panels.slice(start, start + columns);
    row.forEach((panel, c) => {
      const at = `<svg x="${MARGIN + c * (cellWidth + GAP)}" y="${y}" `;
      parts.push(panel.svg.replace(/^<svg /, at));
    });
    y += Math.max(...row.map((p) => p.height)) + GAP;
  }
  const height = y - GAP + MARGIN;
  const size = `width="${Math.round(width)}" height="${height}" viewBox="0 0 ${Math.round(width)} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escapeHtml(figure.title)}</title><desc>${escapeHtml(figure.caption)}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function text(content: string, x: number, y: number, size: number, fill: string, bold = false) {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" fill="${fill}"${weight}>${escapeHtml(content)}</text>`;
}
