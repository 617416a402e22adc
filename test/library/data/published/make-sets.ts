import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../synthetic.js';

/** Planes of an image that differ from record to record, in pixel and channel. */
export function planesOf(size: number, seed: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: 3 * size * size }, (_, at) => (at * 7 + seed * 31 + (at >> 9)) & 255),
  );
}

const folderOf = (name: string, files: Readonly<Record<string, Uint8Array | string>>): string => {
  const root = freshFolder();
  mkdirSync(join(root, name));
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(root, name, file), content);
  }
  return root;
};

export const cifar10Names = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** A folder with CIFAR-10 of a few records a file: record i of a file has the label i modulo 10. */
export function cifar10Folder(
  records = 10,
  changed: Readonly<Record<string, Uint8Array | string>> = {},
): string {
  const names = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
  const files = [...names, 'test_batch.bin'].map((name, file): [string, Buffer] => [
    name,
    Buffer.concat(
      Array.from({ length: records }, (_, i) =>
        Buffer.concat([Buffer.of(i % 10), planesOf(32, 100 * file + i)]),
      ),
    ),
  ]);
  return folderOf('cifar-10-batches-bin', {
    ...Object.fromEntries(files),
    'batches.meta.txt': `${cifar10Names.join('\n')}\n\n`,
    ...changed,
  });
}

/** A folder with CIFAR-100: record i has the fine label i and the coarse label i / 5. */
export function cifar100Folder(records = 100): string {
  const file = (seed: number) =>
    Buffer.concat(
      Array.from({ length: records }, (_, i) =>
        Buffer.concat([Buffer.of(Math.floor((i % 100) / 5), i % 100), planesOf(32, seed + i)]),
      ),
    );
  const lines = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${name}_${i}\n`).join('');
  return folderOf('cifar-100-binary', {
    'train.bin': file(0),
    'test.bin': file(1000),
    'fine_label_names.txt': lines('fine', 100),
    'coarse_label_names.txt': lines('coarse', 20),
  });
}

/** A folder with STL-10 of a few images: image i has the label i modulo 10, from 1. */
export function stl10Folder(
  { train = 20, test = 10, unlabelled = 3 } = {},
  changed: Readonly<Record<string, Uint8Array | string>> = {},
): string {
  const pixels = (count: number, seed: number) =>
    Buffer.concat(Array.from({ length: count }, (_, i) => planesOf(96, seed + i)));
  const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i % 10) + 1);
  const fold = (number: number) => `${number} ${(number + 10) % train}\n`;
  return folderOf('stl10_binary', {
    'train_X.bin': pixels(train, 0),
    'train_y.bin': labels(train),
    'test_X.bin': pixels(test, 1000),
    'test_y.bin': labels(test),
    'unlabeled_X.bin': pixels(unlabelled, 2000),
    'class_names.txt': 'airplane\nbird\ncar\ncat\ndeer\ndog\nhorse\nmonkey\nship\ntruck\n',
    'fold_indices.txt': Array.from({ length: 10 }, (_, number) => fold(number)).join(''),
    ...changed,
  });
}
