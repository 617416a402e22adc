import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import type { Optimizer } from '../../../src/library/stage.js';
import { run as supervised } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { loadTensors } from '../../../src/tensor/stored-tensors.js';
import { everyChange } from '../small-network.js';
import { adam, expectAlike, slow, type Training } from '../ssl/check-method.js';
import { contextOf, freshFolder, syntheticImages } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});
afterEach(() => {
  delete process.env.SSP_EAGER;
});

async function train(optimizer: Optimizer): Promise<Training> {
  const checkpoint = freshFolder();
  const context = contextOf(
    {
      images: syntheticImages(),
      label: 'kind',
      split: 'train',
      views: { views: [everyChange] },
      backbone: resnet18({ width: 4, stem: 'small-half', zero_init_residual: false }),
      optimizer,
      schedule: cosine({ warmup: 1, start: null, final: 0, every: 'step' }),
      epochs: 2,
      batch: 12,
      init: null,
      precision: 'fp32' as const,
      seed: 1,
    },
    { checkpoint },
  );
  await supervised(context);
  const { tensors } = loadTensors(join(checkpoint, 'checkpoint.safetensors'));
  const values = Object.entries(tensors).map(
    ([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const,
  );
  return {
    rows: JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8')).rows,
    files: {},
    tensors: new Map(values),
  };
}

it.each([
  ['SGD', sgd({ lr: 0.01, momentum: 0.9, nesterov: true, decay: 1e-3, exclude: true })],
  ['AdamW', adam],
  ['LARS', slow],
] as const)('trains alike compiled and op by op: supervised by %s', async (name, optimizer) => {
  const compiled = await train(optimizer);
  process.env.SSP_EAGER = '1';
  expectAlike(`supervised by ${name}`, compiled, await train(optimizer));
});
