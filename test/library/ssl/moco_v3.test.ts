import { expect, it } from 'vitest';
import { make as moco } from '../../../src/library/ssl/moco_v3.js';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { vit } from '../../../src/tensor/networks/vit.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { momentOf } from '../../../src/tensor/train/moment.js';
import { size } from '../synthetic.js';
import { adam, checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  temperature: 1,
  preset: '100',
  momentum: 0.9,
  schedule: 'cosine',
  hidden: 10,
  dim: 6,
  projector: 2,
  predictor_norm: false,
  frozen_patches: false,
} as const;
const forVit = { ...small, temperature: 0.2, projector: 3, predictor_norm: true } as const;

checkMethod('MoCo v3', () => moco(small));

it('gives losses, gradients, weights and momentum encoder as the official code does', () => {
  replaySteps('moco_v3', moco(small));
});

it('has the heads of vision transformers too', () => {
  replaySteps('moco_v3-vit', moco(forVit));
});

it('has no scale and shift behind the projector, and starts its copy as it starts itself', () => {
  const { trained, state } = startOf(moco(small));
  expect(shapesOf(trained)).toEqual({
    'projector.0.weight': [4, 10],
    'projector.1.weight': [10],
    'projector.1.bias': [10],
    'projector.3.weight': [10, 6],
    'predictor.0.weight': [6, 10],
    'predictor.1.weight': [10],
    'predictor.1.bias': [10],
    'predictor.3.weight': [10, 6],
  });
  expect(Object.keys(state).filter((name) => name.includes('predictor'))).toEqual([]);
  const weight = (of: typeof trained, name: string) => Array.from(pick(of, name).dataSync());
  const first = 'projector.0.weight';
  expect(weight(state, `momentum.${first}`)).toEqual(weight(trained, first));
});

it('takes the momentum of its preset', () => {
  // From a copy of 0 towards weights of 1 by one step: what is left of the copy is the momentum.
  loadTensorFlow({ threads: 2 });
  const shown = (x: tf.Tensor4D): tf.Tensor2D =>
    asMatrix(tf.slice(tf.reshape(x, [4, 12]), [0, 0], [4, 4]));
  const other = () => {
    throw new Error('it gives all views at once');
  };
  const kept = (given: Partial<Parameters<typeof moco>[0]>): number => {
    const method = moco({ ...small, momentum: null, ...given });
    const { trained, state } = startOf(method);
    const ones = (of: typeof trained) =>
      Object.fromEntries(Object.entries(of).map(([k, t]) => [k, tf.onesLike(t)]));
    const zeros = Object.fromEntries(Object.entries(state).map(([k, t]) => [k, tf.zerosLike(t)]));
    const encoder = { 'encoder.conv.weight': tf.ones([3, 3, 3, 4]) };
    const own = { 'encoder.bn.weight': tf.ones([4]), 'encoder.bn.bias': tf.ones([4]) };
    const view = tf.randomNormal<tf.Rank.R4>([4, 2, 2, 3], 0, 1, 'float32', 1);
    const done = method.loss({
      trained: { ...ones(trained), ...encoder, ...own },
      state: zeros,
      views: [view, view],
      items: tf.range(0, 4, 1, 'int32'),
      labels: [],
      at: momentOf(0, { seed: 0, epochs: 1, perEpoch: 10, scale: 1 }),
      encode: other,
      encodeCrops: other,
      encodeEach: (_, now, views) => ({ features: views.map(shown), state: now }),
    });
    const moved = pick(done.state, 'momentum.encoder.bn.weight').dataSync()[0] ?? Number.NaN;
    return 1 - moved;
  };
  expect(kept({})).toBeCloseTo(0.99, 6);
  expect(kept({ preset: '300' })).toBeCloseTo(0.99, 6);
  expect(kept({ preset: '1000' })).toBeCloseTo(0.996, 6);
  expect(kept({ preset: '1000', momentum: 0.5 })).toBeCloseTo(0.5, 6);
});

it('keeps the patches of a vision transformer as they are drawn, and nothing else', async () => {
  const backbone = vit({ width: 12, depth: 2, heads: 3, patch: 6, image: size, dropPath: 0 });
  const frozen = moco({ ...forVit, frozen_patches: true });
  const choice = { backbone, optimizer: adam, epochs: 1 };
  const { tensors } = await trainMethod(frozen, choice);
  const { trained } = backbone.init(createRng(1, 'encoder'));
  const same = Object.keys(trained).filter((name) => {
    const before = pick(trained, name).dataSync();
    const after = tensors.get(`trained.encoder.${name}`) ?? [];
    return before.every((value, place) => value === after[place]);
  });
  expect(same.sort()).toEqual(['patch_embed.proj.bias', 'patch_embed.proj.weight']);
});

it('says that a network has no patches', async () => {
  await expect(trainMethod(moco({ ...small, frozen_patches: true }))).rejects.toMatchObject({
    code: 'no-patches',
  });
});
