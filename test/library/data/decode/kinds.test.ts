import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../src/library/data/decode/decode-image.js';
import type { Decoded } from '../../../../src/library/data/decode/decoded.js';
import { loadTensorFlow } from '../../../../src/tensor/load.js';
import { makeBmp } from './make-bmp.js';
import { makeTiff } from './make-tiff.js';

beforeAll(() => loadTensorFlow({ threads: 1 }));

const [width, height] = [6, 4];
const background = [200, 120, 40] as const;
/** Red, green, blue and one more, 8 bits each, of pixel after pixel. */
const samples = Array.from({ length: width * height }, (_, i) => [
  (i * 37) % 256,
  (i * 91) % 256,
  255 - ((i * 53) % 256),
  (i * 11) % 256,
]);
const decoded = (bytes: Uint8Array): Promise<Decoded> =>
  decodeImage(bytes, { size: 4, fit: 'stretch', decode: 'exact', background });

/** What pixels with so many samples are as PNG. */
async function asPng(pixels: readonly (readonly number[])[]): Promise<Decoded> {
  const channels = pixels[0]?.length === 4 ? 4 : pixels[0]?.length === 1 ? 1 : 3;
  const raw = { width, height, channels } as const;
  return decoded(await sharp(Uint8Array.from(pixels.flat()), { raw }).png().toBuffer());
}
const rgb = () => asPng(samples.map((of) => of.slice(0, 3)));

describe('BMP files', () => {
  /** Rows from the bottom up, of pixels of so many bytes, each filled to four. */
  const rowsOf = (bytesOf: (pixel: readonly number[]) => readonly number[]): Buffer =>
    Buffer.concat(
      Array.from({ length: height }, (_, y) => {
        const row = samples.slice((height - 1 - y) * width, (height - y) * width).flatMap(bytesOf);
        return Buffer.from([...row, ...Array((4 - (row.length % 4)) % 4).fill(0)]);
      }),
    );
  const bgr = rowsOf(([r = 0, g = 0, b = 0]) => [b, g, r]);
  const bgra = rowsOf(([r = 0, g = 0, b = 0, a = 0]) => [b, g, r, a]);
  const size = { width, height };

  it('of OS/2', async () => {
    expect(await decoded(makeBmp({ ...size, bits: 24, header: 12 }, bgr))).toEqual(await rgb());
  });

  it('of 32 bits with masks, alpha where they say so', async () => {
    const masks = [0xff0000, 0xff00, 0xff];
    const file = makeBmp({ ...size, bits: 32, packing: 3, masks }, bgra);
    expect(await decoded(file)).toEqual(await rgb());
    const alpha = makeBmp(
      { ...size, bits: 32, packing: 3, header: 124, masks: [...masks, 0xff000000] },
      bgra,
    );
    expect(await decoded(alpha)).toEqual(await asPng(samples));
  });

  it('of 16 bits, of which 5 or 6 are a colour', async () => {
    const level = (value: number, bits: number): number =>
      Math.floor((255 * (value >> (8 - bits))) / (2 ** bits - 1));
    for (const [green, masks] of [
      [6, [0xf800, 0x07e0, 0x001f]],
      [5, []],
    ] as const) {
      const rows = rowsOf(([r = 0, g = 0, b = 0]) => {
        const pixel = ((r >> 3) << (5 + green)) | ((g >> (8 - green)) << 5) | (b >> 3);
        return [pixel & 255, pixel >> 8];
      });
      const packing = masks.length > 0 ? 3 : 0;
      const file = makeBmp({ ...size, bits: 16, packing, masks }, rows);
      const expected = samples.map(([r = 0, g = 0, b = 0]) => [
        level(r, 5),
        level(g, green),
        level(b, 5),
      ]);
      expect(await decoded(file)).toEqual(await asPng(expected));
    }
  });

  it('packed in runs, of 8 and of 4 bits', async () => {
    const palette = Buffer.from(
      samples.slice(0, 16).flatMap(([r = 0, g = 0, b = 0]) => [b, g, r, 0]),
    );
    const index = (x: number, y: number): number => (x < 3 ? y : (x + y) % 16);
    const colours = Array.from({ length: width * height }, (_, i) =>
      (samples[index(i % width, Math.floor(i / width))] ?? []).slice(0, 3),
    );
    const packed = (bits: 8 | 4): Buffer =>
      Buffer.from(
        [3, 2, 1, 0].flatMap((y) => {
          // A run of three, three as they are, and the end of the row.
          const [a, b, c] = [index(3, y), index(4, y), index(5, y)];
          return bits === 8
            ? [3, y, 0, 3, a, b, c, 0, 0, 0]
            : [3, y * 17, 0, 3, a * 16 + b, c * 16, 0, 0];
        }),
      );
    for (const [bits, packing] of [
      [8, 1],
      [4, 2],
    ] as const) {
      const rows = Buffer.concat([packed(bits), Buffer.of(0, 1)]);
      const file = makeBmp({ ...size, bits, packing }, rows, palette);
      expect(await decoded(file)).toEqual(await asPng(colours));
      expect(await decoded(file.subarray(0, -8))).toEqual({ fault: 'is cut off' });
    }
  });
});

