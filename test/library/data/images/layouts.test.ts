import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { splitOfArchive } from '../../../../src/base/files/archive-name.js';
import type { DataFile } from '../../../../src/library/data/files/data-file.js';
import { drawSplits } from '../../../../src/library/data/images/draw-splits.js';
import { inLabelOrder } from '../../../../src/library/data/images/label-order.js';
import { readColour } from '../../../../src/library/data/images/read-colour.js';
import { readList } from '../../../../src/library/data/images/read-list.js';
import { samplesOfFolders } from '../../../../src/library/data/images/samples-of-folders.js';
import { freshFolder } from '../../synthetic.js';

const file = (name: string): DataFile => ({
  name,
  inside: name,
  source: { path: name, start: 0, length: 1 },
});
const silent = { remark: () => {} };
const told = (names: readonly string[]) =>
  samplesOfFolders(names.map(file)).map(({ split, attributes }) => [split, attributes.class]);

it('takes classes from folders, and splits where all are called so', () => {
  expect(told(['cat/1.jpg', 'cat/a/b/2.jpg', 'test/3.jpg'])).toEqual([
    [undefined, 'cat'],
    [undefined, 'cat'],
    [undefined, 'test'],
  ]);
  expect(told(['Train/cat/1.jpg', 'val/dog/x/2.jpg', 'test/cat/3.jpg'])).toEqual([
    ['train', 'cat'],
    ['validation', 'dog'],
    ['test', 'cat'],
  ]);
  expect(told(['train2017/1.jpg', 'val2017/2.jpg'])).toEqual([
    ['train', 'unlabelled'],
    ['validation', 'unlabelled'],
  ]);
  expect(told(['test1/1.jpg', 'test2/2.jpg'])).toEqual([
    [undefined, 'test1'],
    [undefined, 'test2'],
  ]);
  expect(told(['1.jpg', '2.jpg'])).toEqual([
    [undefined, 'unlabelled'],
    [undefined, 'unlabelled'],
  ]);
  expect(told(['train/1.jpg', 'test/2.jpg'])).toEqual([
    ['train', 'unlabelled'],
    ['test', 'unlabelled'],
  ]);
});

it('takes no folder that lies around those of splits for a class', () => {
  expect(told(['photos/train/cat/1.jpg', 'photos/test/dog/2.jpg'])).toEqual([
    ['train', 'cat'],
    ['test', 'dog'],
  ]);
  // One folder around folders of classes may be a class, and one beside it makes it one.
  expect(told(['photos/cat/1.jpg', 'photos/dog/2.jpg'])).toEqual([
    [undefined, 'photos'],
    [undefined, 'photos'],
  ]);
  expect(told(['photos/train/1.jpg', 'more/2.jpg'])).toEqual([
    [undefined, 'photos'],
    [undefined, 'more'],
  ]);
});

it.each([
  ['train-0001.tar', 'train'],
  ['train/val-0002.tar', 'validation'],
  ['imagenet1k-validation-00.tar', 'validation'],
  ['imagenet_train_224px_0001.tar', 'train'],
  ['train-00000-of-00100.tar', 'train'],
  ['coco.train2017.tar', 'train'],
  ['TEST.tar', 'test'],
  ['train-val-0001.tar', undefined],
  ['crash-test-dummies.tar', undefined],
  ['trainval.tar', undefined],
  ['0001.tar', undefined],
  ['train.zip', undefined],
])('knows the split that %s is called after', (name, split) => {
  expect(splitOfArchive(name)).toBe(split);
});

it('refuses folders of which some say one thing and others another', () => {
  expect(() => told(['train/cat/1.jpg', 'more/2.jpg'])).toThrow(
    'the folder train is called as a split is, but more beside it is not',
  );
  expect(() => told(['train/cat/1.jpg', '2.jpg'])).toThrow('but there are images beside it');
  expect(() => told(['cat/1.jpg', '2.jpg'])).toThrow(
    '1 of the 2 images lies in no folder of a class, such as 2.jpg',
  );
});

