import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../../src/base/files/npy.js';
import { decodeImage } from '../../../../src/library/data/decode/decode-image.js';
import type { Decoded, DecodeOptions } from '../../../../src/library/data/decode/decoded.js';
import { loadTensorFlow } from '../../../../src/tensor/load.js';

const folder = new URL('../../../fixtures/images/', import.meta.url);
const fixture = (name: string): Uint8Array => readFileSync(new URL(name, folder));

interface Facts {
  readonly size: number;
  readonly background: readonly [number, number, number];
  readonly fits: readonly DecodeOptions['fit'][];
  readonly images: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
  }[];
}
const facts: Facts = JSON.parse(readFileSync(new URL('pillow.json', folder), 'utf8'));
const pillow = readNpy(new URL('pillow.npy', folder).pathname).data;
const values = facts.size * facts.size * 3;
const options: DecodeOptions = {
  size: facts.size,
  fit: 'cover',
  decode: 'exact',
  background: facts.background,
};

const decoded = (bytes: Uint8Array, more: Partial<DecodeOptions> = {}): Promise<Decoded> =>
  decodeImage(bytes, { ...options, ...more });

/** How far a fixture's pixels are from Pillow's in each fit: the largest and the mean difference, in levels. */
async function distances(image: number, decode: DecodeOptions['decode']) {
  const { file, width, height } = facts.images[image] ?? { file: '' };
  const found: { most: number; mean: number }[] = [];
  for (const [at, fit] of facts.fits.entries()) {
    const square = await decoded(fixture(file), { fit, decode });
    if ('fault' in square) throw new Error(`${file} ${square.fault}`);
    expect(square).toMatchObject({ width, height });
    const from = (image * facts.fits.length + at) * values;
    const apart = Array.from(square.pixels, (level, i) =>
      Math.abs(level - (pillow[from + i] ?? 0)),
    );
    expect(apart).toHaveLength(values);
    found.push({
      most: Math.max(...apart),
      mean: apart.reduce((sum, next) => sum + next) / values,
    });
  }
  return found;
}

const files = facts.images.map(({ file }, image) => ({ file, image }));

beforeAll(() => {
  loadTensorFlow({ threads: 1 });
});

describe("Pillow's pixels", () => {
  it.each(files)('of $file', async ({ file, image }) => {
    // TensorFlow makes light of inks itself, with other rounding than Pillow.
    const inks = /^(cmyk|ycck).*jpg$/.test(file);
    for (const { most, mean } of await distances(image, 'exact')) {
      expect(most).toBeLessThanOrEqual(inks ? 1 : 0);
      expect(mean).toBeLessThan(0.5);
    }
  });

  it.each(files.filter(({ file }) => file.endsWith('.jpg')))(
    'of $file, nearly, when decoding fast',
    async ({ image }) => {
      // These are reduced to 1/2, with colours at a half of that: harder than photographs.
      for (const { mean } of await distances(image, 'fast')) expect(mean).toBeLessThan(3.5);
    },
  );

  it.each(files.filter(({ file }) => !file.endsWith('.jpg')).slice(0, 5))(
    'of $file, the same when decoding fast',
    async ({ file }) => {
      const bytes = fixture(file);
      expect(await decoded(bytes, { decode: 'fast' })).toEqual(await decoded(bytes));
    },
  );
});

