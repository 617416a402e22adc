import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SspError } from '../../../src/base/errors.js';
import { layOutSource } from '../../../src/execute/bundle/lay-out-source.js';
import { openBundle } from '../../../src/execute/bundle/open-bundle.js';
import { writeBundle } from '../../../src/execute/bundle/write-bundle.js';
import { entryText } from '../../../src/execute/remote/entry-text.js';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { Store } from '../../../src/execute/store/store.js';
import { folder } from '../lab.js';
import { entryOf, sha256 } from '../remote/contract.js';
import { type HostileEntry, hostileZip } from './hostile-zip.js';

const content = Buffer.from('content');
const record = entryOf(1, { a: content });
const manifest = Buffer.from('{"version": 1, "file": "s.ssp", "set": {}}');
const sound: readonly HostileEntry[] = [
  { name: 'bundle.json', data: manifest },
  { name: 'source/s.ssp', data: Buffer.from('let a = 1\n') },
  { name: `ac/${record.key}`, data: Buffer.from(entryText(record)) },
  { name: `cas/${sha256(content)}`, data: content },
];

/** A home with files of the user, around the folder where somebody opens a bundle. */
function home() {
  const at = folder();
  for (const name of ['home', 'home/work', 'home/.ssh']) mkdirSync(join(at, name));
  writeFileSync(join(at, 'home/thesis.tex'), 'precious');
  writeFileSync(join(at, 'home/work/mine.txt'), 'precious too');
  const outside = () =>
    readdirSync(at, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/^home\/work\/(x|store)(\/|$)|\.sspb$/.test(name))
      .map((name) => {
        const found = lstatSync(join(at, name));
        return [name, found.mode, found.isFile() ? readFileSync(join(at, name), 'utf8') : ''];
      });
  return { at, outside, before: outside() };
}

/** Does all that `run --from` does with a bundle; what it says of it, or how it ended. */
async function used(bytes: Buffer) {
  const { at, outside, before } = home();
  const path = join(at, 'x.sspb');
  writeFileSync(path, bytes);
  const store = new Store(join(at, 'home/work/store'));
  let ended: unknown = 'laid out';
  try {
    const bundle = await openBundle(path);
    for (const key of (await bundle.remote.list('ac')) ?? [])
      await fetchEntry(bundle.remote, store, key);
    await layOutSource(bundle, join(at, 'home/work/x'));
  } catch (error) {
    ended = error;
  }
  expect(outside()).toEqual(before);
  if (ended !== 'laid out' && !(ended instanceof SspError)) throw ended;
  for (const name of readdirSync(join(at, 'home/work'), { recursive: true, encoding: 'utf8' })) {
    expect(lstatSync(join(at, 'home/work', name)).isSymbolicLink()).toBe(false);
  }
  return { ended, store, at };
}

it('lays a sound bundle out, and has its results', async () => {
  const { ended, store, at } = await used(hostileZip(sound, Buffer.from('<!doctype html>')));
  expect(ended).toBe('laid out');
  expect(store.find(record.key).kind).toBe('hit');
  expect(readdirSync(join(at, 'home/work/x'))).toEqual(['s.ssp']);
});

const bomb = Buffer.alloc(50 << 20);

it.each<[string, RegExp, readonly HostileEntry[]]>([
  ['a name that leads out', /\.\.\/evil/, [{ name: 'source/../../evil', data: content }]],
  ['an absolute name', /absolute path/, [{ name: '/etc/evil', data: content }]],
  ['a name of no part', /"evil", which is no name/, [{ name: 'evil', data: content }]],
  [
    'a name with a backslash',
    /invalid relative path/,
    [{ name: 'source\\..\\..\\evil', data: content }],
  ],
  ['a folder', /"source\/a\/", which is no name/, [{ name: 'source/a/', data: Buffer.alloc(0) }]],
  ['a name twice', /twice/, [{ name: 'source/s.ssp', data: content }]],
  [
    'content that is packed',
    /is packed, which content is not/,
    [{ name: `cas/${'a'.repeat(64)}`, data: bomb, packed: true }],
  ],
  [
    'a size that is not true',
    /more bytes than its|not enough bytes|too many bytes|invalid|mismatch/,
    [{ name: 'source/b', data: content, packed: true, size: 3 }],
  ],
  [
    'entries over each other',
    /more bytes than its/,
    Array.from({ length: 60 }, (_, n) => ({
      name: `source/b${n}`,
      data: Buffer.alloc(5000),
      over: true,
      size: 5000,
    })),
  ],
  [
    'what unpacks to far more',
    /unpacks to more than/,
    Array.from({ length: 30 }, (_, n) => ({
      name: `source/b${n}`,
      data: bomb.subarray(0, 1 << 20),
      packed: true,
      size: 40 << 20,
    })),
  ],
])('refuses a bundle with %s', async (_, why, more) => {
  const { ended } = await used(hostileZip([...sound, ...more]));
  expect(ended).toMatchObject({ code: 'bad-bundle', message: expect.stringMatching(why) });
});

