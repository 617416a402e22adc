import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cifar10Folder, stl10Folder } from '../../library/data/published/make-sets.js';
import { ssp } from '../../support/ssp.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { stageOf, studyOf } from './study-of.js';

/** Records of one colour for each label: of ten, as bytes of labels and planes. */
function plain(size: number, labels: boolean): Buffer {
  const records = Array.from({ length: 10 }, (_, label) => {
    const planes = Buffer.alloc(3 * size * size);
    planes.fill(25 * label, 0, size * size);
    planes.fill(250 - 25 * label, size * size, 2 * size * size);
    return labels ? Buffer.concat([Buffer.of(label), planes]) : planes;
  });
  return Buffer.concat(records);
}

it('runs a study on CIFAR-10, and says what is missing', async () => {
  const root = cifar10Folder(10, {
    'data_batch_1.bin': plain(32, true),
    'test_batch.bin': plain(32, true),
  });
  const folder = temporaryFolder();
  const run = async (call: string) => {
    writeFileSync(join(folder, 'study.ssp'), studyOf('cifar10', call));
    return (await ssp(folder, ['run', 'study.ssp', '--json', '--keep-going'])).out;
  };
  const out = await run(`cifar10(root: ${JSON.stringify(root)}, check: "layout")`);
  expect(stageOf(out, 'nearest')).toMatchObject({ outcome: 'ran', metrics: { top1: 1 } });
  const published = stageOf(await run(`cifar10(root: ${JSON.stringify(root)})`), 'data');
  expect(published.failure?.message).toContain('data_batch_1.bin has 30,730 bytes');
  rmSync(join(root, 'cifar-10-batches-bin', 'test_batch.bin'));
  const missing = stageOf(await run(`cifar10(root: ${JSON.stringify(root)})`), 'data');
  expect(missing.failure).toMatchObject({
    code: 'data-missing',
    message: expect.stringContaining('has no test_batch.bin'),
    help: expect.stringContaining('https://www.cs.toronto.edu/~kriz/cifar.html'),
  });
}, 60_000);

it('runs a study on STL-10, resized, fold by fold', async () => {
  const root = stl10Folder(
    {},
    {
      'train_X.bin': Buffer.concat([plain(96, false), plain(96, false)]),
      'test_X.bin': plain(96, false),
    },
  );
  const folder = temporaryFolder();
  const study = studyOf(
    'stl10',
    `stl10(root: ${JSON.stringify(root)}, size: 32px, fold: fold, unlabelled: false, check: "layout")`,
  ).replace('dataset', 'axis fold = [0, 7]\ndataset');
  writeFileSync(join(folder, 'study.ssp'), study.replace('k: 1', 'k: 1, train: "test"'));
  const { out } = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(stageOf(out, 'data[fold=7]')).toMatchObject({ outcome: 'ran' });
  expect(stageOf(out, 'nearest[fold=7]').metrics).toHaveProperty('top1');
  writeFileSync(join(folder, 'study.ssp'), study.replace('[0, 7]', '[0, 10]'));
  const check = await ssp(folder, ['check', 'study.ssp']);
  expect(check.code).toBe(1);
  expect(check.out + check.err).toContain('out-of-range');
}, 60_000);
