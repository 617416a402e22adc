import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { make as resnet34 } from '../../../src/library/backbone/resnet34.js';
import { make as resnet50 } from '../../../src/library/backbone/resnet50.js';
import { make as vitB } from '../../../src/library/backbone/vit_b.js';
import { make as vitS } from '../../../src/library/backbone/vit_s.js';
import { make as vitTi } from '../../../src/library/backbone/vit_ti.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Backbone } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { loadTensors } from '../../../src/tensor/stored-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../../tensor/parity.js';
import { contextOf, croppedViews, size, syntheticPairs } from '../synthetic.js';

loadTensorFlow({ threads: 2 });
afterEach(() => {
  delete process.env.SSP_EAGER;
});

const residual = { width: 64, stem: 'imagenet', zero_init_residual: false } as const;
const patches = { patch: 16, image: 224, drop_path: 0 } as const;
const pairs = syntheticPairs();

async function pretrained(backbone: Backbone): Promise<{
  losses: number[];
  weights: Record<string, Float32Array>;
}> {
  const context = contextOf({
    backbone,
    pairs,
    views: croppedViews,
    method: simclr({ temperature: 0.5, hidden: 16, dim: 8, head: 'paper', sum: false }),
    optimizer: adamw({
      lr: 5e-4,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      decay: 0.04,
      final_decay: null,
      exclude: true,
    }),
    schedule: cosine({ warmup: 0, start: null, final: 0, every: 'step' }),
    epochs: 3,
    batch: 12,
    init: null,
    precision: 'fp32',
    seed: 1,
  } as const);
  await pretrain(context);
  const { rows } = JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8'));
  const { tensors } = loadTensors(join(context.out, 'encoder.safetensors'));
  const values = Object.entries(tensors).map(
    ([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const,
  );
  tf.dispose(tensors);
  return {
    losses: rows.map((row: { loss: number }) => row.loss),
    weights: Object.fromEntries(values),
  };
}

it('has networks as large as torchvision’s and timm’s', () => {
  expect(resnet34(residual).features).toBe(512);
  expect(resnet50(residual).features).toBe(2048);
  expect(vitS(patches).features).toBe(384);
  expect(vitB(patches).features).toBe(768);
  const { trained } = vitTi(patches).init(createRng(0));
  const sizes = Object.values(trained).map((tensor) => tensor.size);
  expect(sizes.reduce((sum, length) => sum + length, 0)).toBe(5_524_416);
  tf.dispose(trained);
});

it('pretrains ResNet-50, alike compiled and eagerly', async () => {
  const backbone = resnet50({ width: 4, stem: 'small-half', zero_init_residual: true });
  const compiled = await pretrained(backbone);
  process.env.SSP_EAGER = '1';
  const eager = await pretrained(backbone);
  expect(Object.keys(compiled.weights)).toEqual(Object.keys(eager.weights));
  // After 9 steps of an ill-conditioned network.
  expectClosePlain('ResNet-50 pretrained: losses', compiled.losses, eager.losses, 1e-3);
});

it('pretrains ViT-Ti, the loss falling', async () => {
  const { losses, weights } = await pretrained(vitTi({ patch: 4, image: size, drop_path: 0.1 }));
  expect(losses[2]).toBeLessThan(losses[0] ?? 0);
  expect(weights.pos_embed?.length).toBe(10 * 192);
});

it('says what a patch that no image holds needs', () => {
  expect(() => vitTi({ patch: 16, image: 12, drop_path: 0 }).init(createRng(0))).toThrow(
    'an image of 12 x 12 pixels has no patch of 16',
  );
});