it.each<[string, readonly HostileEntry[]]>([
  ['no manifest', sound.slice(1)],
  ['no study', sound.filter(({ name }) => name !== 'source/s.ssp')],
  [
    'a manifest that is none',
    [{ name: 'bundle.json', data: Buffer.from('[]') }, ...sound.slice(1)],
  ],
  [
    'a study that leads out',
    [
      { name: 'bundle.json', data: Buffer.from('{"version":1,"file":"../s.ssp","set":{}}') },
      ...sound.slice(1),
    ],
  ],
])('refuses a bundle with %s', async (_, entries) => {
  expect((await used(hostileZip(entries))).ended).toMatchObject({ code: 'bad-bundle' });
});

it('makes a file of what says to be a link', async () => {
  const link = { name: 'source/link', data: Buffer.from('/etc/passwd'), mode: 0o120777 };
  const { at } = await used(hostileZip([...sound, link]));
  expect(readFileSync(join(at, 'home/work/x/link'), 'utf8')).toBe('/etc/passwd');
});

it('writes into no folder that is there, nor through a link in its place', async () => {
  const { at, outside } = home();
  const path = join(at, 'x.sspb');
  writeFileSync(path, hostileZip(sound));
  symlinkSync(join(at, 'home'), join(at, 'home/work/y'));
  const before = outside();
  const bundle = await openBundle(path);
  await expect(layOutSource(bundle, join(at, 'home/work/y'))).rejects.toMatchObject({
    code: 'in-the-way',
  });
  expect(outside()).toEqual(before);
});

it('refuses a file in the place of a folder', async () => {
  const both = ['source/a', 'source/a/b'].map((name) => ({ name, data: content }));
  expect((await used(hostileZip([...sound, ...both]))).ended).toBeInstanceOf(SspError);
});

it('writes nothing outside, whatever a bundle is made of', async () => {
  const hex = fc.constantFrom('a'.repeat(64), record.key, sha256(content));
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    's.ssp',
    '.ssp',
    '~',
    'C:',
    '\\',
    '\0',
    'a\n',
    '-rf',
    'ü',
    'x'.repeat(300),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  const name = fc.oneof(
    path,
    path.map((one) => `source/${one}`),
    fc.tuple(fc.constantFrom('ac', 'cas'), fc.oneof(hex, path)).map((both) => both.join('/')),
  );
  const entry = fc.record(
    {
      name,
      data: fc.oneof(
        fc.uint8Array({ maxLength: 50 }).map(Buffer.from),
        fc.constant(Buffer.from(entryText(record))),
      ),
      packed: fc.boolean(),
      size: fc.oneof(fc.nat(100), fc.constant(0xffffffff)),
      mode: fc.constantFrom(0o120777, 0o100644, 0o040755, 0o010644),
      over: fc.boolean(),
    },
    { requiredKeys: ['name', 'data'] },
  );
  const property = fc.asyncProperty(
    fc.array(entry as fc.Arbitrary<HostileEntry>, { maxLength: 4 }),
    fc.subarray([...sound], { minLength: 2 }),
    async (more, some) => void (await used(hostileZip([...some, ...more]))),
  );
  await fc.assert(property, { seed: 1, numRuns: 300 });
});

it('writes nothing outside, wherever a bundle is damaged', async () => {
  const at = folder();
  const store = new Store(join(at, 'store'));
  store.prepare();
  store.replace(store.blobPath(sha256(content)), content.toString());
  const path = join(at, 'good.sspb');
  await writeBundle(path, store, {
    page: '<!doctype html><body></body></html>',
    manifest: { version: 1, file: 's.ssp', set: {} },
    plan: {},
    sources: new Map([['s.ssp', Buffer.from('let a = 1\n')]]),
    records: [record],
    largest: 100,
  });
  const good = readFileSync(path);
  expect((await used(good)).ended).toBe('laid out');
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 3,
  });
  const property = fc.asyncProperty(
    damage,
    fc.nat(good.length),
    fc.boolean(),
    async (flips, cut, isCut) => {
      const bytes = Buffer.from(good);
      for (const [where, value] of flips) bytes[where] = value;
      await used(isCut ? bytes.subarray(0, cut) : bytes);
    },
  );
  await fc.assert(property, { seed: 2, numRuns: 300 });
});
