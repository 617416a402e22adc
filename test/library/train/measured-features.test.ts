import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import type { Backbone, Method, Schedule, StageResult } from '../../../src/library/stage.js';
import { measuredPairs } from '../../../src/library/train/measured-features.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { smallNetwork } from '../small-network.js';
import { contextOf, croppedViews, freshFolder, syntheticPairs } from '../synthetic.js';

const contrastive = simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false });
const wide = { invariance: 25, variance: 25, covariance: 1, hidden: 8, dim: 4 };
const pairs = syntheticPairs();
const schedule = cosine({ warmup: 0, start: null, final: 0, every: 'step' });

/** What a training of 36 pairs leaves beside its result, its history, and what it remarks. */
async function trained(
  method: Method,
  given: { schedule?: Schedule; checkpoint?: string; decay?: number; backbone?: Backbone } = {},
): Promise<{ rows: StageRows; history: StageRows; said: string[] }> {
  const { checkpoint = freshFolder(), decay = 0, ...more } = given;
  const said: string[] = [];
  const optimizer = sgd({ lr: 0.01, momentum: 0, nesterov: false, decay, exclude: false });
  const context = contextOf(
    {
      pairs,
      method,
      views: croppedViews,
      backbone: smallNetwork,
      optimizer,
      schedule,
      epochs: 3,
      batch: 12,
      init: null,
      precision: 'fp32' as const,
      seed: 1,
      ...more,
    },
    { checkpoint },
  );
  const { watched }: StageResult = await pretrain({
    ...context,
    remark: (text) => said.push(text),
  });
  const { rows: history } = JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8'));
  return { rows: watched?.rows ?? [], history, said };
}
type StageRows = readonly Readonly<Record<string, number>>[];

it('measures the encoder on the same pairs each epoch, beside the result and not in its history', async () => {
  const { rows, history } = await trained(contrastive);
  expect(rows.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(['epoch', 'of_chance', 'rankme', 'alignment', 'uniformity']);
    expect(row.rankme).toBeGreaterThanOrEqual(1);
    expect(row.rankme).toBeLessThanOrEqual(smallNetwork.features);
    expect(row.alignment).toBeGreaterThan(0);
    expect(row.uniformity).toBeLessThan(0);
    expect(row.of_chance).toBeGreaterThan(0.3);
  }
  for (const row of history)
    expect(Object.keys(row)).toEqual(['epoch', 'loss', 'feature_std', 'lr']);
});

it('gives the same rows when the training was killed in between', async () => {
  const checkpoint = freshFolder();
  const failing: Schedule = {
    scale(step, ...rest) {
      if (step === 5) throw new Error('killed');
      return schedule.scale(step, ...rest);
    },
  };
  await expect(trained(contrastive, { checkpoint, schedule: failing })).rejects.toThrow('killed');
  expect(await trained(contrastive, { checkpoint })).toEqual(await trained(contrastive));
});

it('says of VICReg that all images have one embedding, by its own term', async () => {
  // A decay that takes half of all weights in each step leaves nothing of what images differ in.
  const { rows, said } = await trained(vicreg({ ...wide, variance: 0 }), { decay: 50 });
  expect(rows.at(-1)?.variance).toBeGreaterThan(0.95);
  expect(said.join('\n')).toContain('all images have one embedding');
  const fine = await trained(vicreg(wide));
  expect(fine.rows.at(-1)?.variance).toBeLessThan(0.95);
  expect(fine.said.join('\n')).not.toContain('one embedding');
});

it('says that features fill few directions, which no other number has to show', async () => {
  const backbone = resnet18({ width: 2, stem: 'small', zero_init_residual: false });
  const { rows, said } = await trained(vicreg({ ...wide, variance: 0 }), { decay: 50, backbone });
  expect(rows.at(-1)?.rankme).toBeLessThan(2);
  expect(said.join('\n')).toMatch(/collapsed into few directions in epoch \d: rankme is 1/);
  const fine = await trained(vicreg(wide), { backbone });
  expect(fine.rows.at(-1)?.rankme).toBeGreaterThan(2);
  expect(fine.said.join('\n')).not.toContain('few directions');
});

it('measures few pairs: a hundredth of the work of an epoch, and no more pixels than fit', () => {
  expect(measuredPairs(36, 32)).toBe(16);
  expect(measuredPairs(4_962, 32)).toBe(148);
  expect(measuredPairs(1_281_167, 64)).toBe(256);
  expect(measuredPairs(1_281_167, 224)).toBe(41);
  expect(measuredPairs(5, 32)).toBe(5);
});
