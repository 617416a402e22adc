// One SimCLR step of this project, compiled or op by op (`eager`), driven by train-step.mjs: reads a
// number of steps a line from stdin, answers with the milliseconds of each, then at the end with the
// peak memory.
import { createInterface } from 'node:readline';
import { make as resnet18 } from '../../dist/library/backbone/resnet18.js';
import { make as adamw } from '../../dist/library/optim/adamw.js';
import { make as sgd } from '../../dist/library/optim/sgd.js';
import { make as simclr } from '../../dist/library/ssl/simclr.js';
import { prefixed, under } from '../../dist/tensor/named-tensors.js';
import { createRng } from '../../dist/tensor/rng.js';
import { loadTensorFlow } from '../../dist/tensor/runtime/load.js';
import { tf } from '../../dist/tensor/tf.js';
import { compiledStepper } from '../../dist/tensor/train/compiled-stepper.js';
import { eagerStepper } from '../../dist/tensor/train/eager-stepper.js';

const { width, stem, pixels, pairs, optimiser, hidden, dim, threads, eager } = JSON.parse(
  process.argv[2],
);
loadTensorFlow({ threads });

const backbone = resnet18({ width, stem });
const method = simclr({ temperature: 0.2, hidden, dim });
const optimizer =
  optimiser === 'adamw'
    ? adamw({
        lr: 2e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        decay: 1e-4,
        final_decay: null,
        exclude: false,
      })
    : sgd({ lr: 0.05, momentum: 0.9, nesterov: false, decay: 1e-4, exclude: false });

const rng = createRng(0);
const encoder = backbone.init(rng.split('encoder'));
const heads = method.init(backbone.features, rng.split('method'), encoder, backbone.init);
const trained = { ...prefixed(encoder.trained, 'encoder'), ...heads.trained };
const state = { ...prefixed(encoder.stats, 'encoder'), ...heads.state };
const noise = rng.split('images');
const views = [0, 1].map(() =>
  tf.tensor4d(
    Float32Array.from({ length: pairs * pixels * pixels * 3 }, () => noise.uniform()),
    [pairs, pixels, pixels, 3],
  ),
);

const seed = tf.tensor1d([0, 0], 'int32');
const encode = (weights, statistics, x) => {
  const parts = { trained: under(weights, 'encoder'), stats: under(statistics, 'encoder') };
  const { features, stats } = backbone.apply(parts, x, { seed });
  return { features, state: prefixed(stats, 'encoder') };
};
const rules = {
  loss: (weights, statistics, seen, at) =>
    method.loss({
      trained: weights,
      state: statistics,
      views: [seen.first, seen.second],
      seed: at.seed,
      encode,
    }),
  update: (gradients, now, { scale, step, progress }) =>
    optimizer.update({ trained: now.trained, gradients, slots: now.slots, scale, step, progress }),
};
const begin = eager ? eagerStepper : compiledStepper;
const stepper = begin(rules, { trained, state, slots: optimizer.init(trained) });

function step(index) {
  const start = performance.now();
  const at = {
    scale: tf.scalar(1),
    step: tf.scalar(index),
    progress: tf.scalar(0),
    seed: tf.tensor1d([0, index], 'int32'),
  };
  const loss = stepper.step({ inputs: { first: views[0], second: views[1] }, at }).get('loss');
  tf.dispose(at);
  if (!Number.isFinite(loss)) throw new Error(`loss ${loss} at step ${index}`);
  return performance.now() - start;
}

let done = 0;
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(Array.from({ length: Number(line) }, () => step(done++))));
}
console.log(JSON.stringify(process.resourceUsage().maxRSS / 1024));
