import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../../src/library/artifact/images.js';
import { artifactOf, contextOf, freshFolder } from '../../synthetic.js';
import { makeTar } from './make-tar.js';

// The processes that decode are started from the build.
let run: typeof import('../../../../src/library/data/images.js')['run'];
beforeAll(async () => {
  const built = new URL('../../../../dist/library/data/images.js', import.meta.url);
  run = (await import(built.href)).run;
});

const png = (level: number) =>
  sharp({ create: { width: 9, height: 9, channels: 3, background: { r: level, g: 0, b: 0 } } })
    .png()
    .toBuffer();

async function folderOf(names: readonly string[], level: (at: number) => number = (at) => at) {
  const root = freshFolder();
  for (const [at, name] of names.entries()) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), await png(level(at)));
  }
  return root;
}

async function read(root: string, changed: Partial<Parameters<typeof run>[0]['params']> = {}) {
  const params: Parameters<typeof run>[0]['params'] = {
    root,
    size: 8,
    fit: 'cover',
    decode: 'exact',
    background: '#ffffff',
    list: null,
    splits: { train: 0.8, validation: 0.1, test: 0.1 },
    classes: null,
    per_class: null,
    skip: 0,
    seed: 0,
    ...changed,
  };
  const context = contextOf(params);
  await run(context);
  const images = openImages(artifactOf(context.out, 'Images'));
  const told = images.items.map(
    ({ name, split, attributes }) => `${name} ${split} ${attributes.class}`,
  );
  return { images, told, remarked: context.remarked };
}

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
  const noise = Buffer.from(
    Uint8Array.from({ length: 100 * 400 * 3 }, (_, at) => (at * 7919) % 251),
  );
  const tall = await sharp(noise, { raw: { width: 100, height: 400, channels: 3 } })
    .jpeg()
    .toBuffer();
  tall.fill(0xff, Math.floor(0.9 * tall.length), Math.floor(0.9 * tall.length) + 40);
  for (const name of ['4.jpg', '5.jpg']) writeFileSync(join(root, 'cat', name), tall);
  for (const seed of [0, 1, 2, 3]) {
    const asked = { splits, fit: 'stretch', skip: 0.5, per_class: 3, seed } as const;
    expect((await read(root, asked)).told).toHaveLength(3);
  }
});
