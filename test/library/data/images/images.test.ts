import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { freshFolder } from '../../synthetic.js';
import { makeTar } from './make-tar.js';
import { folderOf, png, read } from './reading.js';

it('reads one image, of one class', async () => {
  expect((await read(await folderOf(['cat/1.png']))).told).toEqual(['cat/1.png train cat']);
});

it('reads names that differ in case alone, and tells classes that do', async () => {
  const { told, remarked } = await read(await folderOf(['Cat/a.png', 'cat/A.PNG', 'cat/a.png']), {
    splits: { train: 1, validation: 0, test: 0 },
  });
  expect(told).toEqual(['Cat/a.png train Cat', 'cat/A.PNG train cat', 'cat/a.png train cat']);
  expect(remarked).toEqual(['the classes Cat and cat differ in case alone']);
});

it('tells classes that differ in how accents are written', async () => {
  const { told, remarked } = await read(await folderOf(['caf\u00e9/a.png', 'cafe\u0301/b.png']));
  expect(told).toHaveLength(2);
  expect(remarked).toEqual([
    'the classes cafe\u0301 and caf\u00e9 differ in how Unicode writes accents alone',
  ]);
});

it('follows links to folders', async () => {
  const root = await folderOf(['cat/1.png']);
  symlinkSync(await folderOf(['2.png']), join(root, 'dog'));
  expect((await read(root)).told).toEqual(['cat/1.png train cat', 'dog/2.png train dog']);
});

it('tells the very same pixels in two splits, in two classes and in one', async () => {
  const names = ['train/a/1.png', 'train/a/2.png', 'train/a/3.png', 'test/b/4.png'];
  const { remarked } = await read(await folderOf(names, (at) => (at === 0 ? 1 : 2)));
  expect(remarked).toEqual([
    '1 class has no image in split `train`: b',
    'a leak: 1 image with the very same pixels in `train` and `test`, 3 times in all (test/b/4.png = train/a/2.png)',
    '1 image with the very same pixels in two classes (test/b/4.png = train/a/2.png)',
  ]);
});

it('names copies in one split, each in one sentence, in one line', async () => {
  const names = ['a/1.png', 'a/2\n.png', 'b/3.png', 'b/4.png', 'c/5.png'];
  const root = await folderOf(names, (at) => (at < 2 ? 1 : 2));
  const { remarked } = await read(root, { splits: { train: 1, validation: 0, test: 0 } });
  expect(remarked).toEqual([
    '1 image with the very same pixels in two classes (b/3.png = c/5.png)',
    '1 image with the very pixels of another image of the same split and class (a/2\\n.png = a/1.png)',
  ]);
});

it('draws files with the very same bytes as one image, whatever their class is', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `${at % 2 ? 'cat' : 'dog'}/${at}.png`);
  const halves = { splits: { train: 0.5, validation: 0, test: 0.5 } };
  const splitsOf = (told: readonly string[]) =>
    new Map(told.map((line) => line.split(' ')).map(([name = '', split]) => [name, split]));
  const before = splitsOf((await read(await folderOf(names), halves)).told);
  const root = await folderOf(names);
  const copied = names
    .slice(0, 20)
    .map((name, at) => [name, `${at % 3 ? name.split('/')[0] : 'zebra'}/z${at}.png`]);
  mkdirSync(join(root, 'zebra'));
  for (const [name = '', copy = ''] of copied) copyFileSync(join(root, name), join(root, copy));
  const { told, remarked } = await read(root, halves);
  const after = splitsOf(told);
  expect(told).toHaveLength(60);
  for (const [name = '', copy = ''] of copied) expect(after.get(copy)).toBe(after.get(name));
  for (const name of names) expect(after.get(name)).toBe(before.get(name));
  expect(new Set(copied.map(([name = '']) => after.get(name)))).toEqual(new Set(['train', 'test']));
  expect(remarked.join()).not.toContain('leak');
});

it('puts a copy of a file whose split is known into that split', async () => {
  const contents = await Promise.all(Array.from({ length: 10 }, (_, at) => png(at)));
  const entries = contents.flatMap((content, at) => [
    { name: `${at}.png`, content },
    { name: `${at}.json`, content: Buffer.from(JSON.stringify({ label: 'a', split: 'test' })) },
    { name: `copy-${at}.png`, content },
    { name: `copy-${at}.json`, content: Buffer.from('{"label": "a"}') },
  ]);
  const path = join(freshFolder(), 'photos.tar');
  writeFileSync(path, makeTar(entries));
  const { told } = await read(path);
  expect(new Set(told.map((line) => line.split(' ')[1]))).toEqual(new Set(['test']));
});

it('reads a list, and tells what it leaves out', async () => {
  const root = await folderOf(['x.png', 'y.png', 'z.png']);
  const list = join(root, 'images.csv');
  writeFileSync(list, 'name,split,class,camera\ny.png,test,dog,old\nx.png,train,cat,new\n');
  const { told, images, remarked } = await read(root, { list });
  expect(told).toEqual(['x.png train cat', 'y.png test dog']);
  expect(images.values).toEqual({ camera: ['new', 'old'], class: ['cat', 'dog'] });
  expect(remarked).toEqual([
    '1 image file is not in `list`: z.png',
    '1 class has no image in split `train`: dog',
  ]);
});

