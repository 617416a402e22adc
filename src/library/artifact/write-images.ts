import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { invariant, systemCode } from '../../base/errors.js';
import { writeNpy } from '../../base/files/npy.js';
import type { StageContext } from '../stage.js';
import type { ItemsFile } from './items.js';
import { type Journal, openJournal } from './journal.js';
import { pixelFiles, shardBytes } from './pixel-files.js';
import { sketchOf } from './sketch.js';
import { itemsText, writeItems } from './write-items.js';
import { arePixelsBegun, beginPixels, type PixelFolder, writePixels } from './write-pixels.js';

/** What is said of images beside their pixels. */
export interface ImagesAbout extends ItemsFile {
  /** Height and width in pixels. */
  readonly size: number;
}

/** Square RGB images with labels. */
export interface ImagesContent extends ImagesAbout {
  /** (n, size, size, 3), 0 to 255. */
  readonly pixels: Uint8Array;
}

/** Width and height of an image before it was made square. */
export type Extent = readonly [width: number, height: number];

/** What came of the images that a stage has read. */
export interface Written {
  /** Images of the result. */
  readonly count: number;
  /** How many images are not among them, by the reason. */
  readonly skipped: ReadonlyMap<string, readonly number[]>;
  /** Images of the result of which something was remarked, by what it was. */
  readonly remarked: ReadonlyMap<string, readonly number[]>;
  /** How many images had an extent before, by `500x375`: width and height. */
  readonly extents: ReadonlyMap<string, number>;
  /** What is said of them. */
  readonly about: ImagesAbout;
  /** The sketch of each of them; NaN of those that an earlier attempt has put. */
  readonly sketches: Float64Array;
}

/**
 * Writes any number of images in any order, in little memory. What is written is noted every few
 * seconds: killed at any moment and begun again with the same items, it goes on; the same images give
 * the same bytes, whatever their order was and however often it began.
 */
export interface ImagesWriter {
  /** Places that are neither put nor skipped yet, ascending: all but those that an earlier attempt has done. */
  readonly todo: Int32Array;
  /**
   * Puts the pixels (size, size, 3) of one image, or of several that follow one another. What it gives is
   * to be waited for before they are changed, and before more is put: then the disk has come after.
   */
  put(index: number, pixels: Uint8Array, before?: Extent): Promise<void> | undefined;
  /** Leaves an image out of the result; `reason` is the same text for all that fail in one way. */
  skip(index: number, reason: string): Promise<void> | undefined;
  /** Keeps what is remarked of an image that is put; the same text for all alike. */
  remark(index: number, text: string): void;
  /** Leaves the result in `out`; every image is put or skipped. */
  close(): Promise<Written>;
}

/** Writes `images.npy`, uint8 (n, size, size, 3), and `items.json` into a folder: the same content gives the same bytes. */
export function writeImages(folder: string, { pixels, ...about }: ImagesContent): void {
  const { size, items } = about;
  invariant(
    pixels.length === items.length * size * size * 3,
    `${pixels.length} values are not ${items.length} images of ${size} x ${size} x 3`,
  );
  writeNpy(join(folder, 'images.npy'), { shape: [items.length, size, size, 3], data: pixels });
  writeItems(join(folder, 'items.json'), about);
}

/** Bytes of pixels and milliseconds after which it is noted what is done. */
const noteAfter = { bytes: 2 ** 26, ms: 5000 };

/** A line of the journal: what was done since the one before it. */
interface Note {
  /** Places that are put: the first of each run and the one behind its last. */
  readonly put: readonly Run[];
  readonly skipped: readonly (readonly [index: number, reason: string])[];
  readonly remarked?: readonly (readonly [index: number, text: string])[];
  readonly extents: Readonly<Record<string, number>>;
}

/**
 * Begins images, or goes on with those of an earlier attempt: pixels lie in the stage's `checkpoint`
 * until `close` leaves all in `out`. Up to `bytes` of pixels are in `images.npy`, more in
 * `images-00000.npy` and so on; an image that is skipped leaves a black row, which `rows.npy` passes over.
 */
