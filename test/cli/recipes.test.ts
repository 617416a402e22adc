import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryDefs, loadLibrary } from '../../src/language/library.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What each recipe comes to: rate, decay, and what else the preset changes, in the order of `method optimizer schedule`. */
const expected: Readonly<Record<string, string>> = {
  'simclr_recipe(4096)': 'temperature 0.1 head official sum true lr 4.8 decay 0.0001 warmup 10',
  'simclr_recipe(512, preset: "cifar10")': 'temperature 0.5 lr 2 decay 0.0001 warmup 10',
  'vicreg_recipe(512)': 'lr 0.6 decay 0.000001 warmup 10 final 0.001',
  'vicreg_recipe(2048, preset: "1000")': 'lr 1.6 decay 0.000001 final 0.001',
  'vicreg_recipe(128, preset: "small_batch")': 'lr 0.4 final 0.01',
  'vicreg_recipe(256, preset: "small_batch")': 'lr 0.5',
  'vicreg_recipe(512, preset: "small_batch")': 'lr 0.8',
  'byol_recipe(4096, preset: "40")': 'tau 0.97 lr 7.2 decay 0.000001',
  'byol_recipe(4096)': 'tau 0.99 lr 7.2 decay 0.000001',
  'byol_recipe(4096, preset: "300")': 'tau 0.99 lr 4.8 decay 0.000001',
  'byol_recipe(4096, preset: "1000")': 'tau 0.996 lr 3.2 decay 0.0000015 warmup 10 final 0',
  'simsiam_recipe(512)': 'layers 3 lr 0.1 decay 0.0001 every epoch',
  'simsiam_recipe(512, preset: "cifar10")': 'layers 2 lr 0.06 decay 0.0005',
  'barlow_twins_recipe(2048)': 'lr 1.6 vector_lr 0.0384 decay 0.000001 final 0.001',
  'moco_v2_recipe(256)': 'queue 65536 momentum 0.999 head mlp lr 0.03 decay 0.0001 every epoch',
  'moco_v2_recipe(512, preset: "cifar10")':
    'queue 4096 momentum 0.99 head linear lr 0.06 decay 0.0005',
  'moco_v3_recipe(4096)': 'momentum 0.99 projector 2 lr 9.6 decay 0.000001 warmup 10',
  'moco_v3_recipe(4096, preset: "300")': 'momentum 0.99 lr 4.8 decay 0.000001',
  'moco_v3_recipe(4096, preset: "1000")': 'momentum 0.996 lr 4.8 decay 0.0000015',
  'moco_v3_recipe(4096, preset: "vit")':
    'temperature 0.2 projector 3 lr 0.0024 decay 0.1 warmup 40',
  'nnclr_recipe(4096)': 'lr 4.8 decay 0.000001',
  'supcon_recipe(1024)': 'lr 0.5 decay 0.0001 warmup 10 start 0.02 final 0.001',
  'supcon_recipe(256)': 'lr 0.125 decay 0.0001 warmup 0 final 0.001',
  'dino_recipe(512)':
    'teacher_temperature 0.04 lr 0.001 decay 0.04 final_decay 0.4 final 0.001 norm 3',
  'dino_recipe(512, preset: "vit_300")':
    'teacher_temperature 0.07 warmup_epochs 30 norm_last_layer false',
  'dino_recipe(512, preset: "resnet50")': 'lr 0.06 decay 0.0001 exclude true',
  'swav_recipe(4096)': 'queue 0 frozen_steps 313 lr 4.8 warmup 10 start 0.0625 final 0.001',
  'swav_recipe(256, preset: "256")': 'queue 3840 frozen_steps 5005 lr 0.6 warmup 0 final 0.001',
  'deepcluster_v2_recipe(4096)': 'lr 4.8 exclude false warmup 10',
  'pirl_recipe(1024)': 'lr 0.12 decay 0.0001 exclude true final 0.001 every epoch',
};

/** All arguments of a description and of those inside it, by their names. */
function argumentsOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { args = {} } = value as { args?: Record<string, unknown> };
  return Object.entries(args).flatMap(([name, of]) =>
    typeof of === 'object' && of !== null ? argumentsOf(of) : [[name, of] as const],
  );
}

it('plans each recipe with the numbers of its authors, which stand in the plan', async () => {
  const cwd = temporaryFolder();
  const calls = Object.keys(expected);
  const names = libraryDefs().filter(({ name }) => name.startsWith('std.recipes.'));
  writeFileSync(
    join(cwd, 'study.ssp'),
    `import std.recipes.{${names.map(({ name }) => name.slice('std.recipes.'.length)).join(', ')}}
import std.data.emoji
import std.pairs.augmented_pairs
import std.views.dino_views
import std.backbone.resnet18
import std.train.pretrain

axis recipe = {${calls.map((call, at) => `r${at}: ${call}`).join(', ')}}
dataset pairs = augmented_pairs(emoji())
train encoder = pretrain(
  pairs,
  dino_views(size: 32px, local_size: 16px),
  recipe.method,
  resnet18(),
  optimizer: recipe.optimizer,
  schedule: recipe.schedule,
)
`,
  );
  const { code, out, err } = await ssp(cwd, ['plan', 'study.ssp', '--json']);
  expect(err).toBe('');
  expect(code).toBe(0);
  const { stages } = JSON.parse(out);
  calls.forEach((call, at) => {
    const { params } = stages.find(({ id }: { id: string }) => id === `encoder[recipe=r${at}]`);
    const given = [params.method, params.optimizer, params.schedule].flatMap(argumentsOf);
    const words = expected[call]?.split(' ') ?? [];
    for (let i = 0; i < words.length; i += 2) {
      const [name, value = ''] = words.slice(i);
      const found = given.filter(([own]) => own === name).map(([, of]) => of);
      const number = Number(value);
      const wanted = Number.isNaN(number) ? value : number;
      const agrees = found.some((of) =>
        typeof of === 'number' && typeof wanted === 'number'
          ? Math.abs(of - wanted) <= 1e-12
          : `${of}` === `${wanted}`,
      );
      expect(agrees, `${call}: ${name} is ${found.join(' and ')}, not ${value}`).toBe(true);
    }
  });
});

it('has a recipe for each method, and shows its text', async () => {
  const methods = loadLibrary().filter(({ name }) => name.startsWith('std.ssl.'));
  const names = libraryDefs().map(({ name }) => name);
  for (const { name } of methods)
    expect(names).toContain(`std.recipes.${name.slice('std.ssl.'.length)}_recipe`);
  const { out } = await ssp(temporaryFolder(), ['docs', 'byol_recipe']);
  expect(out).toContain('a def, written in the language');
  expect(out).toContain('"300": 0.3');
});
