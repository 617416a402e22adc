import { FONT, fitText, textWidth } from '../charts/charts.js';
import { TONES } from '../charts/palette.js';
import { escapeHtml } from '../escape.js';
import type { BoxedRow } from './boxed-pictures.js';
import { drawBoxes, KINDS } from './draw-boxes.js';
import { boxTexts, moreText } from './said-of-boxes.js';

const MARGIN = 16;
const GAP = 20;
const CELL = 320;
const COLUMNS = 3;
const LINE = 15;

/** Pictures of one kind as one SVG file on white: title, how boxes are told apart, three pictures in a row. */
export function boxesFile(row: BoxedRow, title: string, caption: string): string {
  const width = 2 * MARGIN + COLUMNS * CELL + (COLUMNS - 1) * GAP;
  const parts = [text(fitText(title, width - 2 * MARGIN, 14), MARGIN, MARGIN + 14, 14, true)];
  let x = MARGIN;
  let y = MARGIN + 28;
  for (const { dashes, tone, what } of Object.values(KINDS)) {
    const line = dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
    parts.push(
      `<rect x="${x + 1}" y="${y + 1}" width="22" height="11" fill="none" stroke="${tone.light}" stroke-width="1.5"${line}/>`,
      text(what, x + 30, y + 11, 12),
    );
    x += 30 + Math.round(textWidth(what)) + 18;
  }
  y += 26;
  for (let start = 0; start < row.pictures.length; start += COLUMNS) {
    let bottom = y;
    row.pictures.slice(start, start + COLUMNS).forEach((picture, column) => {
      const left = MARGIN + column * (CELL + GAP);
      const { svg, height } = drawBoxes(picture, row.of);
      parts.push(svg.replace(/^<svg /, `<svg x="${left}" y="${y}" `));
      let line = y + height + 4;
      const said = boxTexts(picture, row.of).map((one) => ({
        told: `${one.mark}  ${one.text}`,
        strong: one.isTold,
      }));
      const more = moreText(picture, row.least);
      for (const { told, strong } of [...said, ...(more ? [{ told: more, strong: false }] : [])]) {
        line += LINE;
        parts.push(text(fitText(told, CELL, 11), left, line, 11, strong));
      }
      bottom = Math.max(bottom, line);
    });
    y = bottom + GAP;
  }
  const height = y - GAP + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeHtml(title)}</title><desc>${escapeHtml(caption)}</desc>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function text(content: string, x: number, y: number, size: number, strong = false): string {
  const weight = strong ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" fill="${TONES.ink.light}"${weight}>${escapeHtml(content)}</text>`;
}