export function createImages(
  { out, checkpoint }: Pick<StageContext<unknown>, 'out' | 'checkpoint'>,
  about: ImagesAbout,
  bytes = shardBytes,
): ImagesWriter {
  const { size, items } = about;
  const files = pixelFiles(items.length, size, bytes);
  const place = { folder: checkpoint, files, size };
  const journal = openJournalOf(place, about);
  const states = new Uint8Array(items.length); // 0: to do, 1: put, 2: skipped
  const skipped = new Map<string, number[]>();
  const remarked = new Map<string, number[]>();
  const extents = new Map<string, number>();
  const leave = (index: number, reason: string): void => {
    states[index] = 2;
    addPlace(skipped, reason, index);
  };
  for (const note of journal.notes as unknown as readonly Note[]) {
    for (const [from, to] of note.put) states.fill(1, from, to);
    for (const [index, reason] of note.skipped) leave(index, reason);
    for (const [index, text] of note.remarked ?? []) addPlace(remarked, text, index);
    for (const [extent, count] of Object.entries(note.extents)) add(extents, extent, count);
  }
  const todo = placesOf(states, 0);
  const pixels = writePixels(place);
  const length = size * size * 3;
  let fresh = newNote();
  let due = performance.now() + noteAfter.ms;
  let unsafe = 0;
  let noted = Promise.resolve();
  /** Notes what is done when what was noted before is on the platter, which is what it gives. */
  const note = (): Promise<void> => {
    const { put, skipped, remarked, extents } = fresh;
    fresh = newNote();
    due = performance.now() + noteAfter.ms;
    unsafe = 0;
    const before = noted;
    noted = before.then(async () => {
      await pixels.sync();
      journal.note({ put: joined(put), skipped, remarked, extents: Object.fromEntries(extents) });
    });
    // Whoever puts or closes next is told.
    noted.catch(() => {});
    return before;
  };
  const noteIfDue = (): Promise<void> | undefined =>
    unsafe >= noteAfter.bytes || performance.now() >= due ? note() : undefined;
  const sketches = new Float64Array(items.length).fill(Number.NaN);
  return {
    todo,
    put(index, given, before) {
      const count = given.length / length;
      invariant(Number.isInteger(count), `${given.length} values are no images of ${size} px`);
      const sent = pixels.put(index, given);
      let put = 0;
      for (let at = index; at < index + count; at++) {
        if (states[at] === 1) continue;
        states[at] = 1;
        const place = (at - index) * length;
        sketches[at] = sketchOf(given.subarray(place, place + length));
        addRun(fresh.put, at);
        put++;
      }
      if (before !== undefined && put > 0) {
        add(extents, before.join('x'), put);
        add(fresh.extents, before.join('x'), put);
      }
      unsafe += given.length;
      const noted = noteIfDue();
      return sent && noted ? Promise.all([sent, noted]).then(() => {}) : (sent ?? noted);
    },
    skip(index, reason) {
      leave(index, reason);
      fresh.skipped.push([index, reason]);
      return noteIfDue();
    },
    remark(index, text) {
      addPlace(remarked, text, index);
      fresh.remarked.push([index, text]);
    },
    async close() {
      const missing = states.indexOf(0);
      invariant(missing < 0, `image ${missing} of ${items.length} is neither put nor skipped`);
      await note();
      const isWhole = skipped.size === 0;
      const rows = placesOf(states, 1);
      const kept = isWhole
        ? about
        : { ...about, items: items.filter((_, index) => states[index] === 1) };
      // While the last pixels come to the platter.
      writeItems(join(out, 'items.json'), kept);
      if (!isWhole) writeNpy(join(out, 'rows.npy'), { shape: [rows.length], data: rows });
      await noted;
      pixels.close();
      journal.close();
      for (const { name } of files) linkTo(join(checkpoint, name), join(out, name));
      for (const places of [...skipped.values(), ...remarked.values()]) {
        places.sort((a, b) => a - b);
      }
      return {
        count: rows.length,
        skipped: inOrder(skipped),
        remarked: inOrder(remarked),
        extents: inOrder(extents),
        about: kept,
        sketches: isWhole
          ? sketches
          : Float64Array.from(rows, (row) => sketches[row] ?? Number.NaN),
      };
    },
  };
}

/** The journal of the images; where it or the pixels are not those of the same images, both are begun anew. */
function openJournalOf(place: PixelFolder, about: ImagesAbout): Journal {
  const path = join(place.folder, 'images.journal');
  if (!arePixelsBegun(place)) rmSync(path, { force: true });
  const digest = createHash('sha256');
  for (const part of itemsText(about)) digest.update(part);
  const head: Json = {
    images: digest.digest('hex'),
    files: place.files.length,
    size: place.size,
  };
  const journal = openJournal(path, head);
  if (journal.notes.length === 0) beginPixels(place);
  return journal;
}

/** Numbers that follow one another: the first, and the one behind the last. */
type Run = [from: number, to: number];

interface Fresh {
  /** In the order in which they were put. */
  readonly put: Run[];
  readonly skipped: [number, string][];
  readonly remarked: [number, string][];
  readonly extents: Map<string, number>;
}

const newNote = (): Fresh => ({ put: [], skipped: [], remarked: [], extents: new Map() });

function addPlace(places: Map<string, number[]>, text: string, index: number): void {
  const alike = places.get(text);
  if (alike) alike.push(index);
  else places.set(text, [index]);
}

const add = (counts: Map<string, number>, name: string, count = 1): void => {
  counts.set(name, (counts.get(name) ?? 0) + count);
};

const inOrder = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Adds a number to the last run where it follows, and else as a run of its own. */
function addRun(runs: Run[], number: number): void {
  const last = runs.at(-1);
  if (last?.[1] === number) last[1]++;
  else runs.push([number, number + 1]);
}

/** The same numbers in as few runs as there can be, ascending. */
function joined(runs: readonly Run[]): readonly Run[] {
  const found: Run[] = [];
  for (const [from, to] of [...runs].sort(([a], [b]) => a - b)) {
    const last = found.at(-1);
    if (last?.[1] === from) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

/** The places of images that are in a state. */
function placesOf(states: Uint8Array, state: number): Int32Array {
  const places = new Int32Array(states.length);
  let count = 0;
  for (let place = 0; place < states.length; place++) {
    if (states[place] === state) places[count++] = place;
  }
  return places.slice(0, count);
}

/** A second name for a file, so that the first is there until the result is published; where the disk knows none, a copy. */
function linkTo(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    if (systemCode(error) === undefined || systemCode(error) === 'ENOSPC') throw error;
    copyFileSync(path, name);
  }
}
