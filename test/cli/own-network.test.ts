import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/base/files/safetensors.js';
import { colours } from '../support/colours.js';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const network = `import { conv2d, globalMean, kaimingKernel, relu } from 'ssp/library';
import { firstNorm, norm } from '../parts/norm.mjs';

/** One convolution, batch norm and the mean over positions. */
export function make({ width, stride }) {
  return {
    features: width,
    init(rng) {
      const { weight, bias, mean, variance } = firstNorm(width);
      return {
        trained: { 'conv.weight': kaimingKernel(rng.split('conv'), 3, 3, width), 'norm.weight': weight, 'norm.bias': bias },
        stats: { 'norm.running_mean': mean, 'norm.running_var': variance },
      };
    },
    apply({ trained, stats }, x, training) {
      const y = conv2d(x, trained['conv.weight'], { stride, constantInput: true });
      const normal = norm(y, trained, stats, training);
      return { features: globalMean(relu(normal.y)), stats: normal.stats };
    },
  };
}
`;
const files = {
  'nets/my-net.mjs': network,
  'parts/norm.mjs': `import { readFileSync } from 'node:fs';
import { batchNorm, batchNormFrozen, tf } from 'ssp/library';

const { first } = JSON.parse(readFileSync(new URL('./first.json', import.meta.url)));
export const firstNorm = (c) => ({ weight: tf.fill([c], first), bias: tf.zeros([c]), mean: tf.zeros([c]), variance: tf.ones([c]) });
export function norm(x, trained, stats, training) {
  const affine = { weight: trained['norm.weight'], bias: trained['norm.bias'] };
  const running = { mean: stats['norm.running_mean'], variance: stats['norm.running_var'] };
  if (training === undefined) return { y: batchNormFrozen(x, affine, running), stats: {} };
  const { y, running: next } = batchNorm(x, affine, running);
  return { y, stats: { 'norm.running_mean': next.mean, 'norm.running_var': next.variance } };
}
`,
  'parts/first.json': '{ "first": 1 }',
  'colours.mjs': colours,
  'study.ssp': `import std.pairs.augmented_pairs
import std.probe.{knn_probe, linear_probe, retrieval}
import std.ssl.simclr
import std.train.{pretrain, pretrained, random_init, supervised}
import std.views.crop_only

/// One convolution, as a module beside this file.
extern value my_net(width: Int(1..) = 6, stride: Int(1..2) = 1) -> Backbone from "./nets/my-net.mjs"
extern stage colours() -> Images from "./colours.mjs"

transform views = crop_only(size: 8px)
dataset data = colours()
dataset pairs = augmented_pairs(data)
train fresh = random_init(my_net())
train encoder = pretrain(pairs, views, simclr(), my_net(), epochs: 1, batch: 4)
train further = pretrain(pairs, views, simclr(), my_net(), init: encoder, epochs: 1, batch: 4)
train taught = supervised(
  data,
  views,
  my_net(),
  init: encoder,
  label: "class",
  epochs: 1,
  batch: 4,
)
evaluate first = knn_probe(fresh, data, k: 3)
evaluate knn = knn_probe(encoder, data, k: 3)
evaluate linear = linear_probe(taught, data, penalties: [0.01])
evaluate last = knn_probe(further, data, k: 3)
evaluate found = retrieval(taught, data)
report table_1 = table({ first: first.top1, knn: knn.top1, linear: linear.top1, last: last.top1, found: found.top1 })
`,
};

