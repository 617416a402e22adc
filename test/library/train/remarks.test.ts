import { beforeAll, expect, it } from 'vitest';
import type { Json } from '../../../src/base/canonical.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Backbone, Schedule, Views } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { run as supervised } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { smallNetwork } from '../small-network.js';
import {
  contextOf,
  croppedViews,
  encoderOf,
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
  batch: 9,
  optimizer: sgd({ lr: 0.01, momentum: 0, nesterov: false, decay: 0, exclude: false }),
  schedule: cosine({ warmup: 0, start: null, final: 0, every: 'step' }),
  init: null,
  precision: 'fp32',
  seed: 1,
} as const;
const method = simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false });
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

it('remarks what of its method and network does not fit its length and views', async () => {
  const lengths: unknown[] = [];
  const unfit = (given: unknown) => {
    lengths.push(given);
    return ['the prototypes rest'];
  };
  const vit: Json = { describe: 'std.backbone.vit_ti', args: { patch: 5, image: 12 } };
  const params = {
    ...common,
    pairs,
    method: { ...method, remarks: unfit },
    backbone: smallNetwork,
  };
  const context = contextOf(params, { resolved: { backbone: vit } });
  await pretrain(context);
  expect(context.remarked).toEqual([
    "a view of 12 px is no whole number of `vit_ti`'s patches of 5 px: the network does not see its last 2 px at the right and below",
    'the prototypes rest',
  ]);
  expect(lengths).toEqual([{ epochs: 2, steps: 8, batch: 9, pairs: 36 }]);
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

const plain = {
  views: croppedViews.views.map((view) => ({
    ...view,
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] } as const,
  })),
};
const network = resnet18({ width: 2, stem: 'small-half', zero_init_residual: false });
const backbone: Json = {
  describe: 'std.backbone.resnet18',
  args: { width: 2, stem: 'small-half' },
};

it('remarks views that normalise otherwise than the weights are used to', async () => {
  const params = { ...common, pairs, method, backbone: network, epochs: 1 };
  const first = contextOf(params, { resolved: { backbone } });
  await pretrain(first);
  const goingOn = async (views: Views, from: string) => {
    const init = encoderOf(from, network);
    const context = contextOf({ ...params, views, init }, { resolved: { backbone } });
    await pretrain(context);
    return { remarked: context.remarked, out: context.out };
  };
  expect((await goingOn(croppedViews, first.out)).remarked).toEqual([]);
  const second = await goingOn(plain, first.out);
  // So few steps of views that it is not used to may also leave features in few directions.
  expect(second.remarked.filter((remark) => !remark.includes('rankme'))).toEqual([
    expect.stringMatching(
      /^the encoder of `init` is used to images of which 0\.5, 0\.5, 0\.5 is subtracted .* that are not normalised \(0 to 1\):/,
    ),
  ]);
  expect((await goingOn(croppedViews, second.out)).remarked).toEqual([
    expect.stringContaining('is used to images that are not normalised (0 to 1), and the views'),
  ]);
  // Weights that have seen nothing are used to nothing.
  const fresh = contextOf({ backbone: network, seed: 1 }, { resolved: { backbone } });
  await randomInit(fresh);
  expect((await goingOn(croppedViews, fresh.out)).remarked).toEqual([]);
});

it('remarks them of supervised training too', async () => {
  const given = { ...common, images, backbone: network, label: 'kind', split: 'train', epochs: 1 };
  const first = contextOf(given, { resolved: { backbone } });
  await supervised(first);
  const init = encoderOf(first.out, network);
  const second = contextOf({ ...given, views: plain, init }, { resolved: { backbone } });
  await supervised(second);
  expect(second.remarked).toEqual([expect.stringContaining('the encoder of `init` is used to')]);
});

it('remarks that an epoch leaves out much of what there is to learn from', async () => {
  const cases: [number, string | undefined][] = [
    [9, undefined],
    [11, undefined], // 3 of 36
    [
      20,
      'an epoch leaves out 16 of the 36 pairs, others each time: they do not fill a batch of 20; `batch: 18` leaves out none',
    ],
    [
      16,
      'an epoch leaves out 4 of the 36 pairs, others each time: they do not fill a batch of 16; `batch: 12` leaves out none',
    ],
  ];
  for (const [batch, remark] of cases) {
    const params = { ...common, epochs: 1, batch, pairs, method, backbone: smallNetwork };
    const context = contextOf(params);
    const { facts } = await pretrain(context);
    expect(context.remarked).toEqual(remark === undefined ? [] : [remark]);
    expect(facts).toMatchObject({ pairs: 36, 'left out in an epoch': 36 % batch });
  }
});
