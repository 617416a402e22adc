import { openSync, read, readSync } from 'node:fs';
import { invariant } from '../../base/errors.js';
import { readSlice } from '../../base/files/file-slices.js';
import { readNpyHeader } from '../../base/files/npy.js';
import type { Artifact } from '../stage.js';
import { badArtifact } from './bad-artifact.js';
import { fileOfRow, type PixelFile, shardName } from './pixel-files.js';

/** Bytes of pixels that are held in memory; of more, rows are read when they are needed. */
const inMemory = 2 ** 28;

/** Rows of pixels, uint8 (size, size, 3) each, in one file or several. */
export interface Pixels {
  /** Height and width. */
  readonly size: number;
  readonly count: number;
  /** The names of the files, as they follow one another. */
  readonly names: readonly string[];
  /** Rows one after another; not to be changed. */
  read(rows: Int32Array): Uint8Array;
  /** The same without waiting for the disk: at once where they are in memory. They are left in `into`, if it is given. */
  fetch(rows: Int32Array, into?: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/** A file of pixels that is read from. */
interface Source extends PixelFile {
  readonly path: string;
  /** Where its data begin. */
  readonly start: number;
  descriptor?: number;
}

/**
 * Opens `images.npy`, or `images-00000.npy` and so on; nothing of the pixels is read yet.
 * @throws SspError `bad-artifact` or `bad-npy` when a file is cut off or is something else.
 */
export function openPixels(artifact: Artifact): Pixels {
  const names = namesOf(artifact);
  const files: Source[] = [];
  let size: number | undefined;
  let count = 0;
  for (const name of names) {
    const path = artifact.file(name);
    const { shape, type, start } = readNpyHeader(path, name);
    const [rows = 0, height = 0] = shape;
    if (type !== 'uint8' || shape.length !== 4 || shape[2] !== height || shape[3] !== 3) {
      throw badArtifact(
        name,
        `holds ${type} of shape (${shape.join(', ')}), not uint8 images of shape (n, size, size, 3)`,
        adviceFor(type, shape),
      );
    }
    if (size !== undefined && height !== size) {
      throw badArtifact(name, `holds images of ${height} px, but ${names[0]} of ${size} px`);
    }
    size = height;
    files.push({ name, path, start, from: count, count: rows });
    count += rows;
  }
  return pixelsIn(files, size ?? 0, count, names);
}

/** One file, or shards as far as they follow one another. */
function namesOf(artifact: Artifact): readonly string[] {
  if (!artifact.has(shardName(0))) return ['images.npy'];
  if (artifact.has('images.npy')) {
    throw badArtifact(
      'images.npy',
      `lies beside ${shardName(0)}`,
      `Leave one file, or shards from ${shardName(0)} on.`,
    );
  }
  const names: string[] = [];
  while (artifact.has(shardName(names.length))) names.push(shardName(names.length));
  return names;
}

function adviceFor(type: string, shape: readonly number[]): string | undefined {
  if (type.startsWith('float'))
    return 'Give numbers from 0 to 255: (255 * x).round().astype("uint8").';
  if (type !== 'uint8') return 'Give numbers from 0 to 255: x.astype("uint8").';
  if (shape.length === 3) return 'Grey images have three equal channels: numpy.stack([x] * 3, -1).';
  if (shape[1] === 3) return 'Channels come last: x.transpose(0, 2, 3, 1).';
  if (shape[3] === 4) return 'Leave the alpha channel out: x[..., :3].';
  return undefined;
}

function pixelsIn(files: Source[], size: number, count: number, names: readonly string[]): Pixels {
  const length = size * size * 3;
  const whole = count * length <= inMemory ? memory(files, length, count) : undefined;
  if (whole) {
    const read = (rows: Int32Array, into?: Uint8Array) => rowsIn(whole(), rows, length, into);
    return { size, count, names, read, fetch: read };
  }
  return {
    size,
    count,
    names,
    read(rows) {
      const into = new Uint8Array(rows.length * length);
      for (const piece of piecesOf(files, rows, length)) readPiece(piece, into);
      return into;
    },
    async fetch(rows, into = new Uint8Array(rows.length * length)) {
      await Promise.all(piecesOf(files, rows, length).map((piece) => fetchPiece(piece, into)));
      return into;
    },
  };
}

/** All pixels, read when they are first asked for. */
function memory(files: readonly Source[], length: number, count: number): () => Uint8Array {
  let all: Uint8Array | undefined;
  return () => {
    if (all) return all;
    all = new Uint8Array(count * length);
    for (const { name, path, start, from, count: rows } of files) {
      const part = all.subarray(from * length, (from + rows) * length);
      if (readSlice(path, start, part) < part.length) throw cutOff(name);
    }
    return all;
  };
}

function rowsIn(
  all: Uint8Array,
  rows: Int32Array,
  length: number,
  given: Uint8Array | undefined,
): Uint8Array {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined && given === undefined) {
    return all.subarray(only * length, (only + 1) * length);
  }
  const into = given ?? new Uint8Array(rows.length * length);
  rows.forEach((row, at) => {
    into.set(all.subarray(row * length, (row + 1) * length), at * length);
  });
  return into;
}

/** Bytes that lie together in a file and in what is read. */
interface Piece {
  readonly file: Source;
  /** In the file. */
  readonly position: number;
  /** In what is read. */
  readonly at: number;
  length: number;
}

function piecesOf(files: readonly Source[], rows: Int32Array, length: number): readonly Piece[] {
  const pieces: Piece[] = [];
  rows.forEach((row, place) => {
    const file = files[fileOfRow(files, row)];
    invariant(file && row >= 0 && row < file.from + file.count, `there is a row ${row} of pixels`);
    const position = file.start + (row - file.from) * length;
    const last = pieces.at(-1);
    if (last?.file === file && position === last.position + last.length) last.length += length;
    else pieces.push({ file, position, at: place * length, length });
  });
  return pieces;
}

/** Files stay open for as long as the process: opening one takes longer than reading a row. */
const descriptorOf = (file: Source): number => {
  file.descriptor ??= openSync(file.path, 'r');
  return file.descriptor;
};

/** Bytes of one call to the system: less than every limit. */
const atOnce = 2 ** 26;

function readPiece({ file, position, at, length }: Piece, into: Uint8Array): void {
  for (let done = 0; done < length; ) {
    const most = Math.min(atOnce, length - done);
    const got = readSync(descriptorOf(file), into, at + done, most, position + done);
    if (got === 0) throw cutOff(file.name);
    done += got;
  }
}

function fetchPiece({ file, position, at, length }: Piece, into: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (done: number): void => {
      const most = Math.min(atOnce, length - done);
      read(descriptorOf(file), into, at + done, most, position + done, (error, got) => {
        if (error) reject(error);
        else if (got === 0) reject(cutOff(file.name));
        else if (done + got < length) next(done + got);
        else resolve();
      });
    };
    next(0);
  });
}

const cutOff = (name: string) => badArtifact(name, 'became shorter while it was read');
