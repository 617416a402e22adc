import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { libjpegPixels } from '../../../../src/library/data/decode/libjpeg.js';
import { reducedJpeg } from '../../../../src/library/data/decode/reduced-jpeg.js';
import { turnOf } from '../../../../src/library/data/decode/turn.js';
import { loadTensorFlow } from '../../../../src/tensor/load.js';
import { createRng } from '../../../../src/tensor/rng.js';

const folder = new URL('../../../fixtures/images/', import.meta.url);
const fixture = (name: string): Uint8Array => readFileSync(new URL(name, folder));
const rng = createRng(0);
const below = (count: number): number => Math.floor(count * rng.uniform());

beforeAll(() => {
  loadTensorFlow({ threads: 1 });
});

/** A picture of noise, enlarged so that it has smooth places and edges; RGB. */
async function picture(width: number, height: number, grain: number) {
  const size = { width: Math.ceil(width / grain), height: Math.ceil(height / grain) };
  const noise = Buffer.from(
    Uint8Array.from({ length: 3 * size.width * size.height }, () => below(256)),
  );
  return sharp(noise, { raw: { ...size, channels: 3 } }).resize(width, height, { kernel: 'cubic' });
}

/** @throws Error when libjpeg does not decode it. */
const libjpeg = (bytes: Uint8Array, reduction: 4 | 8) =>
  libjpegPixels(bytes, { reduction, turn: turnOf(1) });

describe("libjpeg's levels", () => {
  const sizes = [
    [1, 1],
    [8, 8],
    [17, 9],
    [1, 40],
    [64, 64],
    [161, 97],
  ] as const;
  const ways = sizes.flatMap(([width, height]) =>
    ([1, 6] as const).flatMap((grain) =>
      ([30, 92, 100] as const).map((quality) => ({ width, height, grain, quality })),
    ),
  );

  it.each(ways)('of $width x $height, grain $grain, quality $quality', async (way) => {
    const image = await picture(way.width, way.height, way.grain);
    const kinds = [
      { chromaSubsampling: '4:2:0' },
      { chromaSubsampling: '4:4:4' },
      { chromaSubsampling: '4:2:0', optimiseCoding: false },
    ];
    const files = [
      ...kinds.map((kind) => image.clone().jpeg({ quality: way.quality, ...kind })),
      image.clone().toColourspace('b-w').jpeg({ quality: way.quality }),
    ];
    for (const file of files) {
      const bytes = await file.toBuffer();
      for (const reduction of [4, 8] as const) {
        expect(reducedJpeg(bytes, reduction)).toEqual(libjpeg(bytes, reduction));
      }
    }
  });

  it.each(['rgb.jpg', 'rgb-444.jpg', 'grey.jpg', 'restarts.jpg'])('of %s', (name) => {
    for (const reduction of [4, 8] as const) {
      const found = reducedJpeg(fixture(name), reduction);
      expect(found).toEqual(libjpeg(fixture(name), reduction));
    }
  });

  it('of a part', async () => {
    const image = await picture(200, 120, 3);
    const bytes = await image.jpeg({ quality: 90 }).toBuffer();
    const part = { rows: { start: 3, length: 20 }, columns: { start: 8, length: 24 } };
    const found = reducedJpeg(bytes, 4, part);
    expect(found).toEqual(libjpegPixels(bytes, { reduction: 4, turn: turnOf(1), part }));
  });
});

describe('what is left to libjpeg', () => {
  it.each([
    'progressive.jpg',
    'rgb-422.jpg',
    'cmyk-adobe.jpg',
    'cmyk-plain.jpg',
    'ycck-adobe.jpg',
    'rgb.png',
  ])('%s', (name) => {
    expect(reducedJpeg(fixture(name), 4)).toBeUndefined();
  });

  it('files whose components are red, green and blue', () => {
    const bytes = Uint8Array.from(fixture('rgb-444.jpg'));
    const jfif = Buffer.from(bytes.buffer).indexOf('JFIF');
    bytes.set(Buffer.from('JUNK'), jfif);
    const frame = Buffer.from(bytes.buffer).indexOf(Buffer.from([0xff, 0xc0]));
    const scan = Buffer.from(bytes.buffer).indexOf(Buffer.from([0xff, 0xda]));
    for (const [index, letter] of [...Buffer.from('RGB')].entries()) {
      bytes[frame + 10 + 3 * index] = letter;
      bytes[scan + 5 + 2 * index] = letter;
    }
    expect(reducedJpeg(bytes, 4)).toBeUndefined();
    expect(libjpeg(bytes, 4).data).not.toEqual(libjpeg(fixture('rgb-444.jpg'), 4).data);
  });

  it.each(['rgb.jpg', 'rgb-444.jpg', 'grey.jpg', 'restarts.jpg'])(
    'what is cut off or comes after the image too early: %s',
    (name) => {
      const whole = fixture(name);
      for (let length = 0; length < whole.length; length += 1 + below(9)) {
        expect(reducedJpeg(whole.subarray(0, length), 4), `${length}`).toBeUndefined();
      }
      const [end, rest] = [whole.subarray(0, -2), whole.subarray(-2)];
      expect(reducedJpeg(Buffer.concat([end, Buffer.of(0x12, 0x34), rest]), 4)).toBeUndefined();
    },
  );

  it('everything that libjpeg refuses, in 3,000 damaged files', () => {
    const files = ['rgb.jpg', 'rgb-444.jpg', 'grey.jpg', 'restarts.jpg'].map(fixture);
    let taken = 0;
    for (let turn = 0; turn < 3000; turn++) {
      const bytes = Uint8Array.from(files[turn % files.length] ?? []);
      // Without the first two it is no JPEG file, which is found before.
      for (let left = below(3); left >= 0; left--) {
        bytes[2 + below(bytes.length - 2)] = below(256);
      }
      if (reducedJpeg(bytes, turn % 2 === 0 ? 4 : 8) === undefined) continue;
      taken++;
      expect(() => libjpeg(bytes, turn % 2 === 0 ? 4 : 8)).not.toThrow();
    }
    expect(taken).toBeGreaterThan(300);
  });
});
