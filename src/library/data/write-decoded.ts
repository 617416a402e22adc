import { counted, saidOf, verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { oneLine } from '../../base/plain-text.js';
import { remarkLeaks } from '../artifact/leaks.js';
import { createImages, type ImagesAbout, type Written } from '../artifact/write-images.js';
import type { StageContext } from '../stage.js';
import { decodeAll } from './decode/decode-all.js';
import type { DecodedImage, DecodeOptions } from './decode/decoded.js';
import type { FilePlace } from './files/data-file.js';

/** What becomes of files that cannot be read. */
export interface Skipping {
  /** The share of the files that may be left out; null where none may be, and no parameter says so. */
  readonly skip: number | null;
}

/** Files that are named when there are too many. */
const named = 10;

/**
 * Decodes image files, one for each item, on all threads, and leaves the images in `out`; goes on where an earlier
 * attempt ended. Files that cannot be read are left out, and remarked by reason; so are images of which there is
 * something to say, and leaks between splits.
 * `look` sees each image that could be read, and says what is wrong with it where something is.
 * @throws SspError `same-name` before anything is decoded; `unreadable-images` that lists the first ten when they are more than the share `skip`.
 */
export async function writeDecoded(
  about: ImagesAbout,
  files: readonly FilePlace[],
  options: Omit<DecodeOptions, 'size'> & Skipping,
  context: StageContext<unknown>,
  look?: (index: number, image: DecodedImage) => string | undefined,
): Promise<Written> {
  const { skip, ...how } = options;
  const { items, size } = about;
  refuseSameNames(items, files);
  const writer = createImages(context, about);
  const { todo } = writer;
  const sources = Array.from(todo, (index) => files[index] ?? { path: '', start: 0, length: 0 });
  let done = items.length - todo.length;
  let place = 0;
  for await (const decoded of decodeAll(sources, { ...how, size, threads: context.threads })) {
    const index = todo[place++] ?? -1;
    const fault = 'fault' in decoded ? decoded.fault : look?.(index, decoded);
    if (fault !== undefined) await writer.skip(index, fault);
    else if ('pixels' in decoded) {
      if (decoded.remark !== undefined) writer.remark(index, decoded.remark);
      await writer.put(index, decoded.pixels, [decoded.width, decoded.height]);
    }
    done++;
    if (done % 100 === 0 || done === items.length) {
      context.progress({ unit: 'image', done, total: items.length });
    }
  }
  const written = await writer.close();
  const nameOf = (index: number): string => oneLine(items[index]?.name ?? '');
  const lost = items.length - written.count;
  if (written.count === 0 || isMoreThan(lost, skip ?? 0, items.length))
    throw unreadable(written, nameOf, skip === null ? 0 : items.length);
  const firstOf = (places: readonly number[]): string =>
    `${places.slice(0, 3).map(nameOf).join(', ')}${places.length > 3 ? ' …' : ''}`;
  if (lost > 0) {
    const reasons = [...written.skipped].map(
      ([reason, places]) =>
        `${places.length} ${saidOf(places.length, reason)} (${firstOf(places)})`,
    );
    context.remark(
      `${lost} of the ${counted(items.length, 'image file')} ${verbOf(lost)} left out: ${reasons.join('; ')}`,
    );
  }
  for (const [text, places] of written.remarked) {
    const files = counted(items.length, 'image file');
    context.remark(
      `${places.length} of the ${files} ${saidOf(places.length, text)} (${firstOf(places)})`,
    );
  }
  remarkLeaks(written, context);
  return written;
}

/** A name stands for one image: lists of pairs and evaluations find it by that. */
function refuseSameNames(items: ImagesAbout['items'], files: readonly FilePlace[]): void {
  const places = new Map<string, number>();
  for (const [index, { name }] of items.entries()) {
    const before = places.get(name);
    places.set(name, index);
    if (before === undefined) continue;
    const pathOf = (at: number): string => oneLine(files[at]?.path ?? '');
    const [one, other] = [pathOf(before), pathOf(index)];
    const both = one === other ? `both in ${one}` : `${one} and ${other}`;
    throw new SspError(
      'same-name',
      `two image files are called ${JSON.stringify(name)} in the data set: ${both}`,
      { help: 'a name stands for one image: rename one of the files' },
    );
  }
}

/** `of` is how many files there are, of which some might be left out; 0 where none can be. */
function unreadable({ skipped }: Written, nameOf: (index: number) => string, of: number): SspError {
  const all = [...skipped].flatMap(([reason, places]) => places.map((at) => ({ at, reason })));
  const lines = all
    .sort((a, b) => a.at - b.at)
    .slice(0, named)
    .map(({ at, reason }) => `\n  ${nameOf(at)} ${reason}`);
  const more = all.length > named ? `\n  and ${all.length - named} more` : '';
  const count = all.length === 1 ? '1 image file' : `${all.length} image files`;
  return new SspError('unreadable-images', `${count} cannot be read:${lines.join('')}${more}`, {
    help: `mend or remove them${all.length < of ? `, or let some be left out: \`skip: ${shareFor(all.length, of)}\`` : ''}`,
  });
}

/** Are so many of all more than a share, but for rounding? */
export const isMoreThan = (left: number, share: number, of: number): boolean =>
  left > share * of + 1e-6;

/** The least share of whole per cent that lets so many be left out. */
export const shareFor = (left: number, of: number): string => `${Math.ceil((100 * left) / of)}%`;
