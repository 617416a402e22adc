// A study that trains with every method, network, precision and optimiser that stdlib/ declares, and
// evaluates with every probe: as small as can be, for the ops that it needs.
import { readFileSync } from 'node:fs';
import { detection } from './detection.js';

const text = (module) =>
  readFileSync(new URL(`../../stdlib/${module}.ssp`, import.meta.url), 'utf8');
const declared = (module, result) =>
  [...text(module).matchAll(/^extern (?:value|stage) (\w+)\(([\s\S]*?)\) -> (\w+)/gm)].flatMap(
    ([, name, , type]) => (type === result ? [name] : []),
  );

/** Of a declaration the switches, each as it is not by default: what is `true`, or another of some words. */
function switches(module, name) {
  const [, parameters = ''] =
    new RegExp(`^extern \\w+ ${name}\\(([\\s\\S]*?)\\) -> `, 'm').exec(text(module)) ?? [];
  return [...parameters.matchAll(/^ {2}(\w+): (.+) = (\S+),$/gm)].flatMap(
    ([, parameter, type, standard]) => {
      if (type === 'Bool') return [`${parameter}: ${standard === 'false'}`];
      const words = type.split(' | ').filter((word) => word.startsWith('"') && word !== standard);
      return words.length > 0 && parameter !== 'precision' ? [`${parameter}: ${words.at(-1)}`] : [];
    },
  );
}

/** What these take that their defaults do not give, or what keeps them small. */
const args = {
  vit_ti: 'patch: 8, image: 32px',
  vit_s: 'patch: 8, image: 32px',
  vit_b: 'patch: 8, image: 32px',
  pixels: 'size: 16px',
  simclr: 'hidden: 32, dim: 16',
  vicreg: 'hidden: 32, dim: 32',
  byol: 'hidden: 32, dim: 16',
  simsiam: 'dim: 32, predictor: 16',
  barlow_twins: 'hidden: 32, dim: 32',
  moco_v2: 'queue: 96, dim: 16',
  moco_v3: 'hidden: 32, dim: 16',
  nnclr: 'queue: 96, hidden: 32, dim: 16, predictor: 32',
  supcon: 'dim: 16',
  dino: 'prototypes: 32, hidden: 32, dim: 16, warmup_epochs: 2, teacher_temperature: 7%',
  swav: 'prototypes: 32, frozen_steps: 1, queue: 48, queue_epoch: 0, hidden: 32, dim: 16',
  deepcluster_v2: 'prototypes: [8, 8], hidden: 32, dim: 16',
  pirl: 'negatives: 64, dim: 16',
  clip: 'sgd(lr: 0.01), norm: 1.0',
  dino_views: 'local_size: 16px',
  swav_views: 'local_size: 16px',
  pirl_views: 'patches_size: 32px',
  ...Object.fromEntries(
    ['linear_moco_v2', 'linear_simclr', 'linear_dino', 'linear_vicreg', 'linear_evaluation'].map(
      (name) => [name, ['epochs: 1', 'batch: 8']],
    ),
  ),
  fine_tune: ['share: 100%', 'epochs: 1', 'batch: 8'],
  low_label: ['share: 50%', 'draws: 2'],
  embedding_map: ['neighbours: 3'],
  aligned_map: ['reference: raw', 'neighbours: 3'],
  cka: ['other: raw'],
  alignment_uniformity: ['views: simclr_views(size: 32px)'],
  lidar: ['images: 8', 'views: simclr_views(size: 32px)'],
};
const viewsOf = {
  dino: 'dino_views(size: 32px, local_size: 16px)',
  swav: 'swav_views(size: 32px, local_size: 16px)',
  pirl: 'own_patches(pirl_views(size: 32px, patches_size: 32px))',
  deepcluster_v2: 'swav_views(size: 32px, local_size: 16px)',
};
const call = (name, more = []) =>
  `${name}(${[...(args[name] ? [args[name]] : []), ...more].join(', ')})`;
const resnet = 'width: 8';
const network = (name) => (args[name] ? call(name) : `${name}(${resnet})`);
const viewsFor = (name) => viewsOf[name] ?? 'simclr_views(size: 32px)';

export const methods = declared('ssl', 'Method');
export const backbones = declared('backbone', 'Backbone').filter((name) => name !== 'pixels');
const ofViews = ['multi_crop', 'own_patches'];
export const views = declared('views', 'Views').filter((name) => !ofViews.includes(name));
export const optimizers = declared('optim', 'Optimizer');
export const evaluations = declared('probe', 'Metrics');
export const stems = ['imagenet', 'small', 'small-half'];
const changes = declared('invariance', 'Change');

