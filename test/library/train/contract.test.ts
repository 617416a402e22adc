import { beforeAll, expect, it } from 'vitest';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Method, MethodStep } from '../../../src/library/stage.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { emaShare } from '../../../src/tensor/optim/ema.js';
import { copied, teacherAt } from '../../../src/tensor/optim/teacher.js';
import { rowsAt } from '../../../src/tensor/rows-at.js';
import { tf } from '../../../src/tensor/tf.js';
import { allWithoutGradient, withoutGradient } from '../../../src/tensor/without-gradient.js';
import { checkMethod, trainMethod } from '../ssl/check-method.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

/** Two views that attract each other and spread, as a ground to sketch on. */
const ground = simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false });
const [rows, dim] = [36, 4];

const firstView = ({ views: [view] }: MethodStep): tf.Tensor4D => {
  if (view === undefined) throw new Error('no view');
  return view;
};

/** As in DINO, MoCo v3: the teacher is asked first, draws nothing, keeps statistics of its own, and is the result. */
const teacherFirst = (): Method => {
  const teacher = teacherAt('teacher');
  return {
    ...ground,
    init(start) {
      const { trained, stats } = start.encoder;
      const own = (tensors: NamedTensors) => prefixed(copied(tensors), 'encoder');
      return { ...ground.init(start), state: teacher.begin(own(trained), own(stats)) };
    },
    loss(step) {
      const { state, encode } = step;
      const { features: target, ...statistics } = allWithoutGradient((): NamedTensors => {
        const weights = teacher.weights(state);
        const pass = encode(weights, teacher.statistics(state), firstView(step), 'still');
        return { features: pass.features, ...pass.state };
      });
      const given = ground.loss(step);
      const own = encode(step.trained, { ...state, ...given.state }, firstView(step));
      const apart = tf.mean(tf.squaredDifference(own.features, target ?? own.features));
      return {
        ...given,
        loss: tf.add(given.loss, apart),
        state: { ...own.state, ...teacher.keep(statistics) },
      };
    },
    after: ({ trained, state }, { progress }) => ({
      state: teacher.follow(state, trained, emaShare('cosine', 0.9, progress)),
    }),
    encoder: ({ state }) => ({
      trained: under(teacher.weights(state), 'encoder'),
      stats: under(teacher.statistics(state), 'encoder'),
    }),
  };
};

/** As in DeepCluster v2 and PIRL: a memory with a row for each pair, filled before the first step. */
const withMemory = (): Method => {
  const written = ({ state, items }: MethodStep, features: tf.Tensor2D): tf.Tensor2D =>
    withoutGradient(() => {
      const places = tf.oneHot(items, rows); // (n, rows)
      const kept = tf.sub(1, tf.sum(places, 0)).reshape([rows, 1]);
      const fresh = tf.matMul(tf.cast(places, 'float32'), features, true, false);
      return asMatrix(tf.add(tf.mul(pick(state, 'memory'), kept), fresh));
    });
  return {
    ...ground,
    init: (start) => ({
      ...ground.init(start),
      state: {
        memory: tf.zeros([start.pairs, start.features]),
        centres: tf.zeros([2, start.features]),
        filled: tf.scalar(0),
      },
    }),
    observe(step) {
      const { features } = step.encode(step.trained, step.state, firstView(step));
      const filled = tf.add(pick(step.state, 'filled'), features.shape[0]);
      return { memory: written(step, features), filled };
    },
    begin({ state }) {
      const memory = asMatrix(pick(state, 'memory'));
      const split = tf.split(memory, 2, 0).map((half) => tf.mean(half, 0));
      return { state: { centres: tf.stack(split) } };
    },
    loss(step) {
      const given = ground.loss(step);
      const pass = step.encode(step.trained, { ...step.state, ...given.state }, firstView(step));
      const centres = asMatrix(pick(step.state, 'centres'));
      const nearest = asVector(tf.argMax(tf.matMul(pass.features, centres, false, true), 1));
      const target = withoutGradient(() => rowsAt(centres, nearest));
      const apart = tf.mean(tf.squaredDifference(pass.features, target));
      return {
        loss: tf.add(given.loss, apart),
        state: { ...pass.state, memory: written(step, pass.features) },
        watch: { filled: pick(step.state, 'filled') },
      };
    },
  };
};

/** As in SwAV: prototypes that rest in the first epoch, and are made of length 1 after each step. */
const withPrototypes = (): Method => ({
  ...ground,
  paces: { prototypes: ({ epoch }) => tf.cast(tf.greaterEqual(epoch, 1), 'float32') },
  init(start) {
    const own = ground.init(start);
    const values = Float32Array.from({ length: 3 * start.features }, () => start.rng.normal());
    const prototypes = { 'prototypes.weight': tf.tensor2d(values, [start.features, 3]) };
    return { ...own, trained: { ...own.trained, ...prototypes } };
  },
  loss(step) {
    const given = ground.loss(step);
    const pass = step.encode(step.trained, { ...step.state, ...given.state }, firstView(step));
    const scores = tf.matMul(pass.features, asMatrix(pick(step.trained, 'prototypes.weight')));
    return {
      loss: tf.add(given.loss, tf.mean(tf.square(scores))),
      state: pass.state,
      watch: { longest: tf.max(tf.abs(pick(step.trained, 'prototypes.weight'))) },
    };
  },
  after({ trained }) {
    const weight = pick(trained, 'prototypes.weight');
    return { trained: { 'prototypes.weight': tf.div(weight, tf.norm(weight, 2, 0, true)) } };
  },
});

checkMethod('a method whose teacher is asked first', teacherFirst);
checkMethod('a method with a memory', withMemory);
checkMethod('a method with prototypes', withPrototypes);

it('gives the weights that the method calls the encoder', async () => {
  const { files: teacher, tensors } = await trainMethod(teacherFirst());
  const { files: student } = await trainMethod({
    ...teacherFirst(),
    encoder: ({ trained, state }) => ({
      trained: under(trained, 'encoder'),
      stats: under(state, 'encoder'),
    }),
  });
  expect(teacher['encoder.safetensors']).not.toBe(student['encoder.safetensors']);
  expect(teacher['history.json']).toBe(student['history.json']);
  expect([...tensors.keys()]).toContain('state.teacher_statistics.encoder.bn.mean');
});

it('shows each pair once before the first step, and rests parts at a pace of 0', async () => {
  const { rows: epochs } = await trainMethod(withMemory());
  expect(epochs.map(({ filled }) => filled)).toEqual([rows, rows]);
  const { tensors } = await trainMethod({ ...withPrototypes(), after: () => ({}) }, { epochs: 1 });
  const slots = [...tensors].filter(([name]) => name.startsWith('slots.pace.prototypes.'));
  expect(slots.length).toBeGreaterThan(0);
  for (const [, values] of slots) expect(values.every((value) => value === 0)).toBe(true);
});

it('says that a state has to be float32', async () => {
  const wrong: Method = {
    ...ground,
    init: (start) => ({ ...ground.init(start), state: { labels: tf.zeros([dim], 'int32') } }),
  };
  await expect(trainMethod(wrong)).rejects.toMatchObject({
    code: 'method-state',
    message: expect.stringContaining('`labels` is int32'),
  });
});
