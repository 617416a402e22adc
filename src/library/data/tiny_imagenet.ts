import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { implement } from '../implement.js';
import { listFolder } from './files/data-file.js';
import { type LabelledFile, writeLabelled } from './published/labelled-files.js';
import { damaged, findFiles, malformed, type PublishedSet } from './published/published-set.js';
import { remarkStrangers } from './published/remark-strangers.js';
import { readWords } from './published/words.js';

const set: PublishedSet = {
  source: {
    name: 'Tiny ImageNet',
    version: '200',
    license: 'NOASSERTION',
    author: 'Stanford CS231n',
  },
  archive: 'tiny-imagenet-200.zip',
  folder: 'tiny-imagenet-200',
  page: 'http://cs231n.stanford.edu/tiny-imagenet-200.zip',
  files: [{ name: 'wnids.txt' }, { name: 'words.txt' }, { name: 'train' }, { name: 'val' }],
};

/** Images that are published of each class. */
const published = { classes: 200, train: 500, validation: 50 };

/** `std.data.tiny_imagenet`: 200 classes of ImageNet at 64 px. */
export const run = implement('std.data.tiny_imagenet', async (context) => {
  const { root, check } = context.params;
  const at = findFiles(root, set);
  const folder = join(at.get('wnids.txt') ?? root, '..');
  const wnids = linesOf(join(folder, 'wnids.txt'));
  const known = new Set(wnids);
  const labels = readAnnotations(join(folder, 'val', 'val_annotations.txt'), known);
  const files: LabelledFile[] = [];
  const used = new Set<string>();
  const there = await listFolder(folder);
  for (const { name, source } of there) {
    const [, wnid, image] = /^train\/(n\d{8})\/images\/([^/]+\.jpe?g)$/i.exec(name) ?? [];
    const [, val] = /^val\/images\/([^/]+\.jpe?g)$/i.exec(name) ?? [];
    if (wnid !== undefined && known.has(wnid)) {
      const item = { name: `train/${image}`, split: 'train', attributes: { class: wnid } };
      files.push({ item, place: source });
      used.add(name);
    } else if (val !== undefined) {
      const label = labels.get(val);
      if (label === undefined) {
        throw malformed(join(folder, 'val', 'val_annotations.txt'), `does not name ${val}`, set);
      }
      const item = { name: `val/${val}`, split: 'validation', attributes: { class: label } };
      files.push({ item, place: source });
      used.add(name);
      labels.delete(val);
    }
  }
  const [absent] = labels.keys();
  if (absent !== undefined) {
    throw malformed(
      join(folder, 'val', 'val_annotations.txt'),
      `names ${absent}, which is not in val/images`,
      set,
    );
  }
  if (check === 'published') checkCounts(folder, wnids, files);
  const names = there.map(({ name }) => name).filter((name) => /^(train|val)\//.test(name));
  remarkStrangers(
    names.filter((name) => !used.has(name)),
    context,
  );
  const words = readWords(join(folder, 'words.txt'));
  const named = (wnid: string): readonly string[] => [wnid, ...(words.get(wnid) ?? [])];
  return writeLabelled(set, files, named, { ...context.params, fit: 'cover', skip: null }, context);
});

/** The class of each image of `val`: lines of name, WordNet id and a box, with tabs between them. */
function readAnnotations(path: string, known: ReadonlySet<string>): Map<string, string> {
  if (!existsSync(path)) throw malformed(path, 'is not there', set);
  const labels = new Map<string, string>();
  linesOf(path).forEach((line, at) => {
    const [image = '', wnid = ''] = line.split('\t');
    if (!known.has(wnid)) {
      throw malformed(
        path,
        `has ${JSON.stringify(wnid)} on line ${at + 1}, no class of wnids.txt`,
        set,
      );
    }
    labels.set(image, wnid);
  });
  return labels;
}

function checkCounts(
  folder: string,
  wnids: readonly string[],
  files: readonly LabelledFile[],
): void {
  if (wnids.length !== published.classes) {
    throw damaged(join(folder, 'wnids.txt'), `has ${wnids.length} classes; published are 200`, set);
  }
  const counts = new Map<string, number>();
  for (const { item } of files) {
    const key = `${item.split} ${item.attributes.class}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const wnid of wnids) {
    for (const split of ['train', 'validation'] as const) {
      const found = counts.get(`${split} ${wnid}`) ?? 0;
      if (found === published[split]) continue;
      throw damaged(
        folder,
        `has ${found} images of ${wnid} in split \`${split}\`; published are ${published[split]}`,
        set,
      );
    }
  }
}

const linesOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
