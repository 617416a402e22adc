import { readdirSync } from 'node:fs';
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
