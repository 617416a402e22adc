import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { filesOfArchive } from '../../../../src/library/data/files/tar-index.js';
import { freshFolder } from '../../synthetic.js';
import { makeTar, type TarEntry } from './make-tar.js';

function written(bytes: Uint8Array): string {
  const path = join(freshFolder(), 'a.tar');
  writeFileSync(path, bytes);
  return path;
}

const archive = (entries: readonly TarEntry[]) => written(makeTar(entries));
const long = `cat/${'very '.repeat(30)}long.jpg`;

it('finds files where they lie, with long, strange and plain names', () => {
  const content = Buffer.from('x'.repeat(700));
  const bytes = makeTar([
    { name: './', type: '5' },
    { name: './cat/1.jpg', content },
    { name: long, content, long: 'gnu' },
    { name: `${long}2`, content, long: 'pax' },
    { name: 'folder/of/posix.jpg', content: Buffer.of(1), long: 'prefix' },
    { name: Buffer.from([0x63, 0xe9, 0x2f, 0x61]) },
  ]);
  const path = written(bytes);
  const files = filesOfArchive({ path });
  expect(files.map(({ name }) => name)).toEqual([
    'cat/1.jpg',
    long,
    `${long}2`,
    'folder/of/posix.jpg',
    'c\udce9/a',
  ]);
  for (const { start, length } of files.slice(0, 3)) {
    expect(bytes.subarray(start, start + length)).toEqual(content);
  }
});

it('follows links to files and folders of the archive', () => {
  const named = (...links: readonly TarEntry[]) =>
    filesOfArchive({
      path: archive([
        { name: 'old/', type: '\0' },
        { name: 'later.jpg', type: '2', to: './old/1.jpg' },
        { name: './old/1.jpg', content: Buffer.of(1) },
        { name: long, content: Buffer.of(2), long: 'gnu' },
        ...links,
      ]),
    });
  const files = named(
    { name: 'cat/2.jpg', type: '1', to: './old/1.jpg' },
    { name: 'cat/3.jpg', type: '2', to: '../later.jpg' },
    { name: 'cat/4.jpg', type: '1', to: long },
    { name: 'new', type: '2', to: 'old/' },
  );
  expect(files.map(({ name }) => name)).toEqual([
    ...['later.jpg', 'old/1.jpg', long],
    ...['cat/2.jpg', 'cat/3.jpg', 'cat/4.jpg', 'new/1.jpg'],
  ]);
  const starts = files.map(({ start }) => start);
  expect(starts).toEqual([1, 1, 2, 1, 1, 2, 1].map((at) => starts[at]));
  expect(
    named(
      { name: 'by', type: '2', to: 'old' },
      { name: 'cat/5.jpg', type: '2', to: '../by/1.jpg' },
    ).map(({ name }) => name),
  ).toEqual(['later.jpg', 'old/1.jpg', long, 'by/1.jpg', 'cat/5.jpg']);
  const link = (to: string) => () => named({ name: 'cat/x', type: '2', to });
  expect(link('2.jpg')).toThrow('has "cat/x", a link to "cat/2.jpg", which is not in it');
  expect(link('../../2.jpg')).toThrow('has "cat/x", a link to "../2.jpg" outside of it');
  expect(link('/etc/2.jpg')).toThrow('has "cat/x", a link to "/etc/2.jpg" outside of it');
  expect(link('x')).toThrow('has "cat/x", a link that leads to itself');
  expect(link('../cat')).toThrow('a link that leads to itself');
});

it('refuses what is neither file nor folder', () => {
  const typed = (type: string) => () =>
    filesOfArchive({ path: archive([{ name: 'a.jpg', type }]) });
  expect(typed('S')).toThrow('has "a.jpg", a sparse file');
  expect(typed('6')).toThrow('has "a.jpg", a named pipe (FIFO)');
  expect(typed('M')).toThrow('the rest of a file that begins in another archive');
  expect(typed('Z')).toThrow('has "a.jpg", of type Z');
});

it('finds files of an archive in an archive', () => {
  const inner = makeTar([{ name: 'n01.jpg', content: Buffer.from('inner') }]);
  const outer = makeTar([{ name: 'n01.tar', content: inner }]);
  const path = written(outer);
  const [one] = filesOfArchive({ path });
  const [file] = filesOfArchive({ path, ...one });
  const { name, start = 0, length = 0 } = file ?? {};
  expect([name, outer.toString('utf8', start, start + length)]).toEqual(['n01.jpg', 'inner']);
});

it('says what is wrong with an archive', () => {
  const whole = makeTar([
    { name: 'a.jpg', content: Buffer.alloc(600, 1) },
    { name: 'b.jpg', content: Buffer.alloc(600, 2) },
  ]);
  const reading = (bytes: Uint8Array) => () => filesOfArchive({ path: written(bytes) });
  expect(reading(whole.subarray(0, 2000))).toThrow('is cut off: a header or its name is missing');
  expect(reading(whole.subarray(0, 2100))).toThrow('is cut off: b.jpg ends behind its last byte');
  // Between two files, as if there were no more.
  expect(reading(whole.subarray(0, 1536))).toThrow('is cut off: the zeros at its end are missing');
  expect(reading(Buffer.alloc(0))).toThrow('is empty');
  expect(reading(Buffer.concat([whole, whole]))).toThrow('has more behind its end');
  expect(reading(gzipSync(whole, { level: 0 }))).toThrow('is compressed (gzip)');
  expect(reading(Buffer.alloc(600, 'no tar'))).toThrow('is no tar archive');
  whole[1536] = 7;
  expect(reading(whole)).toThrow('is damaged at byte 1536: no header stands there');
  expect(filesOfArchive({ path: archive([]) })).toEqual([]);
});

it('refuses a name that stands twice in an archive, or leads out of it', () => {
  const named = (...names: readonly string[]) =>
    filesOfArchive({
      path: archive(names.map((name, at) => ({ name, content: Buffer.of(at) }))),
    });
  expect(named('./cat//./1.jpg').map(({ name }) => name)).toEqual(['cat/1.jpg']);
  expect(() => named('cat/1.jpg', 'dog/1.jpg', './cat/1.jpg')).toThrow(
    /a\.tar has "cat\/1\.jpg" twice$/,
  );
  expect(() => named('../cat/1.jpg')).toThrow('has "../cat/1.jpg", a path that leads out of it');
  expect(() => named('/etc/1.jpg')).toThrow('has "/etc/1.jpg", a path that leads out of it');
});
