import { beforeAll, expect, it } from 'vitest';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Backbone, Schedule } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { run as supervised } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { smallNetwork } from '../small-network.js';
import {
  contextOf,
  croppedViews,
  freshFolder,
  syntheticImages,
  syntheticPairs,
} from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const images = syntheticImages();
const pairs = syntheticPairs(images);

/** A network to which all images look nearly the same. */
const blind: Backbone = {
  ...smallNetwork,
  apply(...given) {
    const { features, stats } = smallNetwork.apply(...given);
    return { features: tf.add<tf.Tensor2D>(tf.mul(features, 1e-4), 1), stats };
  },
};

const common = {
  views: croppedViews,
  epochs: 2,
  batch: 8,
  optimizer: sgd({ lr: 0.01, momentum: 0, nesterov: false, decay: 0, exclude: false }),
  schedule: cosine({ warmup: 0, start: null, final: 0, every: 'step' }),
  init: null,
  precision: 'fp32',
  seed: 1,
} as const;
const method = simclr({ temperature: 0.5, hidden: 8, dim: 4 });
const collapse =
  /^the features collapsed in epoch 1: feature_std is 0\.00\d+, so all images look the same/;

it('remarks a collapse once, and again where a training goes on', async () => {
  const params = { ...common, pairs, method, backbone: blind };
  const whole = contextOf(params);
  await pretrain(whole);
  expect(whole.remarked).toEqual([expect.stringMatching(collapse)]);

  const checkpoint = freshFolder();
  const dying: Schedule = {
    scale(step, steps, perEpoch) {
      if (step === perEpoch + 1) throw new Error('killed');
      return common.schedule.scale(step, steps, perEpoch);
    },
  };
  await expect(pretrain(contextOf({ ...params, schedule: dying }, { checkpoint }))).rejects.toThrow(
    'killed',
  );
  const resumed = contextOf(params, { checkpoint });
  await pretrain(resumed);
  expect(resumed.remarked).toEqual(whole.remarked);

  const seeing = contextOf({ ...params, backbone: smallNetwork });
  await pretrain(seeing);
  expect(seeing.remarked).toEqual([]);
});

it('remarks a collapse and a long warm-up of supervised training', async () => {
  const context = contextOf({
    ...common,
    images,
    backbone: blind,
    label: 'kind',
    split: 'train',
    schedule: cosine({ warmup: 10, start: null, final: 0, every: 'step' }),
  });
  await supervised(context);
  expect(context.remarked).toEqual([
    'the warm-up of 10 epochs is longer than the training of 2 epochs: the learning rate rises to the end and never falls',
    expect.stringMatching(collapse),
  ]);
});
