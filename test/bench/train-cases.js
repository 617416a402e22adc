// The steps that train-step.mjs times: a network, the sizes of its views and a method, with the arguments
// that std.ssl fills in. `memory` is how many pairs there are, for methods that keep something of each.
const resnet = (name, width, stem) => ({
  name,
  args: { width, stem, zero_init_residual: false },
});
const two = (pixels) => ({ pixels, views: [pixels, pixels] });
const networks = {
  'ResNet-18 32 px': { backbone: resnet('resnet18', 64, 'small'), ...two(32), pairs: 32 },
  'ResNet-50 64 px': { backbone: resnet('resnet50', 64, 'imagenet'), ...two(64), pairs: 32 },
  'ResNet-50 224 px': { backbone: resnet('resnet50', 64, 'imagenet'), ...two(224), pairs: 8 },
  'ViT-S/8 64 px': {
    backbone: { name: 'vit_s', args: { patch: 8, image: 64, drop_path: 0 } },
    ...two(64),
    pairs: 16,
  },
  'ViT-Ti/8 64 px and 6 of 32 px': {
    backbone: { name: 'vit_ti', args: { patch: 8, image: 64, drop_path: 0 } },
    pixels: 64,
    views: [64, 64, 32, 32, 32, 32, 32, 32],
    pairs: 16,
  },
  // The network, batch and head of pipelines/quickstart.ssp.
  'quickstart 32 px': {
    backbone: resnet('resnet18', 16, 'small-half'),
    ...two(32),
    pairs: 128,
  },
};

/** Heads of the sizes that solo-learn has for small images. */
const methods = {
  simclr: { temperature: 0.2, hidden: 512, dim: 128, head: 'paper', sum: false },
  vicreg: { invariance: 25, variance: 25, covariance: 1, hidden: 2048, dim: 2048 },
  byol: { tau: 0.99, schedule: 'constant', target: 'copy', hidden: 2048, dim: 256 },
  simsiam: { layers: 3, dim: 2048, predictor: 512, constant_predictor: true },
  barlow_twins: { redundancy: 0.0051, scale: 0.1, hidden: 2048, dim: 2048 },
  moco_v2: {
    ...{ temperature: 0.2, queue: 4096, momentum: 0.99, schedule: 'constant', symmetric: false },
    ...{ split_bn: 4, head: 'mlp', hidden: null, dim: 128 },
  },
  moco_v3: {
    ...{ temperature: 0.2, preset: '100', momentum: 0.99, schedule: 'constant' },
    ...{ hidden: 2048, dim: 256, projector: 2, predictor_norm: false, frozen_patches: false },
  },
  nnclr: {
    ...{ temperature: 0.1, queue: 16384, hidden: 2048, dim: 256, predictor: 4096 },
    candidates: 'predictions',
  },
  supcon: { label: 'class', temperature: 0.1, base_temperature: 0.07, hidden: null, dim: 128 },
  dino: {
    ...{ prototypes: 4096, student_temperature: 0.1, teacher_temperature: 0.04 },
    ...{ warmup_temperature: 0.04, warmup_epochs: 0, momentum: 0.996, schedule: 'constant' },
    ...{ centre_momentum: 0.9, frozen_epochs: 0, norm_last_layer: true, layers: 3, norm: false },
    ...{ hidden: 2048, dim: 256, teacher_head: 'copy' },
  },
  swav: {
    ...{ prototypes: 3000, temperature: 0.1, epsilon: 0.05, sinkhorn_iterations: 3 },
    ...{ frozen_steps: 0, queue: 0, queue_epoch: 0, hidden: 2048, dim: 128, bias: false },
  },
  deepcluster_v2: {
    ...{ prototypes: [3000, 3000, 3000], temperature: 0.1, iterations: 10 },
    ...{ hidden: 2048, dim: 128 },
  },
  pirl: {
    ...{ negatives: 32000, temperature: 0.07, momentum: 0.5, lambda: 0.5, dim: 128 },
    ...{ start: 'random', statistics: 'both' },
  },
};

/** One case: `with` replaces arguments of the method. */
export const trainCase = (network, method, given = {}) => ({
  ...networks[network],
  memory: 50_000,
  method: { name: method, args: { ...methods[method], ...given } },
});

const many = (network, names) =>
  names.map((method) => [`${network}, ${method}`, trainCase(network, method)]);
const simclrAlone = Object.keys(networks).filter((name) => /ResNet|ViT-S/.test(name));

/** All cases by name. */
export const trainCases = Object.fromEntries([
  ...simclrAlone.flatMap((network) => many(network, ['simclr'])),
  ...many(
    'ResNet-18 32 px',
    Object.keys(methods).filter((name) => name !== 'simclr'),
  ),
  ...many('ViT-Ti/8 64 px and 6 of 32 px', ['dino']),
  ['quickstart 32 px, simclr', trainCase('quickstart 32 px', 'simclr', { hidden: 128, dim: 64 })],
]);
