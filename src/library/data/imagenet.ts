import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { implement } from '../implement.js';
import { type DataFile, listFolder } from './files/data-file.js';
import { filesOfArchive } from './files/tar-index.js';
import { checkPublished } from './published/check-published.js';
import { type LabelledFile, writeLabelled } from './published/labelled-files.js';
import { damaged, type PublishedSet, requireFolder } from './published/published-set.js';
import { remarkStrangers } from './published/remark-strangers.js';
import { readLabels } from './published/validation-labels.js';

const trainArchive = 'ILSVRC2012_img_train.tar';
const valArchive = 'ILSVRC2012_img_val.tar';

/** MD5 as in pytorch/vision@0476162 torchvision/datasets/imagenet.py. */
const set: PublishedSet = {
  source: {
    name: 'ImageNet',
    version: 'ILSVRC2012',
    license: 'LicenseRef-ImageNet-terms-of-access',
    author: 'Olga Russakovsky and others',
  },
  archive: `${trainArchive}, ${valArchive} and ILSVRC2012_devkit_t12.tar.gz`,
  folder: '.',
  page: 'https://image-net.org/challenges/LSVRC/2012/',
  files: [
    { name: trainArchive, md5: '1d675b47d978889d74fa0da5fadfb00e' },
    { name: valArchive, md5: '29b22e2961454d5413ddabcf34fc5622' },
  ],
};

/** Images that are published. */
const published = { train: 1_281_167, validation: 50_000 };

/** `std.data.imagenet`: the 1,000 classes of ILSVRC2012. */
export const run = implement('std.data.imagenet', async (context) => {
  const { root, validation, check } = context.params;
  requireFolder(root, set);
  const files = (await listFolder(root)).map(withoutFolders);
  const labels = readLabels(root, set);
  const train = trainIn(root, files);
  const images = validation ? [...train, ...validationIn(root, files, labels.classOf)] : train;
  const used = new Set(images.map(({ place }) => place.path));
  if (check === 'published') {
    // Of an archive beside the folders that it was unpacked to nothing is read.
    const archives = new Map(
      [trainArchive, valArchive]
        .map((name) => [name, join(root, name)] as const)
        .filter(([, path]) => used.has(path)),
    );
    await checkPublished(archives, set, context);
    for (const split of validation ? (['train', 'validation'] as const) : (['train'] as const)) {
      const found = images.filter(({ item }) => item.split === split).length;
      if (found === published[split]) continue;
      const what = `has ${found.toLocaleString('en')} images of split \`${split}\``;
      throw damaged(root, `${what}; published are ${published[split].toLocaleString('en')}`, set);
    }
  }
  const folders = validation ? /^(train|val)\// : /^train\//;
  const strange = files.filter(({ name, source }) => folders.test(name) && !used.has(source.path));
  remarkStrangers(
    strange.map(({ name }) => name),
    context,
  );
  const named = (wnid: string): readonly string[] => [wnid, ...(labels.words.get(wnid) ?? [])];
  return writeLabelled(set, images, named, context.params, context);
});

/** A file as the official archives have it: Kaggle's has folders around `train` and `val`. */
const withoutFolders = ({ name, ...file }: DataFile): DataFile => ({
  ...file,
  name: name.replace(/^ILSVRC\/Data\/CLS-LOC\//, ''),
});

/** `train/n01440764/x.JPEG`, or the archive of one archive for each class. */
function trainIn(root: string, files: readonly DataFile[]): readonly LabelledFile[] {
  const folders = files.flatMap(({ name, source }) => {
    const [, wnid, image] = /^train\/(n\d{8})\/([^/]+\.jpe?g)$/i.exec(name) ?? [];
    return wnid === undefined ? [] : [labelled('train', `${wnid}/${image}`, wnid, source)];
  });
  if (folders.length > 0) return folders;
  const path = join(root, trainArchive);
  if (!existsSync(path)) {
    throw missing(root, `neither train/n01440764/x.JPEG nor ${trainArchive}`);
  }
  return filesOfArchive({ path }).flatMap(({ name, start, length }) => {
    const [, wnid] = /(n\d{8})\.tar$/.exec(name) ?? [];
    if (wnid === undefined) return [];
    return filesOfArchive({ path, start, length }).map((file) =>
      labelled('train', `${wnid}/${file.name}`, wnid, { ...file, path }),
    );
  });
}

/** `val/n01440764/x.JPEG`, or the images as they are numbered, in `val` or their archive. */
function validationIn(
  root: string,
  files: readonly DataFile[],
  classOf: ((image: number) => string | undefined) | undefined,
): readonly LabelledFile[] {
  const folders = files.flatMap(({ name, source }) => {
    const [, wnid, image] = /^val\/(n\d{8})\/([^/]+\.jpe?g)$/i.exec(name) ?? [];
    return wnid === undefined ? [] : [labelled('validation', `${image}`, wnid, source)];
  });
  if (folders.length > 0) return folders;
  const path = join(root, valArchive);
  const flat = files.filter(({ name }) => /^val\/[^/]+\.jpe?g$/i.test(name));
  const numbered =
    flat.length > 0 || !existsSync(path)
      ? flat.map(({ name, source }) => ({ name: name.slice('val/'.length), place: source }))
      : filesOfArchive({ path }).map((file) => ({ name: file.name, place: { ...file, path } }));
  if (numbered.length === 0) {
    throw missing(root, `neither val/ nor ${valArchive}; \`validation: false\` needs none`);
  }
  if (classOf === undefined) {
    throw missing(
      root,
      'nothing that says the classes of the validation images: neither folders of classes in val/, nor ILSVRC2012_devkit_t12/data/ with meta.mat and ILSVRC2012_validation_ground_truth.txt, nor LOC_val_solution.csv',
    );
  }
  return numbered.map(({ name, place }) => {
    const [, number] = /ILSVRC2012_val_(\d{8})\.jpe?g$/i.exec(name) ?? [];
    const wnid = number === undefined ? undefined : classOf(Number(number));
    if (wnid !== undefined) return labelled('validation', name, wnid, place);
    throw damaged(root, `has the validation image ${name}, of which no label is known`, set);
  });
}

const labelled = (
  split: string,
  name: string,
  wnid: string,
  { path, start, length }: LabelledFile['place'],
): LabelledFile => ({
  item: {
    name: split === 'train' ? `train/${name}` : `val/${name}`,
    split,
    attributes: { class: wnid },
  },
  place: { path, start, length },
});

const missing = (root: string, what: string): SspError =>
  new SspError('data-missing', `${root} has ${what}`, {
    help: `expected the folders that the archives unpack to, or ${set.archive} of ${set.page}`,
  });
