import { readFileSync } from 'node:fs';
import { sizeOfFile } from '../../base/files/file-slices.js';
import type { Item } from '../artifact/items.js';
import { noClass } from '../artifact/no-class.js';
import { implement } from '../implement.js';
import { readChecked } from './published/check-published.js';
import { readFold } from './published/fold.js';
import { readLabelNames } from './published/label-names.js';
import {
  type FilesAt,
  findFiles,
  malformed,
  type PublishedSet,
} from './published/published-set.js';
import { lengthOf, type RecordForm } from './published/record-file.js';
import { type RecordSet, writeRecords } from './published/write-records.js';

const form: RecordForm = { size: 96, labels: 0, order: 'columns' };

const unlabelledFile = {
  name: 'unlabeled_X.bin',
  bytes: 2_764_800_000,
  md5: '5242ba1fed5e4be9e1e742405eb56ca4',
};

/** MD5 as in pytorch/vision@014dcb8 torchvision/datasets/stl10.py. */
const set: PublishedSet = {
  source: {
    name: 'STL-10',
    version: 'binary',
    license: 'NOASSERTION',
    author: 'Adam Coates, Honglak Lee, Andrew Y. Ng',
  },
  archive: 'stl10_binary.tar.gz',
  folder: 'stl10_binary',
  page: 'https://cs.stanford.edu/~acoates/stl10/',
  files: [
    { name: 'train_X.bin', bytes: 138_240_000, md5: '918c2871b30a85fa023e0c44e0bee87f' },
    { name: 'train_y.bin', bytes: 5_000, md5: '5a34089d4802c674881badbb80307741' },
    { name: 'test_X.bin', bytes: 221_184_000, md5: '7f263ba9f9e0b06b93213547f721ac82' },
    { name: 'test_y.bin', bytes: 8_000, md5: '36f9794fa4beb8a2c72628de14fa638e' },
    { name: 'class_names.txt' },
    { name: 'fold_indices.txt' },
  ],
};

/** `std.data.stl10`: 13,000 labelled and 100,000 unlabelled images of 96 px. */
export const run = implement('std.data.stl10', async (context) => {
  const {
    root,
    size,
    check,
    fold,
    unlabelled,
    classes,
    per_class: perClass,
    seed,
  } = context.params;
  const wanted = unlabelled ? { ...set, files: [...set.files, unlabelledFile] } : set;
  const files = findFiles(
    root,
    wanted,
    unlabelled ? '`unlabelled: false` needs no unlabeled_X.bin' : undefined,
  );
  return readChecked(check, { files, set: wanted }, context, async (checked) => {
    const records = { ...recordsIn(files, { fold, unlabelled }), checked };
    return writeRecords(records, { size, classes, perClass, seed }, context);
  });
});

/** What the files say, but for the pixels. */
function recordsIn(
  files: FilesAt,
  { fold, unlabelled }: { readonly fold: number | null; readonly unlabelled: boolean },
): Omit<RecordSet, 'checked'> {
  const pathOf = (name: string): string => files.get(name) ?? name;
  const names = readLabelNames(pathOf('class_names.txt'), 10, set);
  const ofClass = names.map((name): Item['attributes'] => ({ class: name }));
  const ofNoClass: Item['attributes'] = { class: noClass };
  const read = (split: string, pixels: string, labels?: string): RecordSet['files'][number] => {
    const path = pathOf(pixels);
    const [bytes, length] = [sizeOfFile(path), lengthOf(form)];
    if (bytes === 0 || bytes % length !== 0) {
      throw malformed(path, `has ${bytes} bytes, no multiple of ${length}, an image`, set);
    }
    const records = bytes / length;
    const numbers = labels === undefined ? undefined : readFileSync(pathOf(labels));
    if (labels !== undefined && numbers?.length !== records) {
      throw malformed(
        pathOf(labels),
        `has ${numbers?.length} labels for the ${records} images of ${pixels}`,
        set,
      );
    }
    const attributesOf = (record: number): Item['attributes'] => {
      if (numbers === undefined) return ofNoClass;
      const found = ofClass[(numbers[record] ?? 0) - 1];
      if (found !== undefined) return found;
      throw malformed(
        pathOf(labels ?? pixels),
        `gives image ${record} the label ${numbers[record]}; there are 1 to ${names.length}`,
        set,
      );
    };
    const items = Array.from({ length: records }, (_, record): Item => {
      return { name: `${split}/${record}`, split, attributes: attributesOf(record) };
    });
    return { file: { path, records, form }, items };
  };
  const train = read('train', 'train_X.bin', 'train_y.bin');
  const only = readFold(pathOf('fold_indices.txt'), fold, train.items.length, set);
  return {
    set,
    files: [
      train,
      read('test', 'test_X.bin', 'test_y.bin'),
      ...(unlabelled ? [read('unlabelled', unlabelledFile.name)] : []),
    ],
    values: { class: unlabelled ? [...names, noClass] : names },
    fold: only,
  };
}