describe('TIFF files', () => {
  const size = { width, height };

  it('of near infrared beside the colours: no alpha', async () => {
    const file = makeTiff(
      { ...size, bits: 8, samples: 4, photometric: 2, extra: [0] },
      Uint8Array.from(samples.flat()),
    );
    expect(await decoded(file)).toEqual(await rgb());
    const alpha = makeTiff(
      { ...size, bits: 8, samples: 4, photometric: 2, extra: [2] },
      Uint8Array.from(samples.flat()),
    );
    expect(await decoded(alpha)).toEqual(await asPng(samples));
    const five = makeTiff(
      { ...size, bits: 8, samples: 5, photometric: 2, extra: [0, 0] },
      Uint8Array.from(samples.flatMap((of) => [...of, 7])),
    );
    expect(await decoded(five)).toEqual(await rgb());
  });

  it('of inks with 16 bits as with 8', async () => {
    const inks = (bits: 8 | 16, pixels: readonly number[]) =>
      decoded(makeTiff({ ...size, bits, samples: 4, photometric: 5 }, Uint8Array.from(pixels)));
    const deep = samples.flat().flatMap((level) => [level ^ 0x5a, level]);
    expect(await inks(16, deep)).toEqual(await inks(8, samples.flat()));
  });

  it.each([
    ['floating-point numbers', { bits: 32, format: 3, samples: 1, photometric: 1 }],
    ['signed numbers', { bits: 16, format: 2, samples: 1, photometric: 1 }],
    ['32 bits', { bits: 32, samples: 1, photometric: 1 }],
    ['colours that are not read', { bits: 8, samples: 3, photometric: 8 }],
    [
      '4 channels that are said to be no colours',
      { bits: 8, samples: 4, photometric: 1, extra: [0, 0, 0] },
    ],
  ])('of %s are no levels', async (what, tiff) => {
    const bytes = new Uint8Array(width * height * tiff.samples * (tiff.bits / 8)).fill(60);
    const found = await decoded(makeTiff({ ...size, ...tiff }, bytes));
    expect(found).toEqual({ fault: expect.stringContaining(`is a TIFF file of ${what}`) });
  });

  it('that are whole and not read are not cut off', async () => {
    const file = makeTiff(
      { ...size, bits: 8, samples: 1, photometric: 1, compression: 50_000 },
      new Uint8Array(width * height),
    );
    expect(await decoded(file)).toEqual({
      fault: 'is damaged, or a TIFF file of a kind that is not read',
    });
    expect(await decoded(file.subarray(0, -3))).toEqual({ fault: 'is cut off' });
  });
});

it('is the background where the first frame of a GIF is not', async () => {
  const whole = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#0000ff' } })
    .gif()
    .toBuffer();
  const file = Buffer.from(whole);
  file.writeUInt16LE(8, 6);
  const frame = file.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 4, 0, 4, 0]));
  file.writeUInt16LE(4, frame + 1);
  const square = await decodeImage(file, { size: 4, fit: 'inside', decode: 'exact', background });
  if ('fault' in square) throw new Error(square.fault);
  expect(square).toMatchObject({ width: 8, height: 4 });
  expect([...square.pixels.subarray(0, 3)]).toEqual([...background]);
  expect([...square.pixels.subarray(9, 12)]).toEqual([0, 0, 255]);
});

it.each([
  ['\0\0\0\x18ftypheic', 'is a HEIC image, which is not read: save it as JPEG or PNG'],
  ['\0\0\0\x1cftypavif', 'is an AVIF image, which is not read: save it as JPEG or PNG'],
  ['%PDF-1.7\n', 'is a PDF file, not an image'],
  [
    'version https://git-lfs.github.com/spec/v1\n',
    'is a pointer of Git LFS, not the image: `git lfs pull` fetches it',
  ],
  ['\n<!DOCTYPE html>\n<html>', 'is a page of HTML, not an image: what was downloaded was no file'],
  ['\x1f\x8b\x08\0', 'is a packed file, not an image'],
  ['\0\0\0\0\0\0', 'is nothing but zeros: it was not written to its end'],
  ['{"error": "not found"}', 'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)'],
])('says what a file is that begins as %j', async (text, fault) => {
  expect(await decoded(Buffer.from(text, 'latin1'))).toEqual({ fault });
});
