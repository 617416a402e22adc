// A study that trains with every method, network, precision and optimiser that stdlib/ declares, and
// evaluates with every probe: as small as can be, for the ops that it needs.
import { readFileSync } from 'node:fs';

const text = (module) =>
  readFileSync(new URL(`../../stdlib/${module}.ssp`, import.meta.url), 'utf8');
const declared = (module, result) =>
  [...text(module).matchAll(/^extern (?:value|stage) (\w+)\(([\s\S]*?)\) -> (\w+)/gm)].flatMap(
    ([, name, , type]) => (type === result ? [name] : []),
  );

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
  cka: ['other: raw'],
  alignment_uniformity: ['views: simclr_views(size: 32px)'],
  lidar: ['images: 8', 'views: simclr_views(size: 32px)'],
};
const viewsOf = {
  dino: 'dino_views(size: 32px, local_size: 16px)',
  swav: 'swav_views(size: 32px, local_size: 16px)',
  pirl: 'pirl_views(size: 32px, patches_size: 32px)',
  deepcluster_v2: 'swav_views(size: 32px, local_size: 16px)',
};
const call = (name) => `${name}(${args[name] ?? ''})`;
const kinds = { resnet: 'width: 8', vit: '' };
const network = (name) => (args[name] ? call(name) : `${name}(${kinds.resnet})`);

export const methods = declared('ssl', 'Method');
export const backbones = declared('backbone', 'Backbone').filter((name) => name !== 'pixels');
export const views = declared('views', 'Views').filter((name) => name !== 'multi_crop');
export const optimizers = declared('optim', 'Optimizer');
export const evaluations = declared('probe', 'Metrics');

const imports = [
  `import std.pairs.augmented_pairs`,
  `import std.views.{${[...views, 'perturbed'].join(', ')}}`,
  `import std.ssl.{${methods.join(', ')}}`,
  `import std.backbone.{${[...backbones, 'pixels'].join(', ')}}`,
  `import std.optim.{${optimizers.join(', ')}}`,
  `import std.train.{pretrain, supervised, random_init}`,
  `import std.probe.{${evaluations.join(', ')}}`,
  'extern stage tiny() -> Images from "./tiny.mjs"',
  'dataset images = tiny()',
  'dataset pairs = augmented_pairs(images)',
];

/** The text of a study that trains by every method alone, a step an epoch. */
export function training({ epochs }) {
  const lines = [
    ...imports,
    ...methods.map(
      (name) =>
        `train by_${name} = pretrain(pairs, ${viewsOf[name] ?? 'simclr_views(size: 32px)'}, ${call(name)}, resnet18(width: 8), epochs: ${epochs}, batch: 24)`,
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
    `axis optim = {${optimizers.map((name) => `${name}: ${call(name)}`).join(', ')}}`,
    ...methods.map(
      (name) =>
        `train by_${name} = pretrain(pairs, ${viewsOf[name] ?? 'simclr_views(size: 32px)'}, ${call(name)}, net, epochs: 1, batch: 24, precision)`,
    ),
    'train of_network = pretrain(pairs, simclr_views(size: 32px), simclr(hidden: 32, dim: 16), every, epochs: 1, batch: 24, precision)',
    'train by_views = pretrain(pairs, seen, byol(), resnet18(width: 8), epochs: 1, batch: 24)',
    'train dropping = pretrain(pairs, simclr_views(size: 32px), byol(), vit_ti(patch: 8, image: 32px, drop_path: 10%), epochs: 1, batch: 24, precision)',
    'train by_optimiser = pretrain(pairs, simclr_views(size: 32px), simclr(hidden: 32, dim: 16), resnet18(width: 8), epochs: 1, batch: 24, optimizer: optim)',
    'train with_labels = supervised(images, views: simclr_views(size: 32px), backbone: every, epochs: 1, batch: 24, precision)',
    'train untrained = random_init(net)',
    'train raw = random_init(pixels(size: 16px))',
    'dataset changed = perturbed(images, simclr_views(size: 32px))',
    'evaluate knn_changed = knn_probe(raw, changed)',
    ...evaluations.flatMap((name) => {
      const evaluation = (of) => `${name}(${[of, 'on: images', ...(args[name] ?? [])].join(', ')})`;
      return [
        `evaluate ${name}_of = ${evaluation('untrained')}`,
        `evaluate ${name}_of_raw = ${evaluation('raw')}`,
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}
