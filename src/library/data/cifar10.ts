import { implement } from '../implement.js';
import { readCifar } from './published/cifar.js';
import type { PublishedSet } from './published/published-set.js';

const batch = { bytes: 30_730_000 };

/** SHA-1 as in apache/mxnet@0250cf5 gluon/data/vision/datasets.py. */
const set: PublishedSet = {
  source: {
    name: 'CIFAR-10',
    version: 'binary',
    license: 'NOASSERTION',
    author: 'Alex Krizhevsky, Vinod Nair, Geoffrey Hinton',
  },
  archive: 'cifar-10-binary.tar.gz',
  folder: 'cifar-10-batches-bin',
  page: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  files: [
    { name: 'data_batch_1.bin', ...batch, sha1: 'aadd24acce27caa71bf4b10992e9e7b2d74c2540' },
    { name: 'data_batch_2.bin', ...batch, sha1: 'c0ba65cce70568cd57b4e03e9ac8d2a5367c1795' },
    { name: 'data_batch_3.bin', ...batch, sha1: '1dd00a74ab1d17a6e7d73e185b69dbf31242f295' },
    { name: 'data_batch_4.bin', ...batch, sha1: 'aab85764eb3584312d3c7f65fd2fd016e36a258e' },
    { name: 'data_batch_5.bin', ...batch, sha1: '26e2849e66a845b7f1e4614ae70f4889ae604628' },
    { name: 'test_batch.bin', ...batch, sha1: '67eb016db431130d61cd03c7ad570b013799c88c' },
    { name: 'batches.meta.txt' },
  ],
};

/** `std.data.cifar10`: 60,000 images of 32 px in ten classes. */
export const run = implement('std.data.cifar10', (context) =>
  readCifar(
    {
      set,
      train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
      test: 'test_batch.bin',
      labels: [{ attribute: 'class', names: 'batches.meta.txt', count: 10 }],
    },
    context,
  ),
);