describe('what a file is', () => {
  it('is told by its content, whatever its name', async () => {
    // Sources are bytes here: no name is seen at all.
    expect(await decoded(fixture('rgb.png'))).toMatchObject({ width: 53, height: 38 });
  });

  it('is said when it is none', async () => {
    expect(await decoded(new Uint8Array())).toEqual({ fault: 'is empty' });
    const text = await decoded(Buffer.from('hello, I am a text file\n'));
    expect(text).toEqual({ fault: 'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)' });
    expect(await decoded(Buffer.from([0xff]))).toEqual(text);
    expect(await decoded(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toEqual({
      fault: 'is an SVG drawing, which is not read: save it as PNG',
    });
  });

  it('is said when it is a kind of BMP that is not read', async () => {
    const packed = Uint8Array.from(fixture('palette.bmp'));
    packed[30] = 4;
    expect(await decoded(packed)).toEqual({
      fault: 'is a BMP file of a kind that is not read: save it as PNG',
    });
  });

  it.each([
    'rgb.jpg',
    'progressive.jpg',
    'rgb.png',
    'lossy.webp',
    'rgb.bmp',
    'rgb.tiff',
    'lzw.tiff',
  ])('is cut off: %s, wherever', async (name) => {
    const whole = fixture(name);
    for (const share of [0.05, 0.3, 0.6, 0.9]) {
      const part = whole.subarray(0, Math.floor(share * whole.length));
      expect(await decoded(part), `${share}`).toEqual({ fault: 'is cut off' });
    }
  });

  it('is cut off: a GIF within its first frame', async () => {
    const whole = fixture('transparent.gif');
    for (const share of [0.1, 0.5, 0.9]) {
      const part = whole.subarray(0, Math.floor(share * whole.length));
      expect(await decoded(part), `${share}`).toEqual({ fault: 'is cut off' });
    }
  });

  it.each(['rgb.jpg', 'rgb.png', 'lossy.webp'])('is damaged: %s', async (name) => {
    const bytes = Uint8Array.from(fixture(name));
    // Its header says one thing and its body, from the middle on, another.
    bytes.fill(0xff, 40, bytes.length - 14);
    expect(await decoded(bytes)).toEqual({ fault: 'is damaged' });
  });
});

describe('sizes', () => {
  const grey = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: { r: 9, g: 90, b: 200 } } });

  it.each([
    [1, 1],
    [1, 1000],
    [1000, 1],
    [3, 2],
  ])('%i x %i fills the square with its colour', async (width, height) => {
    for (const fit of ['cover', 'stretch'] as const) {
      const square = await decoded(await grey(width, height).png().toBuffer(), { fit });
      if ('fault' in square) throw new Error(square.fault);
      expect(square).toMatchObject({ width, height });
      expect([...new Set(square.pixels)].sort((a, b) => a - b)).toEqual([9, 90, 200]);
    }
  });

  it('contains what is much longer than wide as one line', async () => {
    const square = await decoded(await grey(1, 1000).png().toBuffer(), { fit: 'contain' });
    if ('fault' in square) throw new Error(square.fault);
    const reds = Array.from({ length: 16 }, (_, column) => square.pixels[3 * column]);
    // Pillow puts a line of 1 in the middle of 16 at 8, as it rounds 7.5 to even.
    expect(reds).toEqual(reds.map((_, column) => (column === 8 ? 9 : 200)));
  });

  it('an odd size comes out whole', async () => {
    const square = await decoded(fixture('rgb.jpg'), { size: 17 });
    expect(square).toMatchObject({ pixels: { length: 17 * 17 * 3 } });
  });

  it('a large JPEG is the same at full size and reduced, nearly', async () => {
    const large = await sharp(fixture('rgb.png'))
      .resize(4000, 3000)
      .jpeg({ quality: 80 })
      .toBuffer();
    const [exact, fast] = [await decoded(large), await decoded(large, { decode: 'fast' })];
    if ('fault' in exact || 'fault' in fast) throw new Error('a fault');
    const apart = exact.pixels.map((level, i) => Math.abs(level - (fast.pixels[i] ?? 0)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(3);
  });

  it('no image of more pixels than memory may have to hold', async () => {
    const fault = { fault: 'has more than 178,956,970 pixels, the most that is read' };
    expect(await decoded(pngThatClaims(30_000, 30_000))).toEqual(fault);
    const jpeg = Uint8Array.from(fixture('rgb.jpg'));
    const frame = Buffer.from(jpeg.buffer).indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.set([0xea, 0x60, 0xea, 0x60], frame + 5);
    expect(await decoded(jpeg)).toEqual(fault);
  });
});

/** The beginning of a PNG that says that it is that large. */
function pngThatClaims(width: number, height: number): Uint8Array {
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
