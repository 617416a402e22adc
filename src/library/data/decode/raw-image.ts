import sharp from 'sharp';
import type { Triple } from '../../../tensor/views/augmentation.js';

/** Pixels of a whole image: RGB (height, width, 3). */
export interface RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Pixels of a PNG, WebP, GIF (its first frame) or TIFF file, turned as EXIF says, over the background
 * where they are transparent. 16 bits become the upper 8. Colour profiles are not applied, as Pillow
 * does not. Throws what sharp throws.
 */
export async function decodeBySharp(
  file: Uint8Array,
  background: Triple,
  mostPixels: number,
): Promise<RawImage> {
  const image = sharp(file, {
    failOn: 'error',
    limitInputPixels: mostPixels,
    ignoreIcc: true,
    page: 0,
    pages: 1,
  }).autoOrient();
  const { space } = await image.metadata();
  const inks = space === 'cmyk';
  const pixels = inks
    ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
    : image.toColourspace('srgb').ensureAlpha();
  const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data: inks ? fromCmyk(data, channels) : over(data, background), width, height };
}

/** Cyan, magenta, yellow, black (255 is full) as light, rounded as Pillow's `convert('RGB')` does. */
function fromCmyk(inks: Uint8Array, channels: number): Uint8Array {
  const count = inks.length / channels;
  const rgb = new Uint8Array(3 * count);
  for (let pixel = 0; pixel < count; pixel++) {
    const light = 255 - (inks[channels * pixel + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const ink = inks[channels * pixel + channel] ?? 0;
      rgb[3 * pixel + channel] = light - shareOf255(ink * light);
    }
  }
  return rgb;
}

/** Divides by 255, rounded, up to 255 * 255. */
function shareOf255(product: number): number {
  const more = product + 128;
  return (more + (more >> 8)) >> 8;
}

/** RGBA over a colour, rounded as Pillow's `paste` with a mask does. */
function over(rgba: Uint8Array, background: Triple): Uint8Array {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(3 * count);
  for (let pixel = 0; pixel < count; pixel++) {
    const alpha = rgba[4 * pixel + 3] ?? 255;
    for (let channel = 0; channel < 3; channel++) {
      const colour = rgba[4 * pixel + channel] ?? 0;
      const below = background[channel] ?? 0;
      rgb[3 * pixel + channel] = shareOf255(colour * alpha + below * (255 - alpha));
    }
  }
  return rgb;
}
