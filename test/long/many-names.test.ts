import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { freshFolder } from '../library/synthetic.js';
import { ssp } from '../support/ssp.js';

/** A file has up to 65,000 names on some disks. */
const namesOfFile = 50_000;

it('takes a few images of 200,000 in one folder without decoding the others', async () => {
  const folder = freshFolder();
  const [many, few] = ['many', 'few'].map((name) => join(folder, 'photos', 'train', name));
  for (const path of [many, few]) mkdirSync(path ?? '', { recursive: true });
  const png = (level: number) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: { r: level, g: 9, b: 9 } } })
      .png()
      .toBuffer();
  for (let file = 0; file < 4; file++) {
    const first = join(many ?? '', `${file * namesOfFile}.png`);
    writeFileSync(first, await png(60 * file));
    for (let name = 1; name < namesOfFile; name++) {
      linkSync(first, join(many ?? '', `${file * namesOfFile + name}.png`));
    }
  }
  for (let file = 0; file < 3; file++)
    writeFileSync(join(few ?? '', `${file}.png`), await png(file));
  writeFileSync(
    join(folder, 'names.ssp'),
    'import std.data.images\n\ndataset photos = images(root: file("photos/"), size: 8px, per_class: 3)\n',
  );
  const { code, out, err } = await ssp(folder, ['run', 'names.ssp', '--store', 'store']);
  expect(err + out).toContain('images 6; size 8 px; classes 2; images of a class 3');
  expect(code).toBe(0);
});
