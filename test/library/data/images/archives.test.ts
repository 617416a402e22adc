import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freshFolder } from '../../synthetic.js';
import { makeTar } from './make-tar.js';
import { folderOf, png, read } from './reading.js';

const shardIn =
  (root: string) =>
  async (name: string, level: number, about: readonly [string, string | Buffer][]): Promise<void> =>
    writeFileSync(
      join(root, name),
      makeTar([
        { name: '000.png', content: await png(level) },
        ...about.map(([name, content]) => ({
          name,
          content: typeof content === 'string' ? Buffer.from(content) : content,
        })),
      ]),
    );

it('reads an archive of folders where they lie', async () => {
  const path = join(freshFolder(), 'photos.tar');
  const entries = ['train/cat/1.png', 'val/dog/2.png', 'train/cat/._1.png'];
  const contents = await Promise.all(entries.map((_, at) => png(at)));
  writeFileSync(
    path,
    makeTar(entries.map((name, at) => ({ name, content: contents[at] ?? Buffer.of() }))),
  );
  const { told, images } = await read(path);
  expect(told).toEqual(['train/cat/1.png train cat', 'val/dog/2.png validation dog']);
  expect(images.image(1)[0]).toBe(1);
});

it('reads the archives of webdataset, with classes beside the images', async () => {
  const root = freshFolder();
  const shard = shardIn(root);
  await shard('train-0000.tar', 10, [['000.cls', '7\n']]);
  await shard('train-0001.tar', 11, [['000.json', '{"label": 12, "text": "x"}']]);
  await shard('val-0000.tar', 12, [['000.cls', '12']]);
  const { told, images } = await read(root);
  expect(told).toEqual([
    'train-0000/000.png train 7',
    'train-0001/000.png train 12',
    'val-0000/000.png validation 12',
  ]);
  expect(images.values).toEqual({ class: ['7', '12'] });
  await shard('val-0001.tar', 12, [['000.cls', Buffer.from('M\u00fcller', 'latin1')]]);
  await expect(read(root)).rejects.toThrow('val-0001/000.cls: line 1: the byte FC is not UTF-8');
  await shard('val-0001.tar', 12, []);
  await expect(read(root)).rejects.toThrow('val-0001/000.png has neither .cls nor .json beside it');
});

it('tells samples of webdataset that have several images', async () => {
  const path = join(freshFolder(), 'photos.tar');
  const entries = [0, 1].flatMap((at) => [`s${at}.png`, `s${at}.mask.png`, `s${at}.cls`]);
  const contents = await Promise.all(
    entries.map((name, at) => (name.endsWith('.cls') ? Buffer.from('7') : png(at))),
  );
  writeFileSync(
    path,
    makeTar(entries.map((name, at) => ({ name, content: contents[at] ?? Buffer.of() }))),
  );
  expect((await read(path)).remarked).toEqual([
    '2 samples have several images, of which each is one of the data set: s0.mask.png, s0.png and others; a `list` says which are meant',
  ]);
  const list = join(freshFolder(), 'images.csv');
  writeFileSync(list, 'name\ns0.png\ns1.png\n');
  const { told, remarked } = await read(path, { list });
  expect(told).toEqual(['s0.png train 7', 's1.png train 7']);
  expect(remarked).toEqual(['2 image files are not in `list`: s0.mask.png, s1.mask.png']);
});

it('reads one archive, in a folder or alone, as it reads several', async () => {
  const root = freshFolder();
  await shardIn(root)('val-0002.tar', 1, [['000.cls', 'dog']]);
  writeFileSync(join(root, 'rest.tar.gz'), 'x');
  const { told, remarked } = await read(root);
  expect(told).toEqual(['000.png validation dog']);
  expect(remarked).toEqual(['1 file is an archive that is packed, and not read: rest.tar.gz']);
  expect((await read(join(root, 'val-0002.tar'))).told).toEqual(told);
  const list = join(root, 'images.csv');
  writeFileSync(list, 'name,class\n000.png,cat\n');
  expect((await read(root, { list })).told).toEqual(['000.png validation cat']);
});

it('refuses two images that are called alike, as archives and folders are', async () => {
  const root = freshFolder();
  mkdirSync(join(root, 'a'));
  writeFileSync(join(root, 'a.tar'), makeTar([{ name: 'b/0.png', content: await png(1) }]));
  writeFileSync(join(root, 'a/b.tar'), makeTar([{ name: '0.png', content: await png(2) }]));
  const list = join(freshFolder(), 'images.csv');
  writeFileSync(list, 'name,class\na/b/0.png,cat\n');
  for (const changed of [{}, { list }]) {
    await expect(read(root, changed)).rejects.toThrow(
      'two files are called "a/b/0.png": one in a.tar, one in a/b.tar',
    );
  }
});

