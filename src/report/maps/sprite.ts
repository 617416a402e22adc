import sharp from 'sharp';

/** Many small pictures as one, in rows of `columns`. */
export interface Sprite {
  readonly webp: Buffer;
  readonly columns: number;
}

/** Bytes of a page that drawings may take, before they become text. */
export const SPRITE_BYTES = 1_400_000;

/** Qualities of WebP that are tried before drawings are halved. */
const QUALITIES = [80, 60, 40, 25];
const SMALLEST = 8;

/** Drawings whose size tells that of all. */
const SAMPLE = 400;

/**
 * Drawings (n, side, side, 3) as one WebP of at most so many bytes: by a lower quality where that is needed, then by half
 * the side. What is smallest is taken even if it is larger than that.
 */
export async function spriteOf(
  pixels: Uint8Array,
  side: number,
  mostBytes = SPRITE_BYTES,
): Promise<Sprite> {
  const n = pixels.length / (side * side * 3);
  const stride = Math.max(1, Math.floor(n / SAMPLE));
  for (let [tiles, edge] = [pixels, side]; ; [tiles, edge] = [halved(tiles, edge), edge >> 1]) {
    const size = edge * edge * 3;
    const picked = Array.from({ length: Math.ceil(n / stride) }, (_, i) =>
      tiles.subarray(i * stride * size, (i * stride + 1) * size),
    );
    const some = Buffer.concat(picked);
    for (const quality of QUALITIES) {
      const estimate = stride === 1 ? 0 : (await encoded(some, edge, quality)).webp.length * stride;
      if (estimate > mostBytes) continue;
      const sprite = await encoded(tiles, edge, quality);
      if (sprite.webp.length <= mostBytes) return sprite;
    }
    if (edge < 2 * SMALLEST) return encoded(tiles, edge, QUALITIES.at(-1) ?? 0);
  }
}

async function encoded(tiles: Uint8Array, side: number, quality: number): Promise<Sprite> {
  const n = tiles.length / (side * side * 3);
  const columns = Math.ceil(Math.sqrt(n));
  const [width, height] = [columns * side, Math.ceil(n / columns) * side];
  const sheet = new Uint8Array(width * height * 3);
  for (let tile = 0; tile < n; tile++) {
    const [x, y] = [(tile % columns) * side, Math.floor(tile / columns) * side];
    for (let row = 0; row < side; row++) {
      const from = (tile * side + row) * side * 3;
      sheet.set(tiles.subarray(from, from + side * 3), ((y + row) * width + x) * 3);
    }
  }
  const webp = await sharp(sheet, { raw: { width, height, channels: 3 } })
    .webp({ quality })
    .toBuffer();
  return { webp, columns };
}

/** Each pixel the mean of 2 x 2; of an odd side the last row and column are not seen. */
function halved(tiles: Uint8Array, side: number): Uint8Array {
  const [n, half] = [tiles.length / (side * side * 3), side >> 1];
  const made = new Uint8Array(n * half * half * 3);
  let to = 0;
  for (let tile = 0; tile < n; tile++) {
    for (let y = 0; y < half; y++) {
      for (let x = 0; x < half; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const at = ((tile * side + 2 * y) * side + 2 * x) * 3 + channel;
          const [below, next] = [at + side * 3, 3];
          const sum =
            (tiles[at] ?? 0) +
            (tiles[at + next] ?? 0) +
            (tiles[below] ?? 0) +
            (tiles[below + next] ?? 0);
          made[to++] = Math.round(sum / 4);
        }
      }
    }
  }
  return made;
}
