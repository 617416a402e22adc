// The step of train-step.mjs in this project, driven by it: a line `run N` on stdin is answered with
// the milliseconds of N steps, `memory` with the peak in MB, `wait N` with what share of N steps,
// whose views are drawn as in pretraining, passes outside the native call.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { pixelsAhead } from '../../dist/library/artifact/pixels-ahead.js';
import { methodRules } from '../../dist/library/method-rules.js';
import { make as sgd } from '../../dist/library/optim/sgd.js';
import { bothAhead, drawsAhead } from '../../dist/library/train/draws-ahead.js';
import { viewsOfPixels } from '../../dist/library/train/views-of-pairs.js';
import { make as simclrViews } from '../../dist/library/views/simclr_views.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { prefixed } from '../../dist/tensor/named-tensors.js';
import { createRng } from '../../dist/tensor/rng.js';
import { tf } from '../../dist/tensor/tf.js';
import { compiledStepper } from '../../dist/tensor/train/compiled-stepper.js';
import { momentOf } from '../../dist/tensor/train/moment.js';
import { fedPixels } from '../../dist/tensor/views/planes.js';
import { tensorsOf } from '../../dist/tensor/views/view-tensors.js';

const started = performance.now();
const config = JSON.parse(process.argv[2]);
const { backbone: network, precision, pairs, memory, threads, device } = config;
loadTensorFlow({ threads, ...(device && { device }) });

const described = async (module, { name, args }) =>
  (await import(`../../dist/library/${module}/${name}.js`)).make(args);
const backbone = await described('backbone', network);
const method = await described('ssl', config.method);
const optimizer = sgd({ lr: 0.001, momentum: 0.9, nesterov: false, decay: 1e-4, exclude: false });

function initialState() {
  const rng = createRng(0);
  const encoder = backbone.init(rng.split('encoder'));
  const { features, init: another } = backbone;
  const start = { features, encoder, another, rng: rng.split('method'), pairs: memory };
  const heads = method.init(start);
  const trained = { ...prefixed(encoder.trained, 'encoder'), ...heads.trained };
  const state = { ...prefixed(encoder.stats, 'encoder'), ...heads.state };
  return { trained, state, slots: optimizer.init(trained) };
}

/** The steps of a training whose views `prepare` makes of what it is fed. */
function stepperOf(prepare) {
  const rules = { ...methodRules(method, backbone, optimizer), ...(prepare && { prepare }) };
  return compiledStepper(rules, initialState(), { precision });
}

const moment = (index) => momentOf(index, { seed: 0, epochs: 1, perEpoch: 1e6, scale: 1 });

/** One step from host to host; milliseconds. */
function step(stepper, index, inputs) {
  const start = performance.now();
  const at = moment(index);
  const loss = stepper.step({ inputs, at }).watched.get('loss');
  tf.dispose(at);
  if (!Number.isFinite(loss)) throw new Error(`loss ${loss} at step ${index}`);
  return performance.now() - start;
}

const noise = createRng(0, 'images');
const image = (size) =>
  tf.tensor4d(
    Float32Array.from({ length: pairs * size * size * 3 }, () => noise.uniform()),
    [pairs, size, size, 3],
  );
const items = tf.range(0, pairs, 1, 'int32');
const labels = tf.mod(items, tf.scalar(10, 'int32'));
/** What the loss sees beside the views. */
const beside = {
  items,
  ...(method.label && { 'labels.0': labels, 'labels.1': labels }),
};
const ready = {
  ...Object.fromEntries(config.views.map((size, view) => [`view.${view}`, image(size)])),
  ...beside,
};
const stepper = stepperOf();
let done = 0;

/** What a training does before its first step: a memory is filled, and clustered. */
function begin(stepper, inputs) {
  const at = moment(0);
  stepper.observe({ inputs, at });
  stepper.begin({ inputs, at });
  tf.dispose(at);
}

/** Share of the steps' time in which the native call does not run, with what a training feeds its steps. */
async function waitShare(steps) {
  const views = { views: config.views.map(viewOfSize) };
  const size = Math.max(...config.views);
  // Of images that are all alike no method learns, and VICReg's loss breaks.
  const taken = Uint8Array.from({ length: 2 * pairs * size * size * 3 }, () =>
    Math.floor(256 * noise.uniform()),
  );
  const extent = { count: pairs, height: size, width: size };
  const copy = (_, into) => {
    into.set(taken);
    return into;
  };
  const pixels = pixelsAhead({ size, fetch: copy }, () => new Int32Array(2 * pairs));
  const draws = drawsAhead({ views, extent, seed: 0, numbered: true });
  const fed = (step) => ({
    ...prefixed(fedPixels(pixels.of(step)), 'pixels'),
    ...tensorsOf(draws.of(step)),
    ...Object.fromEntries(Object.entries(beside).map(([name, x]) => [name, tf.clone(x)])),
  });
  // In a training Node has compiled this after some tens of steps.
  for (let step = 0; step < 30; step++) {
    await pixels.fetch(step);
    tf.dispose(fed(step));
  }
  const viewed = stepperOf((inputs) => ({
    ...prefixed(viewsOfPixels(views, inputs, size), 'view'),
    ...Object.fromEntries(Object.keys(beside).map((name) => [name, inputs[name]])),
  }));
  let [outside, inside] = [0, 0];
  const fetch = (step) => bothAhead(pixels.fetch(step), draws.fetch(step));
  let fetched = fetch(0);
  for (let index = 0; index <= steps; index++) {
    const start = performance.now();
    // As `train` does: what a thread has drawn comes between steps.
    await setImmediate();
    await fetched;
    fetched = fetch(index + 1);
    const inputs = fed(index);
    const waited = performance.now() - start;
    if (index === 0) begin(viewed, inputs);
    const worked = step(viewed, index, inputs);
    tf.dispose(inputs);
    // The first step compiles.
    if (index > 0) [outside, inside] = [outside + waited, inside + worked];
  }
  await fetched;
  draws.end();
  viewed.dispose();
  return outside / (outside + inside);
}

function viewOfSize(size) {
  const [view] = simclrViews({
    size,
    scale: { low: 0.2, high: 1 },
    ratio: { low: 0.75, high: 4 / 3 },
    flip: 0.5,
    rotation: 0,
    jitter: 0.8,
    strength: 1,
    grayscale: 0.2,
    blur: 0.5,
    sigma: { low: 0.1, high: 2 },
  }).views;
  return view;
}

const peak = () =>
  Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const answers = {
  run(steps) {
    if (done === 0) begin(stepper, ready);
    return Array.from({ length: steps }, () => step(stepper, done++, ready));
  },
  memory: peak,
  wait: waitShare,
};
console.log(JSON.stringify(performance.now() - started));
for await (const line of createInterface({ input: process.stdin })) {
  const [what, count] = line.split(' ');
  console.log(JSON.stringify(await answers[what](Number(count))));
}
