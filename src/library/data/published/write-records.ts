import { invariant } from '../../../base/errors.js';
import { factsOfReading } from '../../artifact/facts.js';
import { openImages } from '../../artifact/images.js';
import type { Item } from '../../artifact/items.js';
import { remarkLeaks } from '../../artifact/leaks.js';
import { leftIn } from '../../artifact/left-in.js';
import { createImages } from '../../artifact/write-images.js';
import type { StageContext, StageResult } from '../../stage.js';
import { type Choice, chooseClasses, chooseItems } from '../choose-items.js';
import { decodeAll } from '../decode/decode-all.js';
import { bitmapOf } from './bitmap.js';
import type { PublishedSet } from './published-set.js';
import { copyPixels, lengthOf, type RecordFile, readRecords } from './record-file.js';

/** A data set in files of records. */
export interface RecordSet {
  readonly set: PublishedSet;
  /** What stands in the files, one after another: an item for each record. */
  readonly files: readonly { readonly file: RecordFile; readonly items: readonly Item[] }[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Of the first file, split `train`, these records alone. */
  readonly fold?: ReadonlySet<number> | undefined;
}

/** Writes those images of a data set that are chosen; those of another size are resized as image files are. */
export async function writeRecords(
  { set, files, values, fold }: RecordSet,
  { size, ...choice }: Choice & { readonly size: number },
  context: StageContext<unknown>,
): Promise<StageResult> {
  const classes = new Set(chooseClasses(values.class ?? [], choice.classes));
  const all = files.flatMap(({ items }) => items);
  const listed = [...all.keys()].filter((index) => {
    const { split, attributes } = all[index] ?? {};
    return (
      classes.has(attributes?.class ?? '') && (split !== 'train' || fold?.has(index) !== false)
    );
  });
  const of = listed.flatMap((index) => all[index] ?? []);
  const chosen = chooseItems(of, choice.perClass, choice.seed).map((place) => listed[place] ?? -1);
  const writer = createImages(context, {
    size,
    items: chosen.flatMap((index) => all[index] ?? []),
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
  for await (const image of own === size ? pixels : resized(pixels, own, size, context.threads)) {
    writer.put(todo[next] ?? -1, image, [own, own]);
    next++;
    if (next % 1000 === 0 || next === todo.length) {
      context.progress({ unit: 'image', done: next, total: todo.length });
    }
  }
  const written = writer.close();
  remarkLeaks(openImages(leftIn(context.out, 'Images')), context);
  return { facts: factsOfReading(written) };
}

/** Pixels of the records at some places among all, ascending. */
async function* pixelsAt(
  places: readonly number[],
  files: readonly RecordFile[],
): AsyncGenerator<Uint8Array> {
  let [before, next] = [0, 0];
  for (const file of files) {
    const { form, records } = file;
    const length = lengthOf(form);
    for await (const { first, bytes } of readRecords(file)) {
      const from = before + first;
      const end = from + bytes.length / length;
      for (let place = places[next]; place !== undefined && place < end; place = places[next]) {
        const pixels = new Uint8Array(3 * form.size ** 2);
        copyPixels(bytes.subarray((place - from) * length), form, pixels);
        yield pixels;
        next++;
      }
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
    for await (const pixels of images) yield bitmapOf(pixels, from);
  }
  const background = [0, 0, 0] as const;
  const options = { size: to, fit: 'stretch', decode: 'exact', background, threads } as const;
  for await (const decoded of decodeAll(bitmaps(), options)) {
    invariant('pixels' in decoded, 'a bitmap made here can be decoded');
    yield decoded.pixels;
  }
}