const imports = [
  `import std.pairs.{augmented_pairs, automatic_pairs}`,
  `import std.invariance.{changed, invariance, ${changes[0]}}`,
  `import std.views.{${[...views, 'own_patches', 'perturbed'].join(', ')}}`,
  `import std.ssl.{${methods.join(', ')}}`,
  `import std.backbone.{${[...backbones, 'pixels'].join(', ')}}`,
  `import std.optim.{${optimizers.join(', ')}}`,
  `import std.train.{pretrain, supervised, random_init}`,
  `import std.probe.{${evaluations.join(', ')}}`,
  'extern stage tiny() -> Images from "./tiny.mjs"',
  'dataset images = tiny()',
  'dataset pairs = augmented_pairs(images)',
];

/** The text of a study that trains by every method, or by some, alone: a step an epoch. */
export function training({ epochs, methods: some = methods }) {
  const lines = [
    ...imports,
    ...some.map(
      (name) =>
        `train by_${name} = pretrain(pairs, ${viewsFor(name)}, ${call(name)}, resnet18(${resnet}), epochs: ${epochs}, batch: 24)`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The text of the study. */
export function study() {
  const few = ['resnet18', 'resnet50', 'vit_ti'];
  const lines = [
    ...imports,
    'axis precision = ["fp32", "bf16"]',
    `axis net = {${few.map((name) => `${name}: ${network(name)}`).join(', ')}}`,
    `axis every = {${backbones.map((name) => `${name}: ${network(name)}`).join(', ')}}`,
    `axis seen = {${views.map((name) => `${name}: ${name}(${['size: 32px', ...(args[name] ? [args[name]] : [])].join(', ')})`).join(', ')}}`,
    `axis stem = [${stems.map((stem) => `"${stem}"`).join(', ')}]`,
    `axis optim = {${optimizers.map((name) => `${name}: ${call(name)}`).join(', ')}}`,
    ...methods.map(
      (name) =>
        `train by_${name} = pretrain(pairs, ${viewsFor(name)}, ${call(name)}, net, epochs: 1, batch: 24, precision)`,
    ),
    ...methods.flatMap((name) => {
      const other = switches('ssl', name);
      // Patches are a vision transformer's.
      const of = other.some((option) => option.includes('patches')) ? 'vit_ti' : 'resnet18';
      const method = call(name, other);
      if (other.length === 0) return [];
      return `train other_${name} = pretrain(pairs, ${viewsFor(name)}, ${method}, ${network(of)}, epochs: 1, batch: 24, precision)`;
    }),
    'train of_network = pretrain(pairs, simclr_views(size: 32px), simclr(hidden: 32, dim: 16), every, epochs: 1, batch: 24, precision)',
    `train of_stem = pretrain(pairs, simclr_views(size: 32px), simclr(hidden: 32, dim: 16), resnet18(${resnet}, stem, zero_init_residual: true), epochs: 1, batch: 24, precision)`,
    'train by_views = pretrain(pairs, seen, byol(), resnet18(width: 8), epochs: 1, batch: 24)',
    'train dropping = pretrain(pairs, simclr_views(size: 32px), byol(), vit_ti(patch: 8, image: 32px, drop_path: 10%), epochs: 1, batch: 24, precision)',
    'train by_optimiser = pretrain(pairs, simclr_views(size: 32px), simclr(hidden: 32, dim: 16), resnet18(width: 8), epochs: 1, batch: 24, optimizer: optim)',
    'train with_labels = supervised(images, views: simclr_views(size: 32px), backbone: every, epochs: 1, batch: 24, precision)',
    'train untrained = random_init(net)',
    'train raw = random_init(pixels(size: 16px))',
    'dataset seen_once = perturbed(images, simclr_views(size: 32px))',
    'evaluate knn_seen = knn_probe(raw, seen_once)',
    `dataset other = changed(images, ${changes[0]}(), strength: 3)`,
    'evaluate held = invariance(untrained, images, other, after: untrained, k: 3)',
    'dataset alike = automatic_pairs(images, untrained)',
    ...detection,
    ...evaluations.flatMap((name) => {
      const own = args[name] ?? [];
      const evaluation = (of, more = []) =>
        `${name}(${[of, 'on: images', ...own, ...more].join(', ')})`;
      const other = switches('probe', name);
      const bf16 = name === 'fine_tune' ? ['precision'] : [];
      return [
        `evaluate ${name}_of = ${evaluation('untrained', bf16)}`,
        `evaluate ${name}_of_raw = ${evaluation('raw')}`,
        ...(other.length > 0 ? [`evaluate ${name}_other = ${evaluation('raw', other)}`] : []),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}
