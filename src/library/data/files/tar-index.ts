import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SspError } from '../../../base/errors.js';
import { bytesOfName, textOfName } from '../../../base/files/file-name.js';
import { type ArchiveFile, type ArchiveLink, followLinks, leadsOut } from './tar-links.js';

/** Part of a file: an archive may lie in an archive. */
export interface ArchivePlace {
  readonly path: string;
  readonly start?: number;
  readonly length?: number;
}

const block = 512;

/** What is in an archive. */
export interface ArchiveContents {
  readonly files: readonly ArchiveFile[];
  /** The folders that it has or that its files are in, in the order of their names. */
  readonly folders: readonly string[];
}

/**
 * Where the files of a tar archive lie in it (POSIX ustar and pax, GNU): only their headers are read,
 * and nothing is unpacked. Links are followed. Names are read as bytes, without `./`.
 * @throws SspError `bad-archive` when it is compressed, cut off or something else, or has a file twice or
 * outside, a link to nothing, or what is neither file nor folder.
 */
export const filesOfArchive = (place: ArchivePlace): readonly ArchiveFile[] =>
  contentsOfArchive(place).files;

/** The same, and its folders, also those without a file. */
export function contentsOfArchive({ path, start = 0, length }: ArchivePlace): ArchiveContents {
  const file = openSync(bytesOfName(path), 'r');
  try {
    const end = length === undefined ? fstatSync(file).size : start + length;
    const read = (at: number, bytes: number): Buffer => {
      const into = Buffer.alloc(bytes);
      const count = at + bytes > end ? 0 : readSync(file, into, 0, bytes, at);
      if (count === bytes) return into;
      throw bad(path, `is cut off: a header or its name is missing at byte ${at - start}`);
    };
    const folders = new Set<string>();
    const members = [...walk(path, start, end, read, (name) => folders.add(name))];
    const files = followLinks(members, (found, help) => bad(path, found, help));
    for (const { name } of files) {
      for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
        folders.add(name.slice(0, at));
      }
    }
    const names = new Set<string>();
    const twice = files.find(({ name }) => names.size === names.add(name).size);
    if (twice === undefined) return { files, folders: [...folders].sort() };
    throw bad(
      path,
      `has ${JSON.stringify(twice.name)} twice`,
      'a name stands for one file: `tar -r` adds a second one, so write the archive anew',
    );
  } finally {
    closeSync(file);
  }
}

function* walk(
  path: string,
  start: number,
  end: number,
  read: (at: number, bytes: number) => Buffer,
  onFolder: (name: string) => void,
): Generator<ArchiveFile | ArchiveLink> {
  // What extended headers say of the file that follows them.
  let next: Extended = {};
  for (let at = start; at < end; ) {
    const header = read(at, block);
    if (isZero(header))
      return requireEnd(path, at - start, end - at, (from, bytes) => read(at + from, bytes));
    if (!isHeader(header)) throw bad(path, strange(header, at - start));
    const type = String.fromCharCode(header[156] ?? 0);
    const isExtended = 'xgLK'.includes(type);
    const size = isExtended ? numberAt(header, 124) : (next.size ?? numberAt(header, 124));
    const content = at + block;
    if (content + size > end) {
      throw bad(path, `is cut off: ${next.name ?? nameIn(header)} ends behind its last byte`);
    }
    if (type === 'x') next = { ...next, ...paxOf(read(content, size)) };
    else if (type === 'L') next = { ...next, name: textUntilNul(read(content, size)) };
    else if (type === 'K') next = { ...next, link: textUntilNul(read(content, size)) };
    else if (type !== 'g') {
      const written = next.name ?? nameIn(header);
      const name = plainName(written);
      const link = next.link ?? textUntilNul(header.subarray(157, 257));
      const isSparse = type === 'S' || next.sparse === true;
      if (isSparse || !known.includes(type)) {
        const what = isSparse ? 'a sparse file' : (others[type] ?? `of type ${type}`);
        throw bad(path, `has ${JSON.stringify(name)}, ${what}`, plainly);
      }
      // The oldest archives have a folder as a file whose name ends so.
      const isFile = '0\x007'.includes(type) && !written.endsWith('/');
      if (isFile || type === '1' || type === '2') {
        if (leadsOut(name)) {
          throw bad(path, `has ${JSON.stringify(name)}, a path that leads out of it`, inside);
        }
        if (isFile) yield { name, start: content, length: size };
        else yield { name, to: type === '1' ? plainName(link) : linkedFrom(name, link) };
      }
      const isFolder = !isFile && '0\x0075'.includes(type) && name !== '';
      if (isFolder && !leadsOut(name)) onFolder(name);
      next = {};
    }
    at = content + Math.ceil(size / block) * block;
  }
  throw bad(path, end === start ? 'is empty' : 'is cut off: the zeros at its end are missing');
}

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

