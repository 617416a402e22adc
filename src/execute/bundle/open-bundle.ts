import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { isRelativeName } from '../../base/files/file-name.js';
import { readJson } from '../../base/read-json.js';
import { contentOf } from '../remote/content-of.js';
import { readEntryText } from '../remote/entry-text.js';
import { LONGEST_ENTRY, type Part, type Remote, wholeOf } from '../remote/remote.js';
import { isDigest } from '../store/stored-form.js';
import { MANIFEST, type Manifest, manifestFrom, PLAN, SOURCE } from './manifest.js';

/** A bundle that somebody made: a remote that is only read, and the study that it is of. */
export interface Bundle {
  readonly manifest: Manifest;
  /** Gives an entry when all of its content is in the bundle. */
  readonly remote: Remote;
  /** The names of the files of its source. */
  readonly sources: readonly string[];
  /** The content of one. */
  source(name: string): Promise<Buffer>;
}

/** All that is packed comes to no more, unpacked: text of a study, and records. Bytes. */
const MOST_PACKED = 2 ** 30;
/** The largest file of a source. Bytes. */
const LARGEST_SOURCE = 64 * 2 ** 20;

/**
 * Opens a bundle. Nothing in it is believed: its names have to be those of a bundle, each once; what it
 * unpacks to is bounded before anything is unpacked; and what it gives is checked as of any remote.
 * @throws SspError `bad-bundle` that says what was found.
 */
export async function openBundle(path: string, name = path): Promise<Bundle> {
  const wrong = (what: string): SspError =>
    new SspError('bad-bundle', `${name} is no bundle, or a damaged one: ${what}`, {
      help: 'ask for it again; `ssp bundle FILE -o NAME.sspb` makes one',
    });
  const { size } = statSync(path);
  const zip = await saying(
    (said) => wrong(endInWords(said)),
    () => yauzl.openPromise(path, { autoClose: false }),
  );
  try {
    const entries = await saying(
      (said) => wrong(`the list of what is in it is damaged (${said})`),
      () => indexOf(zip, size, wrong),
    );
    return await bundleOf(zip, entries, { path, name, wrong });
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** What a library says of an archive, as what is wrong with the bundle. */
async function saying<T>(wrong: (said: string) => SspError, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw inWords(wrong, error);
  }
}

function inWords(wrong: (said: string) => SspError, error: unknown): SspError {
  if (error instanceof SspError) return error;
  return wrong(error instanceof Error ? error.message : String(error));
}

/** What is wrong with the end of an archive, from which it is read. */
function endInWords(said: string): string {
  if (said.includes('signature not found')) {
    return 'no archive ends it; it was cut off on the way, or is another file';
  }
  return said.includes('comment length')
    ? 'its archive does not end where the file ends; something was put behind it, or it was changed there'
    : 'the end of its archive is damaged';
}

interface Named {
  readonly path: string;
  readonly name: string;
  readonly wrong: (what: string) => SspError;
}

async function bundleOf(
  zip: yauzl.ZipFile,
  entries: ReadonlyMap<string, yauzl.Entry>,
  { path, name, wrong }: Named,
): Promise<Bundle> {
  const opened = async (entry: yauzl.Entry): Promise<Readable> => {
    const unread = (said: string): SspError =>
      wrong(`${entry.fileName} in it cannot be read (${said})`);
    const stream = await saying(unread, () => zip.openReadStreamPromise(entry));
    return Readable.from(told(stream, unread));
  };
  async function* told(
    stream: Readable,
    unread: (said: string) => SspError,
  ): AsyncGenerator<Buffer> {
    try {
      yield* stream;
    } catch (error) {
      throw inWords(unread, error);
    }
  }
  const bytesOf = async (of: string, most: number): Promise<Buffer> => {
    const entry = entries.get(of);
    if (entry === undefined) throw wrong(`it has no ${of}`);
    const bytes = await wholeOf(await opened(entry), most);
    if (bytes === undefined) throw wrong(`${of} has more than ${most} bytes`);
    return bytes;
  };
  const read = readJson(await bytesOf(MANIFEST, LONGEST_ENTRY));
  const manifest = manifestFrom('value' in read ? (read.value as Json) : undefined);
  if (manifest === undefined) throw wrong(`${MANIFEST} has not the form of one`);
  const sources = [...entries.keys()].flatMap((of) =>
    of.startsWith(SOURCE) ? [of.slice(SOURCE.length)] : [],
  );
  if (!sources.includes(manifest.file)) throw wrong(`it has no ${SOURCE}${manifest.file}`);

  /** Is all content of an entry here? One that is damaged is given, for whoever takes it to say so. */
  const isWhole = async (key: string): Promise<boolean> => {
    const entry = readEntryText((await bytesOf(`ac/${key}`, LONGEST_ENTRY)).toString(), key);
    if ('fault' in entry) return true;
    return contentOf(entry.record).every(({ digest }) => entries.has(`cas/${digest}`));
  };
  const has = async (part: Part, digest: string): Promise<boolean> =>
    entries.has(`${part}/${digest}`) && (part === 'cas' || (await isWhole(digest)));
  const refusePut = async (): Promise<never> => {
    throw new SspError('remote-failed', `${name} is a bundle, which is only read`, {
      help: '`ssp bundle` writes another',
    });
  };
  const remote: Remote = {
    name,
    id: `bundle ${path}`,
    onlyRead: true,
    at: (part, digest) => `${part}/${digest} in ${name}`,
    has,
    get: async (part, digest) => {
      const entry = entries.get(`${part}/${digest}`);
      if (entry === undefined || !(await has(part, digest))) return undefined;
      return opened(entry);
    },
    putIfAbsent: refusePut,
    replace: refusePut,
    list: async (part) => {
      const names = [...entries.keys()].filter((of) => of.startsWith(`${part}/`));
      return names.map((of) => of.slice(part.length + 1));
    },
  };
  return { manifest, remote, sources, source: (of) => bytesOf(`${SOURCE}${of}`, LARGEST_SOURCE) };
}

/** The entries by their names. */
async function indexOf(
  zip: yauzl.ZipFile,
  size: number,
  wrong: (what: string) => SspError,
): Promise<ReadonlyMap<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  let [stored, packed, unpacked] = [0, 0, 0];
  for await (const entry of zip.eachEntry()) {
    const { fileName: name, compressedSize, uncompressedSize, compressionMethod } = entry;
    const shown = JSON.stringify(name.slice(0, 200));
    if (!isName(name)) throw wrong(`it has ${shown}, which is no name of a bundle's`);
    if (entries.has(name)) throw wrong(`it has ${shown} twice`);
    entries.set(name, entry);
    if (compressionMethod === 0) stored += compressedSize;
    else if (name.startsWith('cas/')) throw wrong(`${shown} is packed, which content is not`);
    else {
      packed += compressedSize;
      unpacked += uncompressedSize;
    }
    // Entries that lie over each other would give more than there is.
    if (stored + packed > size) throw wrong(`its entries have more bytes than its ${size}`);
    if (unpacked > MOST_PACKED) throw wrong(`it unpacks to more than ${MOST_PACKED} bytes`);
  }
  return entries;
}

function isName(name: string): boolean {
  if (name === MANIFEST || name === PLAN) return true;
  if (name.startsWith(SOURCE)) return isRelativeName(name.slice(SOURCE.length));
  const [, digest] = /^(?:ac|cas)\/(.*)$/s.exec(name) ?? [];
  return isDigest(digest);
}
