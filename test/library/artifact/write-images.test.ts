import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { remarkLeaks } from '../../../src/library/artifact/leaks.js';
import {
  createImages,
  type Extent,
  type ImagesWriter,
  writeImages,
} from '../../../src/library/artifact/write-images.js';
import { writeItems } from '../../../src/library/artifact/write-items.js';
import { artifactOf, filesOf, freshFolder, pixelsOf } from '../synthetic.js';

const size = 2;
const length = size * size * 3;
const items = Array.from({ length: 23 }, (_, index) => ({
  name: `${index}.png`,
  split: index % 4 === 0 ? 'test' : 'train',
  attributes: { class: index % 2 === 0 ? 'even' : 'odd' },
}));
const about = { size, items, values: { class: ['even', 'odd'] }, sources: [] };
const pixelsAt = (index: number) => new Uint8Array(length).fill(index + 1);
/** Five images of 12 bytes each in a shard. */
const shard = 5 * length;

/** What an attempt does: it puts images, and is killed or ends. */
async function attempt(
  checkpoint: string,
  act: (writer: ImagesWriter, out: string) => Promise<void> | void,
  given = about,
): Promise<string> {
  const out = freshFolder();
  await act(createImages({ out, checkpoint }, given, shard), out);
  return out;
}

async function putAll(writer: ImagesWriter, order = (todo: number[]) => todo): Promise<void> {
  for (const index of order([...writer.todo])) await writer.put(index, pixelsAt(index), [40, 30]);
  await writer.close();
}

/** The content of all files of a folder by name. */
const contentOf = (folder: string) =>
  Object.fromEntries(filesOf(folder).map((name) => [name, readFileSync(join(folder, name))]));

/** As it lies on the disk when an attempt is killed after some images were noted and more were not. */
async function killed(): Promise<string> {
  const checkpoint = freshFolder();
  await attempt(checkpoint, async (writer) => {
    for (const index of [3, 4, 5, 11]) await writer.put(index, pixelsAt(index), [40, 30]);
    await writer.skip(7, 'cut off');
    writer.remark(11, 'is faint');
    noteNow(() => writer.put(12, pixelsAt(12), [50, 30]));
    await writer.put(20, pixelsAt(20), [50, 30]);
    // It is noted while more is put.
    const notes = () => readFileSync(join(checkpoint, 'images.journal'), 'utf8').split('\n').length;
    await expect.poll(notes).toBe(3);
  });
  return checkpoint;
}

/** Does something when the time to note has come. */
function noteNow(act: () => void): void {
  const { now } = performance;
  performance.now = () => now.call(performance) + 10_000;
  act();
  performance.now = now;
}

it('gives the same bytes for any order, in one file and in shards', async () => {
  const inOrder = await attempt(freshFolder(), (writer) => putAll(writer));
  const backwards = await attempt(freshFolder(), (writer) =>
    putAll(writer, (todo) => todo.reverse()),
  );
  expect(filesOf(inOrder)).toEqual([
    ...[0, 1, 2, 3, 4].map((number) => `images-0000${number}.npy`),
    'items.json',
  ]);
  expect(contentOf(backwards)).toEqual(contentOf(inOrder));
  const pixels = Uint8Array.from(items.flatMap((_, index) => [...pixelsAt(index)]));
  expect(pixelsOf(openImages(artifactOf(inOrder, 'Images')))).toEqual(pixels);
  const few = { ...about, items: items.slice(0, 5) };
  const [one, whole] = [
    await attempt(freshFolder(), (writer) => putAll(writer), few),
    freshFolder(),
  ];
  writeImages(whole, { ...few, pixels: pixels.subarray(0, shard) });
  expect(contentOf(one)).toEqual(contentOf(whole));
});

it('goes on after it was killed, to the same bytes', async () => {
  const through = (checkpoint: string) =>
    attempt(checkpoint, async (writer) => {
      if (writer.todo.includes(7)) await writer.skip(7, 'cut off');
      for (const index of writer.todo) {
        const extent: Extent = index === 12 ? [50, 30] : [40, 30];
        if (index === 11) writer.remark(index, 'is faint');
        if (index !== 7) await writer.put(index, pixelsAt(index), extent);
      }
      const { count, skipped, remarked, extents } = await writer.close();
      expect([count, [...skipped], [...remarked], [...extents]]).toEqual([
        22,
        [['cut off', [7]]],
        [['is faint', [11]]],
        [
          ['40x30', 21],
          ['50x30', 1],
        ],
      ]);
    });
  const whole = contentOf(await through(freshFolder()));
  const checkpoint = await killed();
  await attempt(checkpoint, (writer) => {
    expect([...writer.todo]).toEqual(
      [...items.keys()].filter((index) => ![3, 4, 5, 7, 11, 12].includes(index)),
    );
  });
  expect(contentOf(await through(checkpoint))).toEqual(whole);
  // Killed again before the result was published: nothing is to do.
  await attempt(checkpoint, (writer) => expect(writer.todo.length).toBe(0));
  expect(contentOf(await through(checkpoint))).toEqual(whole);
});