it('draws splits within classes, so that the shares hold and a file more moves few', () => {
  const names = Array.from({ length: 40 }, (_, c) =>
    Array.from({ length: 4 }, (_, i) => `class ${c}/${i}.jpg`),
  ).flat();
  const shares = { train: 0.8, validation: 0.1, test: 0.1 };
  const splitsOf = (of: readonly string[], seed = 0) =>
    new Map(
      drawSplits(samplesOfFolders(of.map(file)), shares, seed).map(({ file, split }) => [
        file.name,
        split,
      ]),
    );
  const drawn = splitsOf(names);
  const count = (split: string) => [...drawn.values()].filter((of) => of === split).length;
  expect([count('train'), count('validation'), count('test')]).toEqual([128, 16, 16]);
  for (let c = 0; c < 40; c++) {
    const own = names.filter((name) => name.startsWith(`class ${c}/`));
    expect(own.some((name) => drawn.get(name) === 'train')).toBe(true);
  }
  const more = splitsOf([...names, 'class 7/more.jpg']);
  expect(names.filter((name) => drawn.get(name) !== more.get(name)).length).toBeLessThan(6);
  expect(splitsOf(names, 1)).not.toEqual(drawn);
  expect(splitsOf([...names].reverse())).toEqual(drawn);
  expect([...splitsOf(['cat/1.jpg']).values()]).toEqual(['train']);
});

it('draws the shares of a class behind many of one image', () => {
  const alone = Array.from({ length: 1000 }, (_, c) => `a${c}/0.jpg`);
  const zoo = Array.from({ length: 120 }, (_, i) => `zoo/${i}.jpg`);
  const shares = { train: 0.8, validation: 0.1, test: 0.1 };
  const drawn = drawSplits(samplesOfFolders([...alone, ...zoo].map(file)), shares, 0);
  const count = (split: string) =>
    drawn.filter((one) => one.attributes.class === 'zoo' && one.split === split).length;
  expect([count('train'), count('validation'), count('test')]).toEqual([94, 13, 13]);
});

it('refuses a list that leaves it to folders which of them are splits', () => {
  const files = ['train/cat/0.jpg', 'test/cat/1.jpg', 'sample.jpg'].map(file);
  const list = (...lines: readonly string[]) => {
    const path = join(freshFolder(), 'images.csv');
    writeFileSync(path, lines.join('\n'));
    return () => readList(path, files, silent);
  };
  const fault = 'the folder train is called as a split is, but there are images beside it';
  expect(list('name,class', 'train/cat/0.jpg,cat', 'sample.jpg,cat')).toThrow(fault);
  expect(list('name,split', 'train/cat/0.jpg,train', 'sample.jpg,test')).toThrow(fault);
  const said = list('name,class,split', 'train/cat/0.jpg,cat,train', 'sample.jpg,cat,test');
  expect(said().map(({ split }) => split)).toEqual(['test', 'train']);
  const folders = list('name,camera', 'train/cat/0.jpg,old', 'test/cat/1.jpg,new');
  expect(folders().map(({ split }) => split)).toEqual(['test', 'train']);
});

it('keeps splits that are given, and refuses shares that are not the whole', () => {
  const samples = [{ file: file('a.jpg'), split: 'test', attributes: { class: 'a' } }];
  const shares = { train: 0.5, validation: 0.5, test: 0 };
  expect(drawSplits(samples, shares, 0)[0]?.split).toBe('test');
  expect(() => drawSplits(samples, { ...shares, test: 0.1 }, 0)).toThrow(
    'the shares of `splits` are 110 % together',
  );
  expect(() => drawSplits(samples, { train: 0, validation: 0.5, test: 0.5 }, 0)).toThrow(
    'the shares of `splits` give `train` nothing',
  );
});

