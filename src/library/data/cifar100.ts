import { implement } from '../implement.js';
import { readCifar } from './published/cifar.js';
import type { PublishedSet } from './published/published-set.js';

/** SHA-1 as in apache/mxnet@0250cf5 gluon/data/vision/datasets.py. */
const set: PublishedSet = {
  source: {
    name: 'CIFAR-100',
    version: 'binary',
    license: 'NOASSERTION',
    author: 'Alex Krizhevsky, Vinod Nair, Geoffrey Hinton',
  },
  archive: 'cifar-100-binary.tar.gz',
  folder: 'cifar-100-binary',
  page: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  files: [
    { name: 'train.bin', bytes: 153_700_000, sha1: 'e207cd2e05b73b1393c74c7f5e7bea451d63e08e' },
    { name: 'test.bin', bytes: 30_740_000, sha1: '8fb6623e830365ff53cf14adec797474f5478006' },
    { name: 'fine_label_names.txt' },
    { name: 'coarse_label_names.txt' },
  ],
};

/** `std.data.cifar100`: 60,000 images of 32 px in 100 classes of 20 superclasses. */
export const run = implement('std.data.cifar100', (context) =>
  readCifar(
    {
      set,
      train: ['train.bin'],
      test: 'test.bin',
      labels: [
        { attribute: 'superclass', names: 'coarse_label_names.txt', count: 20 },
        { attribute: 'class', names: 'fine_label_names.txt', count: 100 },
      ],
    },
    context,
  ),
);