/** Bytes behind an archive's last file that are looked at at once. */
const behind = 2 ** 16;

/** @throws SspError `bad-archive` where other archives follow the block of zeros in which one ends. */
function requireEnd(
  path: string,
  at: number,
  length: number,
  read: (from: number, bytes: number) => Buffer,
): void {
  for (let from = 0; from < length; from += behind) {
    if (isZero(read(from, Math.min(behind, length - from)))) continue;
    throw bad(
      path,
      `has more behind its end at byte ${at}`,
      'archives that were written one after another into a file are read as the first alone: join them with `tar -A`',
    );
  }
}

/** What an extended header says of a file in place of its own. */
interface Extended {
  readonly name?: string;
  readonly size?: number;
  readonly link?: string;
  readonly sparse?: true;
}

/** Files, links by name and by path, folders, and labels of GNU's. */
const known = '0\x007125DV';
const others: Readonly<Record<string, string>> = {
  '3': 'a device',
  '4': 'a device',
  '6': 'a named pipe (FIFO)',
  M: 'the rest of a file that begins in another archive',
};
const plainly = 'write it anew: with files and folders alone, and without `--sparse`';

/** The name in the archive that a link by path leads to, as far as `..` do not lead out. */
function linkedFrom(name: string, link: string): string {
  if (link.startsWith('/')) return link;
  const parts: string[] = [];
  for (const part of plainName(`${name.split('/').slice(0, -1).join('/')}/./${link}`).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '') parts.push(part);
  }
  return parts.join('/');
}

const inside = 'write it from within its folder: `tar -cf x.tar -C FOLDER .`';

/** A name without `.` and empty parts. */
const plainName = (name: string): string =>
  name
    .split('/')
    .filter((part, at) => part !== '.' && (part !== '' || at === 0))
    .join('/');

/** The sum of a header's bytes stands in it, with blanks in its own place. */
function isHeader(header: Buffer): boolean {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  return numberAt(header, 148, 8) === sum;
}

/** Octal digits, or big-endian where the first bit is set. */
function numberAt(header: Buffer, at: number, length = 12): number {
  const field = header.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) === 0) {
    return Number.parseInt(field.toString('latin1').replace(/\0.*/s, '').trim() || '0', 8);
  }
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, (field[0] ?? 0) & 0x7f);
}

function nameIn(header: Buffer): string {
  const name = textUntilNul(header.subarray(0, 100));
  const prefix = textUntilNul(header.subarray(345, 500));
  // GNU's own format has times where POSIX has the folder.
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  return isPosix && prefix !== '' ? `${prefix}/${name}` : name;
}

function textUntilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return textOfName(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Records `LENGTH KEY=VALUE\n` of a pax header. */
function paxOf(bytes: Buffer): Extended {
  let found: Extended = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const length = Number.parseInt(bytes.toString('latin1', at, blank), 10);
    if (blank < 0 || !(length > 0)) break;
    const record = bytes.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf(61);
    const key = record.toString('latin1', 0, equals);
    const value = record.subarray(equals + 1);
    if (key === 'path') found = { ...found, name: textOfName(value) };
    if (key === 'linkpath') found = { ...found, link: textOfName(value) };
    if (key === 'size') found = { ...found, size: Number(value.toString('latin1')) };
    if (key.startsWith('GNU.sparse.')) found = { ...found, sparse: true };
    at += length;
  }
  return found;
}

function strange(header: Buffer, at: number): string {
  if (header[0] === 0x1f && header[1] === 0x8b) return 'is compressed (gzip)';
  return at === 0 ? 'is no tar archive' : `is damaged at byte ${at}: no header stands there`;
}

function bad(path: string, found: string, help = adviceFor(found)): SspError {
  return new SspError('bad-archive', `${path} ${found}`, { help });
}

const adviceFor = (found: string): string =>
  /cut off|damaged/.test(found)
    ? 'copy or download it again: its files are read where they lie in it'
    : 'expected a plain .tar: images are read where they lie in it, so a compressed one is to be decompressed first';
