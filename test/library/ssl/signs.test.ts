import { expect, it } from 'vitest';
import { watchSigns } from '../../../src/library/artifact/watch-signs.js';
import { make as barlowTwins } from '../../../src/library/ssl/barlow_twins.js';
import { make as deepcluster } from '../../../src/library/ssl/deepcluster_v2.js';
import { make as dino } from '../../../src/library/ssl/dino.js';
import { make as moco } from '../../../src/library/ssl/moco_v2.js';
import { make as mocoV3 } from '../../../src/library/ssl/moco_v3.js';
import { make as nnclr } from '../../../src/library/ssl/nnclr.js';
import { make as pirl } from '../../../src/library/ssl/pirl.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { make as supcon } from '../../../src/library/ssl/supcon.js';
import { make as swav } from '../../../src/library/ssl/swav.js';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import type { Method } from '../../../src/library/stage.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { infoNce, meanWatch, queueNce } from '../../../src/tensor/losses/info-nce.js';
import { l2Normalise } from '../../../src/tensor/losses/l2-normalise.js';
import { tf } from '../../../src/tensor/tf.js';

const small = { hidden: 16, dim: 8 } as const;
const methods: Readonly<Record<string, Method>> = {
  simclr: simclr({ ...small, temperature: 0.5, head: 'paper', sum: false }),
  vicreg: vicreg({ ...small, invariance: 25, variance: 25, covariance: 1 }),
  barlow_twins: barlowTwins({ ...small, redundancy: 0.0051, scale: 1 }),
  moco_v2: moco({
    ...small,
    temperature: 0.2,
    queue: 4096,
    momentum: 0.999,
    schedule: 'constant',
    symmetric: false,
    split_bn: 1,
    head: 'mlp',
  }),
  moco_v3: mocoV3({
    ...small,
    temperature: 1,
    preset: '100',
    momentum: null,
    schedule: 'cosine',
    projector: 2,
    predictor_norm: false,
    frozen_patches: false,
  }),
  nnclr: nnclr({
    ...{ ...small, temperature: 0.1, queue: 16, predictor: 16 },
    candidates: 'predictions',
  }),
  supcon: supcon({ ...small, label: 'class', temperature: 0.1, base_temperature: 0.07 }),
  dino: dino({
    ...small,
    prototypes: 4096,
    student_temperature: 0.1,
    teacher_temperature: 0.04,
    warmup_temperature: 0.04,
    warmup_epochs: 0,
    momentum: 0.996,
    schedule: 'cosine',
    centre_momentum: 0.9,
    frozen_epochs: 1,
    norm_last_layer: true,
    layers: 3,
    norm: false,
    teacher_head: 'copy',
  }),
  swav: swav({
    ...small,
    prototypes: 3000,
    temperature: 0.1,
    epsilon: 0.05,
    sinkhorn_iterations: 3,
    frozen_steps: 313,
    queue: 0,
    queue_epoch: 15,
    bias: false,
  }),
  deepcluster_v2: deepcluster({ ...small, prototypes: [30], temperature: 0.1, iterations: 10 }),
  pirl: pirl({
    ...{ negatives: 15, temperature: 0.07, momentum: 0.5, lambda: 0.5, dim: 8 },
    ...{ start: 'random', statistics: 'both' },
  }),
};

/** What shows a collapse: a number of a method, as it is then (in how many epochs), and as it is in a sound training. */
const signs: readonly (readonly [string, string, number, number, number])[] = [
  // The loss of a guess: ln 4097 is where a queue that never changed once left MoCo.
  ['moco_v2', 'of_chance', 8.318 / Math.log(4097), 3, 0.8],
  ['moco_v3', 'of_chance', 1, 3, 0.9],
  ['nnclr', 'of_chance', 1, 3, 0.9],
  ['supcon', 'of_chance', 1, 3, 0.9],
  ['simclr', 'of_chance', 1, 3, 0.9],
  ['vicreg', 'variance', 0.99, 1, 0.3],
  ['barlow_twins', 'redundancy', 0.99, 1, 0.1],
  ['dino', 'teacher_entropy', Math.log(4096), 2, 4],
  ['dino', 'teacher_prototypes', 1, 2, 60],
  ['dino', 'kl', 0, 1, 0.5],
  ['dino', 'loss', Math.log(4096), 3, 6],
  // 93 % of ln 3000, where trainings of few epochs were seen to stay.
  ['swav', 'assignment_entropy', 7.45, 2, 3],
  ['swav', 'prototypes_used', 1, 1, 200],
  ['swav', 'loss', 8.006, 3, 6],
  ['deepcluster_v2', 'largest_cluster', 0.9, 1, 0.1],
  ['deepcluster_v2', 'prototypes_used', 1, 1, 20],
  ['deepcluster_v2', 'loss', Math.log(30), 3, 2],
  ['pirl', 'negative', 0.99, 1, 0.02],
];

/** What is remarked of epochs in which a number of a method has a value. */
function remarked(method: string, name: string, value: number, epochs: number): readonly string[] {
  const said: string[] = [];
  const watch = watchSigns(methods[method]?.signs ?? {}, { remark: (text) => said.push(text) });
  for (let epoch = 1; epoch <= epochs; epoch++) watch({ epoch, [name]: value });
  return said;
}

it.each(signs)('warns of %s whose %s is %d', (method, name, collapsed, epochs, sound) => {
  expect(remarked(method, name, collapsed, epochs - 1)).toEqual([]);
  const said = remarked(method, name, collapsed, epochs);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`${name} is`);
  expect(remarked(method, name, sound, 5)).toEqual([]);
});

it('knows each sign that a method has', () => {
  const declared = Object.entries(methods).flatMap(([method, { signs: own = {} }]) =>
    Object.entries(own).flatMap(([name, { alarms = [] }]) => alarms.map(() => `${method} ${name}`)),
  );
  expect(signs.map(([method, name]) => `${method} ${name}`).toSorted()).toEqual(
    declared.toSorted(),
  );
});

it('counts a guess as 1, whichever candidates there are and in both directions', () => {
  loadTensorFlow({ threads: 2 });
  const rows = (n: number) => l2Normalise(tf.ones<tf.Rank.R2>([n, 4]));
  const [batch, queue] = [rows(6), rows(36)];
  const forth = queueNce(batch, batch, queue, 0.2);
  expect(forth.loss.dataSync()[0]).toBeCloseTo(Math.log(37), 5);
  for (const { watch } of [forth, infoNce(batch, batch, 0.1)])
    expect(meanWatch(watch, watch).of_chance.dataSync()[0]).toBeCloseTo(1, 5);
});