function addTo(folder: string, changes: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function study(): string {
  const folder = temporaryFolder();
  addTo(folder, files);
  return folder;
}

const topsOf = (out: string): Record<string, unknown> => {
  const { stages } = JSON.parse(out) as { stages: { id: string; metrics?: { top1?: number } }[] };
  return Object.fromEntries(stages.flatMap(({ id, metrics }) => (metrics ? [[id, metrics]] : [])));
};

const readers = `import std.probe.{knn_probe, linear_probe}
import std.train.pretrained

extern value same(width: Int = 6, stride: Int = 1) -> Backbone from "./nets/my-net.mjs"
extern stage colours() -> Images from "./colours.mjs"
/// An encoder of somebody else's, as it was exported.
extern stage theirs(folder: Folder) -> Encoder
  command "cp -r {folder}/. {out}"

dataset data = colours()
train encoder = theirs("theirs")
train again = pretrained(file("theirs/encoder.safetensors"), backbone: same())
evaluate knn = knn_probe(encoder, data, k: 3)
evaluate last = knn_probe(again, data, k: 3)
`;

it('trains a network of the user, and reads its encoders wherever they are', async () => {
  const folder = study();
  const ran = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(ran.code, ran.err).toBe(0);
  expect(ran.err).toContain('15 ran');
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(again.err).toContain('0 ran, 15 hit');
  const { knn } = topsOf(ran.out);
  expect(knn).toHaveProperty('top1');

  const exporting = ['export-encoder', 'study.ssp', 'encoder', '-o', 'theirs'];
  const exported = await ssp(folder, exporting);
  expect(exported.err).toBe(
    'note: `my_net` is a network of your own: the tensors have its names, and `network/nets/my-net.mjs` beside them makes it\n',
  );
  const about = JSON.parse(readFileSync(join(folder, 'theirs/encoder.json'), 'utf8'));
  expectShape('encoder', about);
  expect(about).toMatchObject({
    ...{ network: 'my_net', module: 'network/nets/my-net.mjs', names: 'own', features: 6 },
    arguments: { width: 6, stride: 1 },
  });
  const { tensors } = readSafetensors(join(folder, 'theirs/encoder.safetensors'));
  expect(tensors['conv.weight']?.shape).toEqual([6, 3, 3, 3]);
  for (const name of ['nets/my-net.mjs', 'parts/norm.mjs', 'parts/first.json'] as const) {
    expect(readFileSync(join(folder, 'theirs/network', name), 'utf8')).toBe(files[name]);
  }

  // Somebody else has the exported folder alone.
  writeFileSync(join(folder, 'readers.ssp'), readers);
  const read = await ssp(folder, ['run', 'readers.ssp', '--json']);
  expect(read.code, read.err).toBe(0);
  expect(topsOf(read.out)).toMatchObject({ knn, last: knn });

  // Other code is another network to train, and of one to go on with it is said.
  const other = network.replace('/** One', '/** A mended');
  writeFileSync(join(folder, 'nets/my-net.mjs'), other);
  const text = files['study.ssp'].replace(
    'train encoder =',
    `extern stage theirs(folder: Folder) -> Encoder command "cp -r {folder}/. {out}"
train before = theirs("theirs")
train on = pretrain(pairs, views, simclr(), my_net(), init: before, epochs: 1, batch: 4)
train encoder =`,
  );
  writeFileSync(join(folder, 'study.ssp'), text);
  const on = await ssp(folder, ['run', 'study.ssp', '--only', 'on']);
  expect(on.err).toContain(
    'the encoder of `init` was made with other code of its network than `backbone`: `network/nets/my-net.mjs` differs',
  );
  expect(on.code, on.err).toBe(0);
  const wider = text.replace('simclr(), my_net(), init: b', 'simclr(), my_net(7), init: b');
  writeFileSync(join(folder, 'study.ssp'), wider);
  const refused = await ssp(folder, ['run', 'study.ssp', '--only', 'on']);
  expect(refused.err).toContain(
    'the encoder of `init` is my_net(width: 6, stride: 1), and `backbone` is my_net(width: 7, stride: 1)',
  );
}, 240_000);

const failure = (err: string): string => /^failed .*(?:\n {2}.*)*/m.exec(err)?.[0] ?? err;

it('says before a training what is wrong with a network of the user', async () => {
  const folder = study();
  const said = async (changes: Readonly<Record<string, string>>, only = 'encoder') => {
    addTo(folder, { ...files, ...changes });
    const { err } = await ssp(folder, ['run', 'study.ssp', '--only', only]);
    return failure(err);
  };
  const net = (a: string, b: string) => ({ 'nets/my-net.mjs': network.replace(a, b) });
  expect(await said(net('export function make', 'function make'), 'fresh')).toMatch(
    /my-net\.mjs exports no function `make`/,
  );
  expect(await said(net('features: width,', 'features: 0.5,'), 'fresh')).toContain(
    'the network `my_net` is none: its `make` returned no length of the features as `features`',
  );
  expect(await said(net('features: width,', 'features: width + 1,'))).toContain(
    'the network `my_net` makes features of shape (2, 6) from 2 images of 8 px, not (2, 7)',
  );
  expect(await said(net('features: width,', 'features: width, alone: true,'))).toContain(
    'the network `my_net` says that it takes each image `alone`, and keeps statistics of batches, `norm.running_mean`',
  );
  expect(await said(net('stats: normal.stats', 'stats: { ...normal.stats, extra: y }'))).toContain(
    'the network `my_net` gives new statistics `extra`, which `init` does not have',
  );
  expect(
    await said(net('return {\n    features', 'undefined.size;\n  return {\n    features')),
  ).toMatch(/Cannot read properties of undefined[\s\S]*my-net\.mjs:6/);
  const install = {
    'node_modules/sums/package.json': '{ "name": "sums", "type": "module", "main": "sums.js" }',
    'node_modules/sums/sums.js': 'export const one = 1;\n',
  };
  const packed = net(
    'export function',
    "import { one } from 'sums';\nexport const used = one;\nexport function",
  );
  expect(await said({ ...install, ...packed }, 'fresh')).toMatch(
    /cannot be carried by its encoder, which has a network that cannot be made: nets\/my-net\.mjs cannot be loaded: Cannot find package 'sums'[\s\S]*may import `ssp\/library`/,
  );
  const hidden = net("from '../parts/norm.mjs'", "from '../parts/again.mjs'");
  const again = {
    'parts/again.mjs':
      "const name = './norm.mjs';\nexport const { firstNorm, norm } = await import(name);\n",
  };
  expect(await said({ ...hidden, ...again }, 'fresh')).toMatch(/cannot be carried[\s\S]*norm\.mjs/);
}, 240_000);

it('holds an encoder that carries its network against it where it is made', async () => {
  const folder = study();
  const made = await ssp(folder, ['run', 'study.ssp', '--only', 'fresh']);
  expect(made.code, made.err).toBe(0);
  const out = await ssp(folder, ['export-encoder', 'study.ssp', 'fresh', '-o', 'theirs']);
  expect(out.code, out.err).toBe(0);
  writeFileSync(join(folder, 'readers.ssp'), readers);
  const path = join(folder, 'theirs/encoder.json');
  const kept = readFileSync(path, 'utf8');
  const said = async (change: object, only = 'encoder') => {
    writeFileSync(path, JSON.stringify({ ...JSON.parse(kept), ...change }));
    return failure((await ssp(folder, ['run', 'readers.ssp', '--only', only])).err);
  };
  expect(await said({ arguments: { width: 7, stride: 1 } })).toMatch(
    /`encoder\.(json|safetensors)` (says 6 features, but its network makes 7|has conv)/,
  );
  expect(await said({ module: 'network/../my-net.mjs' })).toContain(
    '`encoder.json` has something else than a file in `network/` as `module`',
  );
  expect(await said({ module: 'network/gone.mjs' })).toContain(
    'names the module `network/gone.mjs` of its network, which is not there',
  );
  writeFileSync(join(folder, 'theirs/network/nets/my-net.mjs'), 'export const net = 1;\n');
  expect(await said({})).toContain('exports no function `make`');
  rmSync(join(folder, 'theirs/network'), { recursive: true });
  expect(await said({})).toContain('which is not there');
  writeFileSync(join(folder, 'readers.ssp'), readers.replace(', backbone: same()', ''));
  expect(await said({}, 'again')).toMatch(
    /encoder\.safetensors is my_net\(width: 6, stride: 1\), a network that is not of the library, and its module is not in the file/,
  );
}, 240_000);