it('takes what a list does not say from beside the images, and from how the archives are called', async () => {
  const root = freshFolder();
  await shardIn(root)('photos-train-0000.tar', 1, [['000.cls', 'dog']]);
  await shardIn(root)('photos-val-0000.tar', 2, [
    ['000.json', '{"label": "cat", "split": "test"}'],
  ]);
  const names = ['photos-train-0000/000.png', 'photos-val-0000/000.png'];
  expect((await read(root)).told).toEqual([`${names[0]} train dog`, `${names[1]} test cat`]);
  const list = join(root, 'images.csv');
  writeFileSync(list, `name,camera\n${names.map((name) => `${name},old\n`).join('')}`);
  const { told, images } = await read(root, { list });
  expect(told).toEqual([`${names[0]} train dog`, `${names[1]} test cat`]);
  expect(images.values).toEqual({ camera: ['old'], class: ['cat', 'dog'] });
  writeFileSync(list, `name,split\n${names[0]},held\n`);
  expect((await read(root, { list })).told).toEqual([`${names[0]} held dog`]);
});

it('takes the split of the folder in the archive where nothing beside the image says one', async () => {
  const path = join(freshFolder(), 'photos-train.tar');
  const archiveOf = async (...about: readonly (readonly [name: string, text: string])[]) =>
    writeFileSync(
      path,
      makeTar([
        { name: 'train/000.png', content: await png(1) },
        { name: 'test/001.png', content: await png(2) },
        ...about.map(([name, text]) => ({ name, content: Buffer.from(text) })),
      ]),
    );
  const list = join(freshFolder(), 'images.csv');
  const listWith = (column: string) =>
    writeFileSync(list, `name,${column}\ntest/001.png,cat\ntrain/000.png,dog\n`);
  const expected = ['test/001.png test cat', 'train/000.png train dog'];
  await archiveOf(['train/000.cls', 'dog'], ['test/001.cls', 'cat']);
  expect((await read(path)).told).toEqual(expected);
  for (const column of ['camera', 'class']) {
    listWith(column);
    expect((await read(path, { list })).told).toEqual(expected);
  }
  // What the JSON says holds, also beside a .cls, and where the list says the class.
  await archiveOf(
    ['train/000.cls', 'dog'],
    ['train/000.json', '{"split": " val ", "width": 9}'],
    ['test/001.json', '{"class": " cat "}'],
  );
  const said = ['test/001.png test cat', 'train/000.png validation dog'];
  expect((await read(path)).told).toEqual(said);
  expect((await read(path, { list })).told).toEqual(said);
  await archiveOf(['train/000.cls', 'dog'], ['test/001.json', '{"class": " ", "label": "cat"}']);
  await expect(read(path)).rejects.toThrow('test/001.json has a `class` that is empty');
  await archiveOf(['train/000.cls', 'dog'], ['test/001.json', '{"label": "cat", "split": ""}']);
  await expect(read(path)).rejects.toThrow('test/001.json has a `split` that is empty');
});

it('takes the split of the folder that an archive lies in', async () => {
  const root = freshFolder();
  for (const name of ['train', 'val']) mkdirSync(join(root, name));
  await shardIn(root)('train/000.tar', 1, [['000.cls', 'dog']]);
  await shardIn(root)('val/000.tar', 2, [['000.cls', 'cat']]);
  expect((await read(root)).told).toEqual([
    'train/000/000.png train dog',
    'val/000/000.png validation cat',
  ]);
});

it('tells archives and other data beside images, and folders without images in archives', async () => {
  const root = await folderOf(['cat/1.png']);
  await shardIn(root)('train-0000.tar', 1, []);
  for (const name of ['a.mp4', 'b.heic', 'c.npy', 'README.txt'])
    writeFileSync(join(root, name), '');
  symlinkSync(freshFolder(), join(root, 'dog'));
  for (const name of ['__pycache__', '.git']) mkdirSync(join(root, name));
  expect((await read(root)).remarked).toEqual([
    '1 file is an image of a format that is not read: b.heic',
    '1 archive is not read, as there are images beside it: train-0000.tar',
    '1 file is a video, and not read: a.mp4',
    '1 file of arrays or records is not read: c.npy',
    '1 folder has no image: dog',
  ]);
  const path = join(freshFolder(), 'photos.tar');
  const entries = [
    { name: 'train/cat/1.png', content: await png(1) },
    { name: 'train/dog/', type: '5' },
    { name: 'val/cat/notes.txt' },
    { name: '.git/', type: '5' },
  ];
  writeFileSync(path, makeTar(entries));
  expect((await read(path)).remarked).toEqual(['2 folders have no image: train/dog, val/cat']);
});
