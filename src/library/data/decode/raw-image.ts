import sharp from 'sharp';
import type { Triple } from '../../../tensor/views/augmentation.js';
import type { GifFrame } from './gif-frame.js';

/** Pixels of a whole image: RGB (height, width, 3). */
export interface RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What is worth saying of an image that could be read: `is …`, `has …`. */
  readonly remark?: string;
}

/** How sharp is to read a file. */
export interface Reading {
  readonly background: Triple;
  readonly mostPixels: number;
  /** Is what follows the colours no alpha? */
  readonly isOpaque?: boolean;
  /** The part of the picture that the file has pixels for: beside it all is transparent. */
  readonly frame?: GifFrame | undefined;
}

/**
 * Pixels of a PNG, WebP, GIF (its first frame) or TIFF file, turned as EXIF says, over the background
 * where they are transparent. 16 bits become the upper 8. Colour profiles are not applied, as Pillow
 * does not. Of a file whose 16 bits hold 12 or fewer little is left of the light: that is remarked.
 * Throws what sharp throws.
 */
export async function decodeBySharp(file: Uint8Array, reading: Reading): Promise<RawImage> {
  const image = sharp(file, {
    failOn: 'error',
    limitInputPixels: reading.mostPixels,
    ignoreIcc: true,
    page: 0,
    pages: 1,
  }).autoOrient();
  const { space, depth } = await image.metadata();
  if (space === 'cmyk') {
    const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk');
    // Of 16 bits the lower 8 would be clipped away, not the upper 8 taken.
    const deep = depth === 'ushort';
    const { data, info } = await inks
      .raw(deep ? { depth: 'ushort' } : {})
      .toBuffer({ resolveWithObject: true });
    const upper = deep ? data.filter((_, at) => at % 2 === 1) : data;
    return { data: fromCmyk(upper, info.channels), width: info.width, height: info.height };
  }
  const { data, info } = await image
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const { background, isOpaque = false, frame } = reading;
  if (frame !== undefined) clearBeside(frame, data, { width, height });
  const rgb = { data: over(data, { channels, background, isOpaque }), width, height };
  return depth === 'ushort' && isFaint(data, channels) ? { ...rgb, remark: FAINT } : rgb;
}

/** A camera or microscope of 12 bits has levels up to 4,095, of which the upper 8 of 16 bits are 0 to 15. */
const FAINT =
  'has 16 bits of which only the lower 12 are used, so that the upper 8, which are taken, show next to nothing';

/** Has any pixel light, and none more than what 12 of 16 bits can have? `levels` are RGBA. */
function isFaint(levels: Uint8Array, channels: number): boolean {
  let most = 0;
  for (let pixel = 0; pixel < levels.length && most < 16; pixel += channels) {
    most = Math.max(most, levels[pixel] ?? 0, levels[pixel + 1] ?? 0, levels[pixel + 2] ?? 0);
  }
  return most > 0 && most < 16;
}

/** Makes the pixels beside a frame transparent. */
function clearBeside(
  { left, top, right, bottom }: GifFrame,
  rgba: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  if (left === 0 && top === 0 && right >= width && bottom >= height) return;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (x < left || x >= right || y < top || y >= bottom) rgba[4 * pixel + 3] = 0;
  }
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

/** Colours with alpha, and channels that mean nothing here, over a colour, rounded as Pillow's `paste` with a mask does. */
function over(
  pixels: Uint8Array,
  how: { readonly channels: number; readonly background: Triple; readonly isOpaque: boolean },
): Uint8Array {
  const { channels, background, isOpaque } = how;
  const count = pixels.length / channels;
  const rgb = new Uint8Array(3 * count);
  for (let pixel = 0; pixel < count; pixel++) {
    const from = channels * pixel;
    const alpha = isOpaque ? 255 : (pixels[from + 3] ?? 255);
    for (let channel = 0; channel < 3; channel++) {
      const colour = pixels[from + channel] ?? 0;
      const below = background[channel] ?? 0;
      rgb[3 * pixel + channel] = shareOf255(colour * alpha + below * (255 - alpha));
    }
  }
  return rgb;
}
