import sharp from 'sharp';
import { SspError } from '../../base/errors.js';
import { type NpyArray, npyIn } from '../../base/files/npy.js';

/** Pairs as a picture: one column a pair, one row a view. */
export interface Grid {
  readonly pairs: number;
  readonly views: number;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const MAX_PAIRS = 10;
const TILE = 72;
const GAP = 4;

/**
 * One PNG of the first pairs of an array (k, views, h, w, 3), enlarged by a whole number without smoothing,
 * on a transparent ground; undefined where the array is none of that shape.
 */
export async function drawGrid(array: NpyArray | undefined): Promise<Grid | undefined> {
  const [count = 0, views = 0, h = 0, w = 0, channels = 0] = array?.shape ?? [];
  if (
    !(array?.data instanceof Uint8Array) ||
    array.shape.length !== 5 ||
    channels !== 3 ||
    count * views * h * w === 0
  ) {
    return undefined;
  }
  const pairs = Math.min(count, MAX_PAIRS);
  const zoom = Math.max(1, Math.round(TILE / Math.max(h, w)));
  const [tileWidth, tileHeight] = [w * zoom, h * zoom];
  const width = pairs * (tileWidth + GAP) - GAP;
  const height = views * (tileHeight + GAP) - GAP;
  const pixels = Buffer.alloc(width * height * 4);
  for (let pair = 0; pair < pairs; pair++) {
    for (let view = 0; view < views; view++) {
      const image = (pair * views + view) * h * w * 3;
      for (let y = 0; y < tileHeight; y++) {
        const line = (view * (tileHeight + GAP) + y) * width + pair * (tileWidth + GAP);
        for (let x = 0; x < tileWidth; x++) {
          const from = image + (Math.floor(y / zoom) * w + Math.floor(x / zoom)) * 3;
          const to = (line + x) * 4;
          pixels.set(array.data.subarray(from, from + 3), to);
          pixels[to + 3] = 255;
        }
      }
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9, palette: false })
    .toBuffer();
  return { pairs, views, png, width, height };
}

/** The array of a file; none of what is no whole NumPy file. */
export function arrayIn(file: Buffer, name: string): NpyArray | undefined {
  try {
    return npyIn(file, name);
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return undefined;
  }
}
