import sharp from 'sharp';
import { invariant } from '../../../base/errors.js';
import type { Match } from './match-icons.js';

/** Draws an icon on white, RGB (size, size, 3). Half-covered pixels are mixed with white once, after resampling. */
export async function rasterise(match: Match, size: number): Promise<Uint8Array> {
  return onWhite(await drawIcon(match, size));
}

/** How far an icon covers each pixel, three times (size, size, 3): 255 is wholly. */
export async function rasteriseMask(match: Match, size: number): Promise<Uint8Array> {
  const rgba = await drawIcon(match, size);
  const covered = (at: number): number => rgba[Math.floor(at / 3) * 4 + 3] ?? 0;
  return Uint8Array.from({ length: size * size * 3 }, (_, at) => covered(at));
}

/** Draws an icon with what lies behind it seen through, RGBA (size, size, 4), colours not multiplied by alpha. */
export async function drawIcon({ set, icon }: Match, size: number): Promise<Uint8Array> {
  const drawing = set.icons[icon];
  invariant(drawing !== undefined, `${set.name} has no icon ${icon}`);
  const { left = 0, top = 0, width = set.width, height = set.height } = drawing;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${size}" height="${size}" viewBox="${left} ${top} ${width} ${height}" color="black">` +
    `${drawing.body}</svg>`;
  // The SVG is drawn at its final size; `resize` only rounds odd shapes to a square, and works
  // with premultiplied alpha. Compositing after it keeps dark rims of half-covered pixels out.
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .resize(size, size, { fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  invariant(
    info.channels === 4 && data.length === size * size * 4,
    `${set.name}/${icon} came out as ${info.width} x ${info.height} x ${info.channels}`,
  );
  return data;
}

function onWhite(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const alpha = (rgba[from + 3] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const colour = rgba[from + channel] ?? 0;
      rgb[to++] = Math.round(colour * alpha + 255 * (1 - alpha));
    }
  }
  return rgb;
}
