import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { SspError } from '../base/errors.js';

/** One file to take out of a wheel: its path there, and where it goes below the target folder. */
export interface Extraction {
  readonly from: string;
  readonly to: string;
}

/** A file in a wheel: its path, and its size unpacked. */
export interface WheelEntry {
  readonly path: string;
  readonly bytes: number;
}

/**
 * What a wheel holds.
 * @throws SspError `setup-bad-wheel` when the archive cannot be read.
 */
export async function listWheel(wheel: string): Promise<readonly WheelEntry[]> {
  const zip = await openWheel(wheel);
  try {
    const all: WheelEntry[] = [];
    for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
      if (!fileName.endsWith('/')) all.push({ path: fileName, bytes: uncompressedSize });
    }
    return all;
  } finally {
    zip.close();
  }
}

/**
 * Extracts some files of a wheel (a zip archive) as streams; nothing else is written.
 * `onBytes(done, total)` counts uncompressed bytes.
 * @throws SspError `setup-bad-wheel` when the archive cannot be read or lacks a file.
 */
export async function extractWheel(
  wheel: string,
  files: readonly Extraction[],
  folder: string,
  options: {
    onBytes?: (done: number, total: number) => void;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<void> {
  const { onBytes, signal } = options;
  const zip = await openWheel(wheel);
  try {
    const wanted = new Map(files.map(({ from, to }) => [from, to]));
    const entries: yauzl.Entry[] = [];
    for await (const entry of zip.eachEntry()) {
      if (wanted.has(entry.fileName)) entries.push(entry);
    }
    const missing = files.find(({ from }) => !entries.some((entry) => entry.fileName === from));
    if (missing !== undefined) {
      throw new SspError('setup-bad-wheel', `${wheel} does not hold ${missing.from}`, {
        help: 'remove it and run again',
      });
    }
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const entry of entries) {
      const target = join(folder, wanted.get(entry.fileName) ?? entry.fileName);
      await mkdir(dirname(target), { recursive: true });
      const source = await zip.openReadStreamPromise(entry);
      source.on('data', (chunk: Buffer) => {
        done += chunk.length;
        onBytes?.(done, total);
      });
      await pipeline(
        source,
        createWriteStream(target, { highWaterMark: 1 << 20, mode: modeOf(entry) }),
        signal === undefined ? {} : { signal },
      );
    }
  } finally {
    zip.close();
  }
}

function openWheel(wheel: string): Promise<yauzl.ZipFile> {
  return yauzl.openPromise(wheel, { autoClose: false }).catch((cause: unknown) => {
    throw new SspError('setup-bad-wheel', `${wheel} cannot be read as a wheel: ${text(cause)}`, {
      help: 'remove it and run again',
      cause,
    });
  });
}

/** Programs stay programs; archives made elsewhere than on Unix tell no mode. */
const modeOf = (entry: yauzl.Entry): number =>
  (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
