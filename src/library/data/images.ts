import { SspError } from '../../base/errors.js';
import { factsOfReading } from '../artifact/facts.js';
import { listed } from '../artifact/labels.js';
import { remarkUntrained } from '../artifact/untrained.js';
import { implement } from '../implement.js';
import { chooseClasses } from './choose-items.js';
import { chooseReadable } from './choose-readable.js';
import { contentsOf } from './files/data-file.js';
import { copiedFiles } from './images/copied-files.js';
import { drawSplits } from './images/draw-splits.js';
import { kindOfName } from './images/kind-of-name.js';
import { inLabelOrder } from './images/label-order.js';
import { readColour } from './images/read-colour.js';
import { readList } from './images/read-list.js';
import { remarkClasses } from './images/remark-classes.js';
import { remarkFolders } from './images/remark-folders.js';
import { remarkSplits } from './images/remark-splits.js';
import { samplesOfArchives, withSplitOfArchive } from './images/samples-of-archives.js';
import { samplesOfFolders } from './images/samples-of-folders.js';
import { writeDecoded } from './write-decoded.js';

/** `std.data.images`: images of one's own, in folders or archives. */
export const run = implement('std.data.images', async (context) => {
  const { root, size, list, splits, classes, per_class: perClass, seed } = context.params;
  const { fit, decode, background, skip } = context.params;
  const colour = readColour(background);
  const isImage = (name: string): boolean => kindOfName(name) === 'image';
  const { files, folders } = await contentsOf(root, isImage);
  const images = files.filter(({ name }) => isImage(name));
  if (images.length === 0)
    throw noImages(
      root,
      files.map(({ name }) => name),
    );
  const inArchives = images.some(({ archive }) => archive !== undefined);
  const placed =
    list !== null
      ? readList(list, files, context)
      : inArchives
        ? samplesOfArchives(images, files, context)
        : samplesOfFolders(images);
  const found = placed.map(withSplitOfArchive);
  remarkSplits(found, context);
  remarkClasses(found, context);
  const known = new Set(found.map(({ attributes }) => attributes.class ?? ''));
  const wanted = new Set(chooseClasses(inLabelOrder(known), classes));
  const drawn = found.some(({ split }) => split === undefined);
  const copies = drawn ? copiedFiles(found.map(({ file }) => file)) : undefined;
  const samples = drawSplits(found, splits, seed, copies).filter(({ attributes }) =>
    wanted.has(attributes.class ?? ''),
  );
  const items = samples.map(({ file, split, attributes }) => ({
    name: file.name,
    split,
    attributes,
  }));
  const sources = samples.map(({ file }) => file.source);
  const how = { fit, decode, background: colour, skip };
  const drawing = { ...how, size, perClass, seed };
  const chosen = await chooseReadable(items, sources, drawing, context);
  const kept = chosen.flatMap((index) => items[index] ?? []);
  const attributes = Object.keys(kept[0]?.attributes ?? {});
  const values = attributes.map((attribute) => [
    attribute,
    inLabelOrder(new Set(kept.map((item) => item.attributes[attribute] ?? ''))),
  ]);
  const used = new Set(found.map(({ file }) => file.name));
  remarkFolders({ files, folders, used, known }, context);
  remarkUntrained(kept, context);
  const written = await writeDecoded(
    { size, items: kept, values: Object.fromEntries(values), sources: [] },
    chosen.flatMap((index) => sources[index] ?? []),
    how,
    context,
  );
  return { facts: factsOfReading(written) };
});

function noImages(root: string, names: readonly string[]): SspError {
  const there = names.length === 0 ? 'nothing' : listed(names);
  return new SspError('no-images', `${root} has no image file; it has ${there}`, {
    help: 'expected CLASS/x.jpg or train/CLASS/x.jpg, .tar archives of them, or a CSV that names the files with `list`; JPEG, PNG, WebP, GIF, BMP and TIFF are read',
  });
}
