import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Decoded, DecodeOptions } from '../../../../src/library/data/decode/decoded.js';
import type { ImageSource } from '../../../../src/library/data/decode/image-source.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/images/${name}`, import.meta.url));

const options: DecodeOptions = {
  size: 16,
  fit: 'cover',
  decode: 'exact',
  background: [255, 255, 255],
};

// Its processes run from files that are built.
let decodeAll: typeof import('../../../../src/library/data/decode/decode-all.js')['decodeAll'];
beforeAll(async () => {
  const built = new URL('../../../../dist/library/data/decode/decode-all.js', import.meta.url);
  ({ decodeAll } = await import(built.href));
});

async function all(
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
  threads = 1,
): Promise<Decoded[]> {
  const found: Decoded[] = [];
  for await (const image of decodeAll(sources, { ...options, threads })) found.push(image);
  return found;
}

const digest = (images: readonly Decoded[]): string => {
  const hash = createHash('sha256');
  for (const image of images) hash.update('fault' in image ? image.fault : image.pixels);
  return hash.digest('hex');
};

describe('decodeAll', () => {
  it('gives the same bytes with 1, 2 and 4 threads, in the order of the files', async () => {
    const names = ['rgb.jpg', 'rgba.png', 'lossy.webp', 'palette.bmp', 'cmyk-adobe.jpg'];
    const sources = Array.from({ length: 150 }, (_, i) =>
      i % 7 === 3 ? Buffer.from('no image') : fixture(names[i % names.length] ?? ''),
    );
    const one = await all(sources);
    expect(one).toHaveLength(150);
    expect(one[3]).toEqual({ fault: 'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)' });
    expect(one[5]).toEqual(one[0]);
    expect(one[6]).toEqual(one[1]);
    for (const threads of [2, 4]) expect(digest(await all(sources, threads))).toBe(digest(one));
  });

  it('reads files, parts of files and bytes alike', async () => {
    const folder = temporaryFolder();
    const archive = join(folder, 'archive');
    const bytes = readFileSync(fixture('rgb.jpg'));
    writeFileSync(archive, Buffer.concat([Buffer.alloc(700), bytes, Buffer.alloc(700)]));
    const [file, part, memory] = await all([
      fixture('rgb.jpg'),
      { path: archive, start: 700, length: bytes.length },
      bytes,
    ]);
    expect(file).toMatchObject({ width: 53, height: 38 });
    expect(part).toEqual(file);
    expect(memory).toEqual(file);
  });

  it('says of each file what is wrong, and goes on', async () => {
    const folder = temporaryFolder();
    const named = (name: string) => join(folder, name);
    writeFileSync(named('text.jpg'), 'I am no image');
    writeFileSync(named('empty.jpg'), '');
    writeFileSync(named('cut.jpg'), readFileSync(fixture('rgb.jpg')).subarray(0, 900));
    copyFileSync(fixture('rgb.png'), named('really.jpg'));
    const part = { path: fixture('rgb.jpg'), start: 0, length: 10 ** 6 };
    const names = ['text.jpg', 'empty.jpg', 'cut.jpg', 'gone.jpg', 'really.jpg'];
    const found = await all([...names.map(named), folder, part]);
    expect(found.map((image) => ('fault' in image ? image.fault : 'an image'))).toEqual([
      'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)',
      'is empty',
      'is cut off',
      'cannot be read (ENOENT)',
      'an image',
      'cannot be read (EISDIR)',
      'an image',
    ]);
  });

  it('reads no further than it is asked to, and ends its processes when it is left', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<ImageSource> {
      for (;;) {
        taken += 1;
        yield fixture('rgb.jpg');
      }
    }
    let count = 0;
    for await (const _ of decodeAll(endless(), { ...options, threads: 2 })) {
      count += 1;
      if (count === 100) break;
    }
    expect(taken).toBeLessThan(100 + 2 * 48 + 16);
  });

  it('of nothing makes nothing', async () => {
    expect(await all([])).toEqual([]);
  });
});

it('the fixtures stay small', () => {
  expect(statSync(fixture('pillow.npy')).size).toBeLessThan(150_000);
});