it('tells one class of all images, and classes that nothing learns, where they were hardly meant', async () => {
  const wrapped = await folderOf(['photos/cat/1.png', 'photos/dog/2.png']);
  expect((await read(wrapped)).remarked).toEqual([
    'all images are of one class, photos, the folder around all; if the folders in it are the classes (cat, dog), give `root` the folder photos',
  ]);
  const boxed = await folderOf(['train/images/1.png', 'val/images/2.png']);
  expect((await read(boxed)).remarked).toEqual([
    'all images are of one class, images, as their folder is called: none is known of them',
  ]);
  expect((await read(await folderOf(['cat/2023/1.png', 'cat/2.png']))).remarked).toEqual([]);
  const flat = await folderOf(['1.png', '2.png']);
  const list = join(flat, 'images.csv');
  writeFileSync(list, 'name,label\n1.png,cat\n2.png,dog\n');
  expect((await read(flat, { list })).remarked).toEqual([
    'no image has a class: `label` of the list is an attribute, asked for by `label: "label"`; a column `class` would be its class',
  ]);
  const split = await folderOf(['train/cat/1.png', 'val/cat/2.png', 'val/cow/3.png']);
  expect((await read(split)).remarked).toEqual(['1 class has no image in split `train`: cow']);
});

it('takes bins and previews of file managers and servers for no images', async () => {
  const left = [
    ['@eaDir/1.png/SYNOPHOTO_THUMB_M.png', '.thumbnails/1.png', '.Trash-1000/files/1.png'],
    ['$RECYCLE.BIN/1.png', 'System Volume Information/1.png', 'lost+found/1.png'],
    ['.AppleDouble/1.png', '__MACOSX/cat/1.png', 'cat/@eaDir/1.png', 'cat/#recycle/1.png'],
  ].flat();
  const { told, remarked } = await read(await folderOf(['cat/1.png', 'dog/2.png', ...left]));
  expect(told.map((line) => line.split(' ')[0])).toEqual(['cat/1.png', 'dog/2.png']);
  expect(remarked).toEqual([]);
});

it('reads a list as spreadsheets write it, and tells splits and names that were hardly meant', async () => {
  const root = await folderOf(['a, b.png', 'x.png', 'y\u00e9.png']);
  const list = join(root, 'images.csv');
  writeFileSync(
    list,
    '\ufeffname,split\r\n"a, b.png",trian\r\nx.png,Training\r\ny\u00e9.png,held\r\n',
  );
  const { told, remarked } = await read(root, { list });
  expect(told).toEqual([
    'a, b.png trian unlabelled',
    'x.png train unlabelled',
    'y\u00e9.png held unlabelled',
  ]);
  expect(remarked).toEqual(['1 image of split "trian": was `train` meant?']);
  writeFileSync(list, 'name,split\nX.png,train\nye\u0301.png,train\nx.png,train\nx.png,test\n');
  await expect(read(root, { list })).rejects.toThrow(
    [
      'line 2: there is no image "X.png"; x.png differs in case alone',
      'line 3: there is no image "ye\u0301.png"; y\u00e9.png writes its accents in another way',
      'line 5: x.png stands on line 4 already',
    ].join('\n  '),
  );
});

it('says of a listed file that is no image what it is, and of folders nothing that is not so', async () => {
  const root = await folderOf(['train/cat/1.png', 'val/dog/2.png', 'val/owl/3.png']);
  const list = join(root, 'images.csv');
  writeFileSync(join(root, 'train/cat/phone.heic'), '');
  writeFileSync(list, 'name\ntrain/cat/1.png\nval/dog/2.png\n');
  const { told, remarked } = await read(root, { list });
  expect(told).toEqual(['train/cat/1.png train cat', 'val/dog/2.png validation dog']);
  expect(remarked).toEqual([
    '1 image file is not in `list`: val/owl/3.png',
    '1 file is an image of a format that is not read: train/cat/phone.heic',
    '1 class has no image in split `train`: dog',
  ]);
  writeFileSync(list, 'name\ntrain/cat/phone.heic\nimages.csv\n');
  await expect(read(root, { list })).rejects.toThrow(
    'line 2: train/cat/phone.heic is an image of a format that is not read; JPEG, PNG, WebP, GIF, BMP and TIFF are\n  line 3: images.csv is no image file',
  );
});

