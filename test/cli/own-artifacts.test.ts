import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('tells a fault of own images where they are made, not where they are read', async () => {
  const folder = temporaryFolder();
  const attributes = { class: 'cat' };
  const about = (label: unknown) => ({
    ...{ format: 'ssp-images', version: 1, values: { class: ['cat'] }, sources: [] },
    items: [
      { name: 'IMG_1.jpg', split: 'train', attributes },
      { name: 'IMG_1.jpg', split: 'test', attributes: { class: label } },
    ],
  });
  writeFileSync(
    join(folder, 'own.mjs'),
    `import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2, 3), }".padEnd(117) + '\\n';
const npy = Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), Buffer.alloc(24)]);
export function run({ params, out }) {
  writeFileSync(out + '/images.npy', npy);
  writeFileSync(out + '/items.json', params.about);
}
`,
  );
  writeFileSync(
    join(folder, 'study.ssp'),
    `import std.pairs.augmented_pairs

extern stage own(about: String) -> Images from "./own.mjs"

axis about = {
  twice: ${JSON.stringify(JSON.stringify(about('cat')))},
  number: ${JSON.stringify(JSON.stringify(about(1)))},
}
dataset data = own(about)
dataset pairs = augmented_pairs(data)
`,
  );
  const { out } = await ssp(folder, ['run', 'study.ssp', '--keep-going', '--json']);
  const { stages } = JSON.parse(out) as {
    stages: readonly { id: string; outcome: string; failure?: { message: string } }[];
  };
  expect(stages.map(({ id, outcome, failure }) => [id, outcome, failure?.message])).toEqual([
    ['data[about=twice]', 'failed', expect.stringContaining('two images the name "IMG_1.jpg"')],
    ['data[about=number]', 'failed', expect.stringContaining('the `class` 1, which is no text')],
    ['pairs[about=twice]', 'skipped', expect.anything()],
    ['pairs[about=number]', 'skipped', expect.anything()],
  ]);
}, 30_000);

it('tells an attribute that own images do not have before what is trained for it', async () => {
  const folder = temporaryFolder();
  const item = { name: 'a', split: 'test', attributes: { kind: 'cat' } };
  const about = { format: 'ssp-images', version: 1, values: { kind: ['cat'] }, sources: [] };
  writeFileSync(
    join(folder, 'own.mjs'),
    `import { writeFileSync } from 'node:fs';
const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2, 3), }".padEnd(117) + '\\n';
export function run({ out }) {
  writeFileSync(out + '/images.npy', Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), Buffer.alloc(12)]));
  writeFileSync(out + '/items.json', ${JSON.stringify(JSON.stringify({ ...about, items: [item] }))});
}
`,
  );
  writeFileSync(
    join(folder, 'study.ssp'),
    `extern stage own() -> Images from "./own.mjs"
extern stage fit(on: Images) -> Files command "sh -c 'exit 3' {on} {out}"
extern stage score(fitted: Files, on: Images, label: Attribute[on], split: Split[on]? = "validation")
  -> Metrics{top1: Fraction}
  command "sh -c 'exit 3' {fitted} {on} {label} {split} {out}"
dataset data = own()
train fitted = fit(data)
evaluate kind = score(fitted, data, label: "kind")
evaluate class = score(fitted, data, label: "class")
`,
  );
  const said =
    'the images of `data` have no attribute `class` (`label`, study.ssp:9)\n      help: they have `kind`';
  for (const outcome of ['1 ran, 0 hit', '0 ran, 1 hit']) {
    const { code, err } = await ssp(folder, ['run', 'study.ssp']);
    expect(code).toBe(1);
    expect(err).toContain(said);
    expect(err).toContain(`${outcome}, 1 failed, 2 skipped`);
    expect(err).not.toContain('start fitted');
  }
}, 30_000);

it('holds an encoder against its network where it is made, if TensorFlow is set up', async () => {
  const folder = temporaryFolder();
  const fixture = '../fixtures/parity/interchange.safetensors';
  copyFileSync(new URL(fixture, import.meta.url), join(folder, 'encoder.safetensors'));
  const about = {
    ...{ version: 1, network: 'resnet18', names: 'torchvision', features: 16 },
    arguments: { width: 2, stem: 'small-half', zero_init_residual: false },
    input: { size: null, normalise: { mean: [0, 0, 0], std: [1, 1, 1] } },
  };
  writeFileSync(join(folder, 'encoder.json'), JSON.stringify(about));
  writeFileSync(
    join(folder, 'study.ssp'),
    `extern stage fit(network: Path, weights: Path) -> Encoder
  command "sh -c 'cp \\"$0\\" \\"$1\\" \\"$2\\"' {network} {weights} {out}"
train e = fit(file("encoder.json"), file("encoder.safetensors"))
`,
  );
  const run = (store: string, env = {}) =>
    ssp(folder, ['run', 'study.ssp', '--store', store], { env });
  const ran = await run('with');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('`encoder.safetensors` has a tensor fc.');
  const without = await run('without', { SSP_CACHE: '/dev/null/none' });
  expect(without.code, without.err).toBe(0);
}, 30_000);

it('gives encoders that were stored in the old form in the one that is documented', async () => {
  const folder = temporaryFolder();
  const fixture = '../fixtures/parity/interchange.safetensors';
  copyFileSync(new URL(fixture, import.meta.url), join(folder, 'encoder.safetensors'));
  const args = { width: 2, stem: 'small-half', zero_init_residual: false };
  const input = { size: null, normalise: { mean: [0, 0, 0], std: [1, 1, 1] } };
  const backbone = { describe: 'std.backbone.resnet18', version: 1, args };
  const old = { format: 'ssp-encoder/1', backbone, features: 16, input, images: 8, steps: 2 };
  writeFileSync(join(folder, 'encoder.json'), JSON.stringify(old));
  writeFileSync(
    join(folder, 'look.mjs'),
    `import { copyFileSync } from 'node:fs';
export const run = ({ params, out }) => copyFileSync(params.of.file('encoder.json'), out + '/module.json');
`,
  );
  writeFileSync(
    join(folder, 'study.ssp'),
    `extern stage fit(network: Path, weights: Path) -> Encoder
  command "sh -c 'cp \\"$0\\" \\"$1\\" \\"$2\\"' {network} {weights} {out}"
extern stage by_module(of: Encoder) -> Files from "./look.mjs"
extern stage by_command(of: Encoder, and: Files) -> Files
  command "sh -c 'cp \\"$0/encoder.json\\" \\"$1/module.json\\" kept && touch \\"$2/seen\\"' {of} {and} {out}"
train e = fit(file("encoder.json"), file("encoder.safetensors"))
dataset module = by_module(e)
dataset command = by_command(e, module)
`,
  );
  const env = { SSP_CACHE: '/dev/null/none' };
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  const { code, err } = await ssp(folder, ['run', 'study.ssp'], { env });
  expect(code, err).toBe(0);
  const wanted = { version: 1, network: 'resnet18', arguments: args, names: 'torchvision' };
  for (const name of ['encoder.json', 'module.json']) {
    const got = JSON.parse(readFileSync(join(kept, name), 'utf8'));
    expect(got).toEqual({ ...wanted, features: 16, input, images: 8, steps: 2 });
  }
  expect((await ssp(folder, ['run', 'study.ssp'], { env })).err).toContain('0 ran, 3 hit');
}, 30_000);
