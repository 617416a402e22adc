import { invariant } from '../../../base/errors.js';
import { factsOfReading } from '../../artifact/facts.js';
import type { Item } from '../../artifact/items.js';
import { remarkLeaks } from '../../artifact/leaks.js';
import { remarkUntrained } from '../../artifact/untrained.js';
import { createImages } from '../../artifact/write-images.js';
import type { StageContext, StageResult } from '../../stage.js';
import { type Choice, chooseClasses, chooseItems } from '../choose-items.js';
import { decodeAll } from '../decode/decode-all.js';
import { bitmapOf } from './bitmap.js';
import { pixelsOf, recordRooms } from './interleave.js';
import type { PublishedSet } from './published-set.js';
import { lengthOf, type RecordFile, readRecords } from './record-file.js';

/** A data set in files of records. */
export interface RecordSet {
  readonly set: PublishedSet;
  /** What stands in the files, one after another: an item for each record. */
  readonly files: readonly { readonly file: RecordFile; readonly items: readonly Item[] }[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Of the first file, split `train`, these records alone. */
  readonly fold?: ReadonlySet<number> | undefined;
  /** Waited for before the images are left. */
  readonly checked: Promise<void>;
}

/** Writes those images of a data set that are chosen; those of another size are resized as image files are. */
export async function writeRecords(
  { set, files, values, fold, checked }: RecordSet,
  { size, ...choice }: Choice & { readonly size: number },
  context: StageContext<unknown>,
): Promise<StageResult> {
  const classes = new Set(chooseClasses(values.class ?? [], choice.classes));
  const all = files.flatMap(({ items }) => items);
  const listed = placesWhere(
    all,
    ({ split, attributes }, place) =>
      classes.has(attributes.class ?? '') && (split !== 'train' || fold?.has(place) !== false),
  );
  const chosen = chooseItems(itemsAt(all, listed), choice.perClass, choice.seed).map(
    (place) => listed[place] ?? -1,
  );
  const writer = createImages(context, {
    size,
    items: itemsAt(all, chosen),
    values: { ...values, class: (values.class ?? []).filter((name) => classes.has(name)) },
    sources: [set.source],
  });
  const { todo } = writer;
  const own = files[0]?.file.form.size ?? size;
  const pixels = pixelsAt(
    Array.from(todo, (place) => chosen[place] ?? -1),
    files.map(({ file }) => file),
  );
  let next = 0;
  let sent: Promise<void> | undefined;
  let isRefused = false;
  checked.catch(() => {
    isRefused = true;
  });
  const length = 3 * size ** 2;
  for await (const block of own === size ? pixels : resized(pixels, own, size, context.threads)) {
    if (isRefused) break;
    const end = next + block.length / length;
    for (let from = next; from < end; ) {
      // What an earlier attempt has put lies between.
      let to = from + 1;
      while (to < end && todo[to] === (todo[to - 1] ?? -1) + 1) to++;
      const some = block.subarray((from - next) * length, (to - next) * length);
      // Those before were being written while these were read.
      await sent;
      sent = writer.put(todo[from] ?? -1, some, [own, own]);
      from = to;
    }
    const told = Math.floor(end / 1000) > Math.floor(next / 1000);
    next = end;
    if (told || next === todo.length) {
      context.progress({ unit: 'image', done: next, total: todo.length });
    }
  }
  await Promise.all([sent, checked]);
  const written = await writer.close();
  remarkLeaks(written, context);
  remarkUntrained(written.about.items, context);
  return { facts: factsOfReading(written) };
}

function placesWhere(
  items: readonly Item[],
  isTaken: (item: Item, place: number) => boolean,
): readonly number[] {
  const found: number[] = [];
  items.forEach((item, place) => {
    if (isTaken(item, place)) found.push(place);
  });
  return found;
}

function itemsAt(items: readonly Item[], places: readonly number[]): readonly Item[] {
  const found: Item[] = [];
  for (const place of places) {
    const item = items[place];
    if (item) found.push(item);
  }
  return found;
}

/**
 * Pixels of the records at some places among all, ascending: those of several in one block, which holds
 * until the next but one.
 */
async function* pixelsAt(
  places: readonly number[],
  files: readonly RecordFile[],
): AsyncGenerator<Uint8Array> {
  let [before, next] = [0, 0];
  const rooms = recordRooms();
  for (const file of files) {
    const { form, records } = file;
    const length = lengthOf(form);
    for await (const { first, bytes } of readRecords(file, rooms)) {
      const from = before + first;
      const count = bytes.length / length;
      const taken: number[] = [];
      for (let place = places[next]; place !== undefined && place < from + count; ) {
        taken.push(place - from);
        next++;
        place = places[next];
      }
      if (taken.length > 0) yield pixelsOf(bytes, form, taken);
    }
    before += records;
  }
}

async function* resized(
  images: AsyncIterable<Uint8Array>,
  from: number,
  to: number,
  threads: number,
): AsyncGenerator<Uint8Array> {
  async function* bitmaps() {
    for await (const block of images) {
      const length = 3 * from ** 2;
      for (let at = 0; at < block.length; at += length) {
        yield bitmapOf(block.subarray(at, at + length), from);
      }
    }
  }
  const background = [0, 0, 0] as const;
  const options = { size: to, fit: 'stretch', decode: 'exact', background, threads } as const;
  for await (const decoded of decodeAll(bitmaps(), options)) {
    invariant('pixels' in decoded, 'a bitmap made here can be decoded');
    yield decoded.pixels;
  }
}
