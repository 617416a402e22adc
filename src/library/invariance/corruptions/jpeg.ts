import sharp from 'sharp';
import type { Corrupted } from './corruption.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Of the digital family of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

const qualities: SeveritiesBySize = {
  small: [80, 65, 58, 50, 40],
  middle: [65, 58, 50, 40, 25],
  large: [25, 18, 15, 10, 7],
};

/** Written as a JPEG and read again, as Pillow does it: the standard's tables, colour at half the size. */
export async function jpegCompression({
  pixels,
  size,
  strength,
}: Pick<Corrupted, 'pixels' | 'size' | 'strength'>): Promise<Float64Array> {
  const bytes = Uint8Array.from(pixels, (value) => Math.round(value * 255));
  const quality = severityAt(qualities, size, strength);
  const file = await sharp(bytes, { raw: { width: size, height: size, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:2:0', mozjpeg: false })
    .toBuffer();
  const read = await sharp(file).raw().toBuffer();
  return Float64Array.from(read, (value) => value / 255);
}
