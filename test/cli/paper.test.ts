import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = fileURLToPath(new URL('../../pipelines/paper/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.ssp') && name !== 'study.ssp');

/** A training as `plan --json` has it. */
interface Training {
  readonly stage: string;
  readonly params: { readonly epochs: number; readonly batch: number };
}

/** Trainings of a file at a scale, and whether the data of the paper are waited for. */
async function planned(file: string, scale: string) {
  const set = ['--set', `scale=${scale}`];
  const { code, err } = await ssp(folder, ['check', file, ...set]);
  expect([code, err]).toEqual([0, expect.stringContaining('no mistakes')]);
  // the data of the paper are not there
  const env = { IMAGENET: '', CIFAR10: '', CIFAR100: '', STL10: '', TINY_IMAGENET: '', VOC: '' };
  const plan = await ssp(folder, ['plan', file, '--json', ...set, '--store', temporaryFolder()], {
    env,
  });
  expect(plan.code).toBe(0);
  const { stages }: { readonly stages: readonly Training[] } = JSON.parse(plan.out);
  const trainings = stages.filter(({ stage }) => stage === 'std.train.pretrain');
  return { trainings, names: new Set(stages.map(({ stage }) => stage)) };
}

it.each(files)('plans %s as the paper has it, and small', async (file) => {
  const paper = await planned(file, 'paper');
  const lengths = file === 'long.ssp' ? [200, 800] : [200];
  expect(new Set(paper.trainings.map(({ params }) => params.epochs))).toEqual(new Set(lengths));
  expect(new Set(paper.trainings.map(({ params }) => params.batch))).toEqual(new Set([256]));
  expect(paper.names).toContain('std.data.imagenet');
  expect(paper.names).not.toContain('std.data.emoji');

  const small = await planned(file, 'small');
  expect(small.trainings.length).toBe(paper.trainings.length);
  expect(small.names).toContain('std.data.emoji');
  expect(small.names).not.toContain('std.data.imagenet');
});

/** What the paper states, in percent or points, and of trainings in hours. */
const stated: Readonly<Record<string, readonly number[]>> = {
  'transfer.ssp': [83.6, 59.58, 85.59, 81.76, 0.8, 0.9, 3.8],
  'long.ssp': [85.59, 81.76, 86.56, 82.41],
  'tiny-imagenet.ssp': [83.6, 85.59, 79.43, 79.61, 4.5, 13],
  'transforms.ssp': [24.25, 64.23, 9.69, 0],
  'samples.ssp': [4.2, 3.83],
  'vit.ssp': [81.8, 65.3, 82.1, 81.1, 64.5, 79.2],
  'voc.ssp': [75.02, 50.3, 55.22, 73.82, 48.9, 53.72],
};

it.each(Object.keys(stated))('has every number that the paper states beside %s', async (file) => {
  const words = ['show', file, '--json', '--set', 'scale=paper', '--store', temporaryFolder()];
  const { out } = await ssp(folder, words);
  const { references }: { readonly references: readonly { text: string; published: number }[] } =
    JSON.parse(out);
  const numbers = references.map(({ text, published }) =>
    Number((text.includes('.time') ? published / 3600 : published * 100).toPrecision(6)),
  );
  expect(numbers.toSorted()).toEqual([...(stated[file] ?? [])].toSorted());
});

it('says of each param why it is so', () => {
  for (const file of [...files, 'study.ssp']) {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    const bare = lines.filter(
      (line, i) => line.startsWith('param ') && !lines[i - 1]?.startsWith('///'),
    );
    expect(bare, file).toEqual([]);
  }
});