it('draws another image of the class for one that is left out', async () => {
  const names = ['cat', 'dog'].flatMap((of) => [0, 1, 2, 3, 4, 5].map((at) => `${of}/${at}.png`));
  const root = await folderOf(names);
  const changed = { splits: { train: 1, validation: 0, test: 0 }, skip: 0.25 };
  const whole = (await read(root, { ...changed, per_class: 3 })).told;
  const [lost = ''] = whole[0]?.split(' ') ?? [];
  writeFileSync(join(root, lost), '');
  const { told, remarked } = await read(root, { ...changed, per_class: 3 });
  expect(told.filter((line) => line.endsWith(' cat'))).toHaveLength(3);
  expect(told.filter((line) => line.endsWith(' dog'))).toHaveLength(3);
  expect(whole.filter((line) => !told.includes(line))).toEqual([`${lost} train cat`]);
  expect(remarked).toEqual([`1 of the 7 image files is left out: 1 is empty (${lost})`]);
  const most = read(root, { ...changed, per_class: 5 });
  expect((await most).told).toHaveLength(10);
  await expect(read(root, { ...changed, per_class: 6 })).rejects.toMatchObject({
    message: '1 class has fewer than 6 images that can be read in split `train`: cat has 5',
    help: expect.stringContaining('`per_class: 5` or less'),
  });
  await expect(read(root, { ...changed, per_class: 9 })).rejects.toMatchObject({
    message:
      '2 classes have fewer than 9 images that can be read in split `train`: cat has 5, dog has 6',
  });
});

it('says what a folder has that has no image', async () => {
  const root = freshFolder();
  await expect(read(root)).rejects.toThrow('has no image file; it has nothing');
  writeFileSync(join(root, 'notes.txt'), '');
  await expect(read(root)).rejects.toThrow('has no image file; it has notes.txt');
});

it('remarks images of 16 bits that use the lower 12 alone', async () => {
  const root = await folderOf(['a.png', 'b.png', 'c.png', 'd.png', 'e.png'].map((n) => `all/${n}`));
  const deep = (most: number) =>
    sharp(
      Uint16Array.from({ length: 64 }, (_, at) => Math.floor((most * at) / 63)),
      {
        raw: { width: 8, height: 8, channels: 1 },
      },
    )
      .toColourspace('grey16')
      .png()
      .toBuffer();
  const levels = { a: 4095, b: 4096, c: 65_535, d: 1023, e: 0 };
  for (const [name, most] of Object.entries(levels)) {
    writeFileSync(join(root, 'all', `${name}.png`), await deep(most));
  }
  expect((await read(root)).remarked).toContain(
    '2 of the 5 image files have 16 bits of which only the lower 12 are used, so that the upper 8, which are taken, show next to nothing (all/a.png, all/d.png)',
  );
});

it('tells a leak between two splits once, whichever comes first', async () => {
  const root = await folderOf(['a.png', 'b.png', 'c.png', 'd.png'], (at) => Math.floor(at / 2));
  const list = join(freshFolder(), 'list.csv');
  writeFileSync(
    list,
    'name,class,split\na.png,x,train\nb.png,x,test\nc.png,x,test\nd.png,x,train\n',
  );
  expect((await read(root, { list })).remarked).toContain(
    'a leak: 2 images with the very same pixels in `train` and `test` (a.png = b.png, c.png = d.png)',
  );
});

it('says of a list without classes which column may be one, wherever the images lie', async () => {
  const root = await folderOf(['data/1.png', 'data/2.png', 'more/3.png']);
  const list = join(freshFolder(), 'list.csv');
  writeFileSync(list, 'name,label\ndata/1.png,cat\ndata/2.png,dog\nmore/3.png,cat\n');
  expect((await read(root, { list })).remarked[0]).toBe(
    'classes are the folders of the images (data, more): `label` of the list is an attribute, asked for by `label: "label"`; a column `class` would be its class',
  );
});

it('tells folders without images where one folder lies around the splits', async () => {
  const root = await folderOf([
    'data/train/cat/1.png',
    'data/train/dog/2.png',
    'data/val/cat/3.png',
  ]);
  mkdirSync(join(root, 'data/train/empty'));
  expect((await read(root)).remarked).toEqual(['1 folder has no image: data/train/empty']);
});

it('draws as many of a class as are asked for where a file is damaged in what a crop leaves out', async () => {
  const splits = { train: 1, validation: 0, test: 0 };
  const root = await folderOf(['cat/1.png', 'cat/2.png', 'cat/3.png']);
  const damaged = async (height: number, damage: readonly number[]) => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 100 * height * 3 }, (_, at) => (at * 7919) % 251),
    );
    const raw = { width: 100, height, channels: 3 } as const;
    const file = await sharp(noise, { raw }).jpeg().toBuffer();
    file.set(damage, Math.floor(0.9 * file.length));
    return file;
  };
  // Of the latter a smaller square needs the rows at the end, a larger one does not.
  for (const [file, fit, size] of [
    [await damaged(400, Array(40).fill(0xff)), 'stretch', 8],
    [await damaged(150, [0xff, 0xc0]), 'cover', 32],
  ] as const) {
    for (const name of ['4.jpg', '5.jpg']) writeFileSync(join(root, 'cat', name), file);
    for (const seed of [0, 1, 2, 3]) {
      const asked = { splits, fit, size, skip: 0.5, per_class: 3, seed };
      expect((await read(root, asked)).told).toHaveLength(3);
    }
  }
});
