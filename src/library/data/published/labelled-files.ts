import { factsOfReading } from '../../artifact/facts.js';
import type { Item } from '../../artifact/items.js';
import { remarkUntrained } from '../../artifact/untrained.js';
import type { StageContext, StageResult } from '../../stage.js';
import { chooseClasses } from '../choose-items.js';
import { chooseReadable } from '../choose-readable.js';
import type { FilePlace } from '../files/data-file.js';
import { writeDecoded } from '../write-decoded.js';
import type { PublishedSet } from './published-set.js';

/** An image file of a published data set. */
export interface LabelledFile {
  readonly item: Item;
  readonly place: FilePlace;
}

/** How a published data set of image files is to be read. */
export interface ReadFiles {
  readonly size: number;
  readonly fit: 'cover' | 'stretch' | 'contain';
  readonly decode: 'exact' | 'fast';
  readonly classes: string | null;
  readonly per_class: number | null;
  readonly seed: number;
  readonly skip: number | null;
}

/** Writes those images that are chosen; `named` gives all names of a class, as a list may have them. */
export async function writeLabelled(
  set: PublishedSet,
  files: readonly LabelledFile[],
  named: (name: string) => readonly string[],
  params: ReadFiles,
  context: StageContext<unknown>,
): Promise<StageResult> {
  const { size, fit, decode, classes, per_class: perClass, seed, skip } = params;
  const known = new Set(files.map(({ item }) => item.attributes.class ?? ''));
  const kept = chooseClasses([...known].sort(), classes, named);
  const wanted = new Set(kept);
  const listed = files.filter(({ item }) => wanted.has(item.attributes.class ?? ''));
  const items = listed.map(({ item }) => item);
  const places = listed.map(({ place }) => place);
  const how = { fit, decode, background: [255, 255, 255], skip } as const;
  const drawing = { ...how, size, perClass, seed };
  const chosen = await chooseReadable(items, places, drawing, context);
  const written = await writeDecoded(
    {
      size,
      items: chosen.flatMap((index) => items[index] ?? []),
      values: { class: kept },
      sources: [set.source],
    },
    chosen.flatMap((index) => places[index] ?? []),
    how,
    context,
  );
  remarkUntrained(written.about.items, context);
  return { facts: factsOfReading(written) };
}
