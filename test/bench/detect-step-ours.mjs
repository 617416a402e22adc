// The step of detect-step.mjs in this project, driven by it: a line `run N` on stdin is answered with the
// milliseconds of N steps, `memory` with the peak in MB.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeBoxes } from '../../dist/library/artifact/boxes.js';
import { writeImages } from '../../dist/library/artifact/write-images.js';
import { prepareDetector } from '../../dist/library/detect/prepare-detector.js';
import { make as constant } from '../../dist/library/optim/constant.js';
import { make as sgd } from '../../dist/library/optim/sgd.js';
import { run as randomInit } from '../../dist/library/train/random_init.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { createRng } from '../../dist/tensor/rng.js';
import { tf } from '../../dist/tensor/tf.js';
import { compiledStepper } from '../../dist/tensor/train/compiled-stepper.js';
import { advance } from '../../dist/tensor/train/feed.js';

const config = JSON.parse(process.argv[2]);
const { pixels, batch, classes, objects, precision, threads } = config;
loadTensorFlow({ threads });

const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-detect-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const context = (params, out) => ({
  ...{ params, out, checkpoint: folder, threads, module: () => '' },
  resolved: { backbone: { describe: `std.backbone.${config.backbone.name}`, args: {} } },
  ...{ progress() {}, log() {}, remark() {} },
});
const artifact = (at) => ({
  ...{ digest: at, metrics: {} },
  file: (name) => join(at, name),
  has: (name) => existsSync(join(at, name)),
});

/** Noise with boxes around parts of it: a batch and one image for the test. */
function images() {
  const at = mkdtempSync(join(folder, 'images-'));
  const rng = createRng(0, 'images');
  const count = batch + 1;
  const bytes = Uint8Array.from({ length: count * pixels * pixels * 3 }, () => rng.below(256));
  const items = Array.from({ length: count }, (_, index) => ({
    name: `${index}`,
    split: index < batch ? 'train' : 'test',
    attributes: {},
  }));
  const box = () => {
    const [w, h] = [20 + rng.below(pixels / 2), 20 + rng.below(pixels / 2)];
    const [x, y] = [rng.below(pixels - w), rng.below(pixels - h)];
    return [x, y, x + w, y + h];
  };
  writeImages(at, { size: pixels, pixels: bytes, items, values: {}, sources: [] });
  writeBoxes(join(at, 'boxes.json'), {
    classes: Array.from({ length: classes }, (_, number) => `class ${number}`),
    images: items.map(() => ({
      ...{ width: pixels, height: pixels, place: [0, 0, pixels, pixels] },
      objects: Array.from({ length: objects }, () => ({
        ...{ class: rng.below(classes), box: box(), difficult: false, truncated: false },
      })),
    })),
  });
  return artifact(at);
}

const described = await import(`../../dist/library/backbone/${config.backbone.name}.js`);
const backbone = described.make(config.backbone.args);
const encoder = mkdtempSync(join(folder, 'encoder-'));
await randomInit(context({ backbone, seed: 1 }, encoder));
const { training } = prepareDetector(
  context({
    encoder: { ...artifact(encoder), backbone },
    on: images(),
    ...{ train: 'train', more: null, test: 'test', scales: { low: 1, high: 1 } },
    ...{ anchors: config.anchors, roi: config.roi, norm: 'batch', head_norm: false, precision },
    ...{ anchor_samples: config.anchorSamples, box_samples: config.boxSamples },
    ...{ proposals: config.proposals, precision_of: 'area', epochs: 100_000, batch, seed: 1 },
    optimizer: sgd({ lr: 0.001, momentum: 0.9, nesterov: false, decay: 1e-4, exclude: false }),
    schedule: constant({}),
  }),
);
const stepper = compiledStepper(training.rules(), training.init(), { precision });
let done = 0;

/** One step from bytes to the loss; milliseconds. */
async function step() {
  const start = performance.now();
  await training.fetch?.(done);
  const loss = advance(training, stepper, done++).watched.get('loss');
  if (!Number.isFinite(loss)) throw new Error(`loss ${loss} at step ${done}`);
  return performance.now() - start;
}

async function steps(count) {
  const times = [];
  while (times.length < count) times.push(await step());
  return times;
}

const peak = () =>
  Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const versions = `Node ${process.versions.node}, TensorFlow.js ${tf.version_core}, TensorFlow's kernels by its C library`;
console.log(JSON.stringify(versions));
for await (const line of createInterface({ input: process.stdin })) {
  const [what, count] = line.split(' ');
  console.log(JSON.stringify(what === 'memory' ? peak() : await steps(Number(count))));
}