it('tells copies of images that an earlier attempt has put', async () => {
  const remarked: string[] = [];
  await attempt(await killed(), async (writer, out) => {
    for (const index of writer.todo) {
      // Image 3 is there already, and of split `train`.
      await writer.put(index, pixelsAt(index === 20 ? 3 : index));
    }
    const written = await writer.close();
    remarkLeaks(written, { out, remark: (text) => remarked.push(text) });
  });
  expect(remarked).toEqual([
    'a leak: 1 image with the very same pixels in `train` and `test` (3.png = 20.png)',
    '1 image with the very same pixels in two classes (3.png = 20.png)',
  ]);
});

it('passes over what was skipped', async () => {
  const out = await attempt(freshFolder(), async (writer) => {
    for (const index of writer.todo) {
      if (index % 3 === 0) await writer.skip(index, 'no image');
      else await writer.put(index, pixelsAt(index));
    }
    expect((await writer.close()).skipped.get('no image')).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
  });
  const images = openImages(artifactOf(out, 'Images'));
  const kept = [...items.keys()].filter((index) => index % 3 !== 0);
  expect(images.items).toEqual(kept.map((index) => items[index]));
  expect([...pixelsOf(images)]).toEqual(kept.flatMap((index) => [...pixelsAt(index)]));
});

it('begins anew where the checkpoint is of other images, or is not whole', async () => {
  const journal = (folder: string) => join(folder, 'images.journal');
  const spoil: [number, (folder: string) => void][] = [
    [23, (folder) => rmSync(join(folder, 'images-00003.npy'))],
    [23, (folder) => truncateSync(join(folder, 'images-00000.npy'), 150)],
    [23, (folder) => writeFileSync(join(folder, 'images-00001.npy'), new Uint8Array(128 + shard))],
    [23, (folder) => rmSync(journal(folder))],
    [23, (folder) => writeFileSync(journal(folder), '')],
    // The line that was being written when it was killed.
    [17, (folder) => appendFileSync(journal(folder), '{"put":[[0,2')],
    [17, (folder) => appendFileSync(journal(folder), new Uint8Array(100))],
  ];
  const expected = contentOf(await attempt(freshFolder(), (writer) => putAll(writer)));
  const before = await killed();
  const firstLine = readFileSync(journal(before), 'utf8').split('\n')[0];
  spoil.push([23, (folder) => truncateSync(journal(folder), firstLine?.length ?? 0)]);
  for (const [todo, change] of spoil) {
    const folder = freshFolder();
    cpSync(before, folder, { recursive: true });
    change(folder);
    const out = await attempt(folder, async (writer) => {
      expect(writer.todo.length).toBe(todo);
      for (const index of items.keys()) await writer.put(index, pixelsAt(index));
      await writer.close();
    });
    if (todo === 23) expect(contentOf(out)).toEqual(expected);
  }
  const other = { ...about, items: items.map((item) => ({ ...item, split: 'train' })) };
  await attempt(before, (writer) => expect(writer.todo.length).toBe(23), other);
});

it('says of each item what JSON does, whatever it shares with others', () => {
  const shared = { class: 'b "c"', artist: 'é' };
  const named = ['a/1.png', 'a "b".png', 'é\n.png', '\udcff.png', '\\'].flatMap((name) => [
    { name, split: 'train', attributes: shared },
    { name: `${name}2`, split: 'te"st', attributes: shared },
    { name: `${name}3`, split: 'train', attributes: { class: 'x', artist: 'y' } },
  ]);
  const folder = freshFolder();
  writeItems(join(folder, 'items.json'), { items: named, values: {}, sources: [] });
  const text = readFileSync(join(folder, 'items.json'), 'utf8');
  expect(text.split('\n').slice(3, -2)).toEqual(
    named.map(({ name, split, attributes: { artist, class: label } }, at) => {
      const line = JSON.stringify({ name, split, attributes: { artist, class: label } });
      return at < named.length - 1 ? `${line},` : line;
    }),
  );
});

it('brings many pixels to the disk beside what goes on', async () => {
  const large = { ...about, size: 128, items: items.slice(0, 22) };
  const pixels = (seed: number) =>
    Uint8Array.from({ length: 11 * 49_152 }, (_, at) => (at * 31 + seed) & 255);
  const [out, checkpoint] = [freshFolder(), freshFolder()];
  // Two shards, of 15 and 7 images.
  const writer = createImages({ out, checkpoint }, large, 15 * 49_152);
  const first = writer.put(0, pixels(0));
  await Promise.all([first, writer.put(11, pixels(7))]);
  expect((await writer.close()).count).toBe(22);
  const whole = pixelsOf(openImages(artifactOf(out, 'Images')));
  expect(Buffer.from(whole).equals(Buffer.concat([pixels(0), pixels(7)]))).toBe(true);
});

it('writes no result of which an image is missing', async () => {
  const out = await attempt(freshFolder(), async (writer) => {
    for (const index of writer.todo.slice(1)) await writer.put(index, pixelsAt(index));
    await expect(writer.close()).rejects.toThrow('image 0 of 23 is neither put nor skipped');
  });
  expect(filesOf(out)).toEqual([]);
});
