import { beforeAll, expect, it } from 'vitest';
import { withPaces } from '../../../src/library/paces.js';
import { make as dino } from '../../../src/library/ssl/dino.js';
import type { Method, MethodStep } from '../../../src/library/stage.js';
import { asMatrix, asScalar } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { type Moment, momentOf } from '../../../src/tensor/train/moment.js';
import { adam, checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  prototypes: 11,
  student_temperature: 0.1,
  teacher_temperature: 0.04,
  warmup_temperature: 0.04,
  warmup_epochs: 0,
  momentum: 0.9,
  schedule: 'cosine',
  centre_momentum: 0.9,
  frozen_epochs: 1,
  norm_last_layer: true,
  layers: 3,
  norm: false,
  hidden: 10,
  dim: 6,
  teacher_head: 'copy',
} as const;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

checkMethod('DINO', () => dino(small));

it('gives losses, gradients, weights, teacher and centre as the official code does', () => {
  replaySteps('dino', dino({ ...small, teacher_temperature: 0.07, warmup_epochs: 2 }));
});

it('does so with batch norm in the head and trained lengths of the prototypes', () => {
  const temperatures = { teacher_temperature: 0.05, warmup_temperature: 0.05 };
  const other = { norm: true, norm_last_layer: false, frozen_epochs: 0 };
  replaySteps('dino-plain', dino({ ...small, ...temperatures, ...other }), { sharpness: 3 });
});

it('has the official head, and a teacher that begins as a copy of all of it', () => {
  const { trained, state } = startOf(dino({ ...small, norm: true, norm_last_layer: false }));
  expect(shapesOf(trained)).toEqual({
    'head.mlp.0.weight': [4, 10],
    'head.mlp.0.bias': [10],
    'head.mlp.1.weight': [10],
    'head.mlp.1.bias': [10],
    'head.mlp.3.weight': [10, 10],
    'head.mlp.3.bias': [10],
    'head.mlp.4.weight': [10],
    'head.mlp.4.bias': [10],
    'head.mlp.6.weight': [10, 6],
    'head.mlp.6.bias': [6],
    'head.last_layer.weight_v': [6, 11],
    'head.last_layer.weight_g': [1, 11],
  });
  for (const [name, tensor] of Object.entries(trained))
    expect(pick(state, `teacher.${name}`).dataSync(), name).toEqual(tensor.dataSync());
  const fresh = startOf(dino({ ...small, teacher_head: 'fresh' }));
  const name = 'head.mlp.0.weight';
  expect(pick(fresh.state, `teacher.${name}`).dataSync()).not.toEqual(
    pick(fresh.trained, name).dataSync(),
  );
});

/** What a method says of two views (6, 2, 2, 3) whose features an encoder without weights makes. */
function said(
  method: Method,
  { epoch = 0, features }: { epoch?: number; features: (x: tf.Tensor4D) => tf.Tensor2D },
): { loss: number; watch: Record<string, number>; passes: (string | undefined)[] } {
  const views = [1, 2].map((seed) =>
    tf.randomNormal<tf.Rank.R4>([6, 2, 2, 3], 0, 1, 'float32', seed),
  );
  const { trained, state } = startOf(method);
  const passes: (string | undefined)[] = [];
  const encodeCrops: MethodStep['encodeCrops'] = (_trained, _state, crops, pass) => {
    passes.push(pass);
    return { features: asMatrix(tf.concat(crops.map(features))), state: {} };
  };
  const at = momentOf(epoch, { seed: 0, epochs: 9, perEpoch: 1, scale: 1 });
  const other = () => {
    throw new Error('crops pass together');
  };
  const items = tf.tensor1d([0, 1, 2, 3, 4, 5], 'int32');
  const step = { views, items, labels: [], at };
  const given = method.loss({
    ...step,
    trained,
    state,
    encode: other,
    encodeEach: other,
    encodeCrops,
  });
  const watch = Object.entries(given.watch ?? {}).map(([k, v]) => [k, v.dataSync()[0] ?? NaN]);
  return { loss: given.loss.dataSync()[0] ?? NaN, watch: Object.fromEntries(watch), passes };
}

const first4 = (x: tf.Tensor4D): tf.Tensor2D =>
  asMatrix(tf.slice(x.reshape([-1, 12]), [0, 0], [-1, 4]));

it('drops no paths of the teacher, and passes all crops of a size as one batch', () => {
  expect(said(dino(small), { features: first4 }).passes).toEqual(['still', undefined]);
});

it('warms the temperature of the teacher up by the epoch, as numpy.linspace does', () => {
  const method = dino({ ...small, teacher_temperature: 0.07, warmup_epochs: 4 });
  const seen = [0, 1, 2, 3, 4, 8].map(
    (epoch) => said(method, { epoch, features: first4 }).watch.teacher_temperature,
  );
  [0.04, 0.05, 0.06, 0.07, 0.07, 0.07].forEach((value, index) => {
    expect(seen[index]).toBeCloseTo(value, 6);
  });
});

it('shows collapse: a loss and an entropy of ln K without divergence', () => {
  const still = (x: tf.Tensor4D) => tf.zeros<tf.Rank.R2>([x.shape[0], 4]);
  const { loss, watch } = said(dino(small), { features: still });
  expect(loss).toBeCloseTo(Math.log(11), 5);
  expect(watch.teacher_entropy).toBeCloseTo(Math.log(11), 5);
  expect(watch.kl).toBeCloseTo(0, 5);
});

it('keeps the last layer for an epoch, and gives the teacher as the encoder', async () => {
  const options = { epochs: 1, optimizer: adam };
  const { tensors, files } = await trainMethod(dino(small), options);
  const open = await trainMethod(dino({ ...small, frozen_epochs: 0 }), options);
  const name = 'head.last_layer.weight_v';
  // The teacher's began alike and follows it: they differ as soon as it moves.
  expect(tensors.get(`trained.${name}`)).toEqual(tensors.get(`state.teacher.${name}`));
  expect(open.tensors.get(`trained.${name}`)).not.toEqual(
    open.tensors.get(`state.teacher.${name}`),
  );
  const { encoder: _, ...student } = dino(small);
  const other = await trainMethod(student, options);
  expect(other.files['history.json']).toBe(files['history.json']);
  expect(other.files['encoder.safetensors']).not.toBe(files['encoder.safetensors']);
});

it('corrects Adam by the steps of the last layer itself, as torch counts', () => {
  const paces = {
    last: ({ epoch }: Moment) => asScalar(tf.cast(tf.greaterEqual(epoch, 2), 'float32')),
  };
  const paced = withPaces(adam, paces);
  let now = {
    trained: { 'last.w': tf.ones([1, 1]), other: tf.ones([1, 1]) } as Record<string, tf.Tensor>,
    slots: {},
  };
  now = { ...now, slots: paced.init(now.trained) };
  const gradients = { 'last.w': tf.fill([1, 1], 0.5), other: tf.fill([1, 1], 0.5) };
  for (let step = 0; step < 3; step++) {
    const at = momentOf(step, { seed: 0, epochs: 3, perEpoch: 1, scale: 1 });
    now = paced.update({ ...now, gradients, at }) as typeof now;
  }
  // A first step of Adam is as long as the rate, whenever it comes; the decay is 1e-2 falling to 0.1 of … by then.
  const moved = 1 - (pick(now.trained, 'last.w').dataSync()[0] ?? NaN);
  expect(moved).toBeGreaterThan(1e-3);
  expect(moved).toBeLessThan(1.2e-3);
});