it('reads splits, classes and attributes from a list', () => {
  const files = ['cat/1.jpg', 'cat/2, b.jpg', 'x.jpg'].map(file);
  const list = (text: string): string => {
    const path = join(freshFolder(), 'images.csv');
    writeFileSync(path, text);
    return path;
  };
  expect(
    readList(
      list('name,split,camera\n"cat/2, b.jpg",test,old\ncat/1.jpg,train,new\n'),
      files,
      silent,
    ),
  ).toMatchObject([
    { file: { name: 'cat/1.jpg' }, split: 'train', attributes: { class: 'cat', camera: 'new' } },
    { file: { name: 'cat/2, b.jpg' }, split: 'test', attributes: { class: 'cat', camera: 'old' } },
  ]);
  expect(readList(list('class,name\ndog,x.jpg\n'), files, silent)).toEqual([
    { file: files[2], attributes: { class: 'dog' } },
  ]);
  expect(() =>
    readList(list('name,class\nx.jpg,\ny.jpg,dog\nx.jpg,dog\nx.jpg,dog\n'), files, silent),
  ).toThrow(
    /is no list of images:\n {2}line 2: x\.jpg has no class\n {2}line 3: there is no image "y\.jpg"\n {2}line 5: x\.jpg stands on line 4 already$/,
  );
  expect(() => readList(list('name,class\nx.jpg," "\n'), files, silent)).toThrow(
    'line 2: x.jpg has no class',
  );
  expect(() => readList(list('file,class\nx.jpg,dog\n'), files, silent)).toThrow('it lacks `name`');
  expect(() => readList(list('Name,class\nx.jpg,dog\n'), files, silent)).toThrow(
    'in small letters',
  );
  expect(() => readList(list('name;class\nx.jpg;dog\n'), files, silent)).toThrow(
    'separated by commas, not by semicolons',
  );
  expect(() => readList(list('name,class\rx.jpg,dog\r'), files, silent)).toThrow(
    'line 1: a line ends with CR alone; expected LF, or CR and LF',
  );
  expect(
    readList(list('name,split\ncat/1.jpg,Val\nx.jpg,held\n'), files, silent).map(
      ({ split }) => split,
    ),
  ).toEqual(['validation', 'held']);
  expect(() => readList(list('name,name\n'), files, silent)).toThrow('the header has "name" twice');
  expect(() => readList(list('name\n'), files, silent)).toThrow('it lists no image');
  expect(() => readList(list('name\nx.jpg,2\n'), files, silent)).toThrow(
    'line 2: 2 fields, but the header has 1',
  );
  expect(
    readList(list('name\n./x.jpg\n.\\cat\\1.jpg\n'), files, silent).map(
      ({ file: { name } }) => name,
    ),
  ).toEqual(['cat/1.jpg', 'x.jpg']);
  expect(() => readList(list('name\nx.jpg\n./x.jpg\n'), files, silent)).toThrow(
    'line 3: x.jpg stands on line 2 already',
  );
  expect(() => readList('/nowhere.csv', files, silent)).toThrow(
    '/nowhere.csv cannot be read: ENOENT',
  );
});

it('says what a list that is none may have meant', () => {
  const files = ['p/cat/1.jpg', 'p/dog/1.jpg', 'p/dog/2.jpg'].map(file);
  const fault = (content: string | Uint8Array): string => {
    const path = join(freshFolder(), 'images.csv');
    writeFileSync(path, content);
    try {
      readList(path, files, silent);
      return 'none';
    } catch (error) {
      return String(error);
    }
  };
  expect(fault('name\n/data/p/cat/1.jpg\n')).toContain(
    '"/data/p/cat/1.jpg"; names are relative to `root`: p/cat/1.jpg',
  );
  expect(fault('name\np/dog/2\n')).toContain('"p/dog/2"; did you mean p/dog/2.jpg?');
  expect(fault('name\n2.jpg\n')).toContain('"2.jpg"; did you mean p/dog/2.jpg?');
  expect(fault('name\n1.jpg\n')).toContain('there are 2 that may be meant, such as p/cat/1.jpg');
  // Else all splits would be drawn at random, and all classes be those of folders.
  expect(fault('name,Split\np/cat/1.jpg,train\n')).toContain(
    'line 1: the header has "Split": write `split`, in small letters',
  );
  expect(fault('name,CLASS\np/cat/1.jpg,a\n')).toContain('write `class`, in small letters');
  expect(fault(',name\n0,p/cat/1.jpg\n')).toContain('not with `index=False`');
  expect(fault(Buffer.from('\ufeffname\np/cat/1.jpg\n', 'utf16le'))).toContain(
    'it is UTF-16; `iconv -f utf-16 -t utf-8` makes UTF-8 of it',
  );
  expect(fault(Buffer.from('name,by\np/cat/1.jpg,M\u00fcller\n', 'latin1'))).toContain(
    'line 2: the byte FC is not UTF-8; `iconv -f latin1 -t utf-8` makes it of Latin 1',
  );
});

it('says what is wrong with a long list in a moment', () => {
  const files = Array.from({ length: 30_000 }, (_, i) => file(`a/${i}.jpg`));
  const path = join(freshFolder(), 'images.csv');
  writeFileSync(path, `name\n${files.map(({ name }) => `photos/${name}x\n`).join('')}`);
  const begun = performance.now();
  expect(() => readList(path, files, silent)).toThrow('and 29990 more');
  expect(performance.now() - begun).toBeLessThan(5000);
});

it('numbers labels by value where all are whole numbers', () => {
  expect(inLabelOrder(new Set(['10', '9', '1']))).toEqual(['1', '9', '10']);
  expect(inLabelOrder(new Set(['b', '10', 'B', '9']))).toEqual(['10', '9', 'B', 'b']);
});

it('reads a colour', () => {
  expect(readColour('#ff8000')).toEqual([255, 128, 0]);
  expect(() => readColour('white')).toThrow('`background` is "white"');
});
