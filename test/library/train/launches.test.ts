import { beforeAll, expect, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as vitTi } from '../../../src/library/backbone/vit_ti.js';
import { methodRules } from '../../../src/library/method-rules.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as lars } from '../../../src/library/optim/lars.js';
import { make as byol } from '../../../src/library/ssl/byol.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Backbone, Method, Optimizer, Views } from '../../../src/library/stage.js';
import { drawnViews } from '../../../src/library/train/drawn-views.js';
import { viewsFrom } from '../../../src/library/train/views-of-pairs.js';
import { make as byolViews } from '../../../src/library/views/byol_views.js';
import { make as simclrViews } from '../../../src/library/views/simclr_views.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { prefixed } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { compiledStepper } from '../../../src/tensor/train/compiled-stepper.js';
import { momentOf } from '../../../src/tensor/train/moment.js';
import { planesOfPixels } from '../../../src/tensor/views/planes.js';
import { tensorsOf } from '../../../src/tensor/views/view-tensors.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const size = 32;
const pairs = 4;
const common = { size, ratio: { low: 0.75, high: 4 / 3 }, flip: 0.5, rotation: 0, strength: 1 };
const adam = adamw({
  lr: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 0.05,
  final_decay: null,
  exclude: true,
});
const larsOf = lars({
  lr: 0.3,
  vector_lr: null,
  momentum: 0.9,
  eta: 0.001,
  decay: 1e-6,
  exclude: true,
  variant: 'official',
  clip: false,
});

/** What one step of a training starts on a device, from pixels to new weights. */
function launches(
  method: Method,
  backbone: Backbone,
  optimizer: Optimizer,
  views: Views,
): ReadonlyMap<string, number> {
  const rng = createRng(0);
  const encoder = backbone.init(rng.split('encoder'));
  const { features, init: another } = backbone;
  const heads = method.init({ features, encoder, another, rng: rng.split('method'), pairs });
  const trained = { ...prefixed(encoder.trained, 'encoder'), ...heads.trained };
  const state = { ...prefixed(encoder.stats, 'encoder'), ...heads.state };
  const stepper = compiledStepper(
    {
      ...methodRules(method, backbone, optimizer),
      prepare: (inputs) => ({
        ...prefixed(viewsFrom(views, inputs), 'view'),
        items: tf.range(0, pairs, 1, 'int32'),
      }),
    },
    { trained, state, slots: optimizer.init(trained) },
    { precision: 'fp32' },
  );
  const side = () => planesOfPixels(new Uint8Array(pairs * size * size * 3).fill(128), size);
  const inputs = {
    'side0.planes': side(),
    'side1.planes': side(),
    ...tensorsOf(
      drawnViews(
        { views, extent: { count: pairs, height: size, width: size }, seed: 0, numbered: true },
        0,
      ),
    ),
  };
  const at = momentOf(0, { seed: 0, epochs: 1, perEpoch: 10, scale: 1 });
  stepper.step({ inputs, at });
  tf.dispose([inputs, at]);
  const found = stepper.launches() ?? new Map();
  stepper.dispose();
  return found;
}

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** What there is of each op, for people. */
const mostFirst = (counts: ReadonlyMap<string, number>): string =>
  JSON.stringify([...counts].sort((a, b) => b[1] - a[1]));

it('starts few ops for a step of SimCLR with ResNet-18', () => {
  const views = simclrViews({
    ...common,
    scale: { low: 0.08, high: 1 },
    jitter: 0.8,
    grayscale: 0.2,
    blur: 0.5,
    sigma: { low: 0.1, high: 2 },
  });
  const backbone = resnet18({ width: 64, stem: 'imagenet', zero_init_residual: false });
  const method = simclr({ temperature: 0.5, hidden: 64, dim: 32, head: 'paper', sum: false });
  const counts = launches(method, backbone, larsOf, views);
  expect(total(counts), mostFirst(counts)).toBeLessThanOrEqual(600);
});

it('starts few ops for a step of BYOL with ViT-Ti', () => {
  const views = byolViews({
    ...common,
    scale: { low: 0.08, high: 1 },
    jitter: 0.8,
    grayscale: 0.2,
    blur: 1,
    second_blur: 0.1,
    solarise: 0.2,
    sigma: { low: 0.1, high: 2 },
  });
  const method = byol({ tau: 0.996, schedule: 'cosine', target: 'copy', hidden: 64, dim: 32 });
  const counts = launches(method, vitTi({ patch: 8, image: size, drop_path: 0 }), adam, views);
  expect(total(counts), mostFirst(counts)).toBeLessThanOrEqual(2500);
});
