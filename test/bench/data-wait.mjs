// What share of a training's steps passes outside TensorFlow while its images are read from shards:
// `node data-wait.mjs '{"pairs": FOLDER, "steps": N, "threads": N}'` prints it for SimCLR on ResNet-18
// (64 views of 32 px a step), as `train` goes through the steps: reading ahead, views, the native call.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { make as resnet18 } from '../../dist/library/backbone/resnet18.js';
import { make as constant } from '../../dist/library/optim/constant.js';
import { make as sgd } from '../../dist/library/optim/sgd.js';
import { make as simclr } from '../../dist/library/ssl/simclr.js';
import { training as trainingOf } from '../../dist/library/train/pretrain.js';
import { make as simclrViews } from '../../dist/library/views/simclr_views.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { tf } from '../../dist/tensor/tf.js';
import { compiledStepper } from '../../dist/tensor/train/compiled-stepper.js';
import { fedAt, fetchAhead } from '../../dist/tensor/train/feed.js';

const { pairs, steps, threads } = JSON.parse(process.argv[2]);
loadTensorFlow({ threads, device: 'cpu' });
const range = (low, high) => ({ low, high });
const { training } = trainingOf({
  params: {
    pairs: {
      type: 'Pairs',
      digest: pairs,
      metrics: {},
      file: (name) => join(pairs, name),
      has: (name) => existsSync(join(pairs, name)),
    },
    views: simclrViews({
      size: 32,
      ...{ scale: range(0.2, 1), ratio: range(0.75, 4 / 3), flip: 0.5, rotation: 0 },
      ...{ jitter: 0.8, strength: 1, grayscale: 0.2, blur: 0.5, sigma: range(0.1, 2) },
    }),
    backbone: resnet18({ width: 64, stem: 'small', zero_init_residual: false }),
    method: simclr({ temperature: 0.2, hidden: 512, dim: 128, head: 'paper', sum: false }),
    optimizer: sgd({ lr: 0.05, momentum: 0.9, nesterov: false, decay: 1e-4, exclude: false }),
    schedule: constant({}),
    init: null,
    ...{ epochs: 1, batch: 32, seed: 0, precision: 'fp32' },
  },
  resolved: {},
  log() {},
  remark() {},
});
const stepper = compiledStepper(training.rules(), training.init(), { precision: 'fp32' });
const parts = { reading: 0, views: 0, step: 0 };
const timed = async (part, step, work) => {
  const start = performance.now();
  const made = await work();
  // The first step compiles.
  if (step > 0) parts[part] += performance.now() - start;
  return made;
};
let fetched = fetchAhead(training, 0, steps + 1);
for (let step = 0; step <= steps; step++) {
  await timed('reading', step, async () => {
    await fetched;
    fetched = fetchAhead(training, step + 1, steps + 1);
  });
  const fed = await timed('views', step, () => fedAt(training, step));
  await timed('step', step, () => stepper.step(fed));
  tf.dispose([fed.inputs, fed.at]);
  await timed('reading', step, () => setImmediate());
}
const { reading, views, step } = parts;
const all = reading + views + step;
console.log(JSON.stringify({ reading: reading / all, wait: (all - step) / all, ms: all / steps }));
