import { FONT } from '../charts/charts.js';
import { seriesTone, TONES } from '../charts/palette.js';
import { escapeHtml } from '../escape.js';
import type { BoxedPicture, BoxedRow } from './boxed-pictures.js';
import type { Box } from './pictures-file.js';
import { boxTexts, letter } from './said-of-boxes.js';

/** Pixels that a drawing is wide or high, whichever is more. */
const EDGE = 320;
const MARK = 15;

/** How boxes are told apart: by dashes and marks, not by colour alone. */
export const KINDS = {
  found: { dashes: '', tone: seriesTone(0), what: 'found: a number' },
  object: { dashes: '7 4', tone: seriesTone(1), what: 'there: a letter' },
  difficult: { dashes: '2 3', tone: seriesTone(1), what: 'there, difficult: a letter' },
} as const;

/** A picture with its boxes as SVG text, in the light colours of the palette. */
export function drawBoxes(
  picture: BoxedPicture,
  of: BoxedRow['of'],
): { readonly svg: string; readonly width: number; readonly height: number } {
  const scale = EDGE / Math.max(picture.width, picture.height);
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const source = `data:image/png;base64,${picture.png.toString('base64')}`;
  const scaled = (box: Box) => box.map((side) => Math.round(side * scale * 10) / 10);
  const told = boxTexts(picture, of).map(({ mark, text }) => `${mark} ${text}`);
  const label = escapeHtml(`${picture.image}: ${told.join('; ')}`);
  const parts = [
    ...picture.objects.map(({ box, difficult }, at) => {
      const kind = difficult ? KINDS.difficult : KINDS.object;
      return outline(scaled(box), kind, of === 'objects' && at === 0);
    }),
    ...picture.found.map(({ box }, at) =>
      outline(scaled(box), KINDS.found, of === 'found' && at === 0),
    ),
    ...picture.objects.map(({ box }, at) => {
      const [, , right = 0, bottom = 0] = scaled(box);
      const place = inside(right - MARK, bottom - MARK, width, height);
      return mark(letter(at), place, KINDS.object.tone.light);
    }),
    ...picture.found.map(({ box }, at) => {
      const [left = 0, top = 0] = scaled(box);
      return mark(String(at + 1), inside(left, top, width, height), KINDS.found.tone.light);
    }),
  ];
  return {
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">`,
      `<image href="${source}" width="${width}" height="${height}" preserveAspectRatio="none"/>`,
      ...parts,
      '</svg>',
    ].join('\n'),
    width,
    height,
  };
}

/** The outline of a box over a wider one in the page's colour, so that it is seen on every picture. */
function outline(
  [left = 0, top = 0, right = 0, bottom = 0]: readonly number[],
  { dashes, tone }: { readonly dashes: string; readonly tone: { readonly light: string } },
  isTold: boolean,
): string {
  const size = `width="${Math.max(0, right - left).toFixed(1)}" height="${Math.max(0, bottom - top).toFixed(1)}"`;
  const rect = (colour: string, thick: number, more: string) =>
    `<rect x="${left}" y="${top}" ${size} fill="none" stroke="${colour}" stroke-width="${thick}"${more}/>`;
  const thick = isTold ? 3 : 1.5;
  const line = dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
  return [
    rect(TONES.page.light, thick + 2.5, ' stroke-opacity="0.75"'),
    rect(tone.light, thick, line),
  ].join('');
}

const inside = (x: number, y: number, width: number, height: number): readonly [number, number] => [
  Math.min(width - MARK, Math.max(0, x)),
  Math.min(height - MARK, Math.max(0, y)),
];

function mark(text: string, [x, y]: readonly [number, number], colour: string): string {
  const middle = `x="${(x + MARK / 2).toFixed(1)}" y="${(y + MARK - 4).toFixed(1)}" text-anchor="middle"`;
  return [
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${MARK}" height="${MARK}" fill="${TONES.page.light}" stroke="${colour}" stroke-width="1"/>`,
    `<text ${middle} font-family="${FONT}" font-size="11" font-weight="600" fill="${TONES.ink.light}">${text}</text>`,
  ].join('');
}
