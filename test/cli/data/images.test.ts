import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { ssp } from '../../support/ssp.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { stageOf, studyOf } from './study-of.js';

/** An image of one colour; `mark` makes it another file. */
const image = (colour: string, mark: number, width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: colour } })
    .composite([
      {
        input: { create: { width: 1 + mark, height: 1, channels: 3, background: '#000000' } },
        left: 20,
        top: 15,
      },
    ])
    .png()
    .toBuffer();

const colours = { 'red cars': '#f01010', grün: '#10f010', blue: '#1010f0' };

async function makePhotos(folder: string, perClass = 10): Promise<void> {
  for (const [name, colour] of Object.entries(colours)) {
    mkdirSync(join(folder, 'photos', name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      writeFileSync(join(folder, 'photos', name, `ein bild ${i}.png`), await image(colour, i));
    }
  }
}

const runIn = (folder: string) => async (call: string) => {
  writeFileSync(join(folder, 'study.ssp'), studyOf('images', call));
  return ssp(folder, ['run', 'study.ssp', '--json', '--keep-going']);
};

it('runs a study on a folder of classes, and tells what is not in it', async () => {
  const folder = temporaryFolder();
  await makePhotos(folder);
  const photos = join(folder, 'photos');
  writeFileSync(join(photos, 'blue', '.DS_Store'), 'Bud1');
  writeFileSync(join(photos, 'Thumbs.db'), 'x');
  writeFileSync(join(photos, 'README.txt'), 'about');
  writeFileSync(join(photos, 'blue', 'phone.heic'), 'x');
  mkdirSync(join(photos, 'empty'));
  // A name that is no UTF-8, with the pixels of another image.
  writeFileSync(
    Buffer.concat([Buffer.from(`${photos}/blue/caf`), Buffer.of(0xe9), Buffer.from('.png')]),
    await image(colours.blue, 3),
  );
  const run = runIn(folder);
  const { out, err } = await run('images(root: file("photos/"), size: 16px)');
  expect(stageOf(out, 'nearest')).toMatchObject({ outcome: 'ran', metrics: { top1: 1 } });
  const { remarks = [] } = stageOf(out, 'data');
  expect(remarks.join('\n')).toContain(
    '1 file is an image of a format that is not read: blue/phone.heic',
  );
  expect(remarks.join('\n')).toContain('1 folder has no image: empty');
  expect(remarks.join('\n')).toMatch(/very (same )?pixels/);
  expect(remarks.join('\n')).not.toMatch(/DS_Store|Thumbs/);
  expect(err).not.toContain('    at ');
}, 60_000);

it('reads the folder that the study and its store lie in, once', async () => {
  const folder = temporaryFolder();
  await makePhotos(folder);
  const within = join(folder, 'photos');
  writeFileSync(join(within, 'study.ssp'), studyOf('images', 'images(".", size: 16px)'));
  // The store of the tests lies elsewhere.
  const run = () => ssp(within, ['run', 'study.ssp', '--json', '--store', '.ssp']);
  const { out, err } = await run();
  expect(stageOf(out, 'nearest'), err).toMatchObject({ outcome: 'ran', metrics: { top1: 1 } });
  expect(existsSync(join(within, 'study.ssp.lock'))).toBe(true);
  expect(stageOf((await run()).out, 'data')).toMatchObject({ outcome: 'hit' });
}, 60_000);

it('counts files that cannot be read, and ends above the share that may be', async () => {
  const folder = temporaryFolder();
  await makePhotos(folder);
  const whole = await image(colours.blue, 30);
  writeFileSync(join(folder, 'photos', 'blue', 'cut.png'), whole.subarray(0, whole.length / 2));
  writeFileSync(join(folder, 'photos', 'blue', 'none.jpg'), '');
  const run = runIn(folder);
  const none = stageOf((await run('images(root: "photos")')).out, 'data');
  expect(none.failure).toMatchObject({
    code: 'unreadable-images',
    message: expect.stringMatching(
      /^2 image files cannot be read:\n {2}blue\/cut\.png .*\n {2}blue\/none\.jpg is empty$/,
    ),
    help: expect.stringContaining('`skip: 7%`'),
  });
  const some = stageOf((await run('images(root: "photos", skip: 7%)')).out, 'data');
  expect(some.outcome).toBe('ran');
  expect(some.remarks?.join('\n')).toMatch(/^2 of the 32 image files are left out: /m);
}, 60_000);
